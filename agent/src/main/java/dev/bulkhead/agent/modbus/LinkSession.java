package dev.bulkhead.agent.modbus;

import dev.bulkhead.agent.modbus.Frames.Frame;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One gateway and all units behind it: what is asked when, and what an answer is worth. No I/O, no
 * clock; one thread at a time.
 *
 * <pre>
 *            Connect             Connected            Send
 *   Down ───────────► Connecting ─────────► Idle ◄──────────► Waiting
 *    ▲ back-off           │ failed,          │ closed,   answer  │ late, wrong, closed
 *    └────────────────────┴ too late         ┴ unasked bytes ────┘
 * </pre>
 *
 * One request is in flight at a time. Its answer must be whole by its deadline and right in every
 * byte; anything else ends the connection, and since transactions go on counting over connections,
 * an answer that comes later answers nothing. A write goes out at most once: whatever happens to it
 * afterwards, it is reported, never repeated.
 */
public final class LinkSession {
    private sealed interface Link {
        record Down(Instant retryAt) implements Link {}

        record Connecting(Instant deadline) implements Link {}

        record Idle() implements Link {}

        record Waiting(Flight flight, Bytes received) implements Link {}
    }

    /** The request in flight. */
    private record Flight(
            Purpose purpose, Exchange exchange, Bytes request, Instant sentAt, Instant deadline) {}

    private sealed interface Purpose {
        record Poll(Unit unit, Unit.Slot slot) implements Purpose {}

        record Asked(long ticket) implements Purpose {}
    }

    private record Ask(long ticket, Exchange exchange) {}

    // Acts come one by one; a queue this long means that something submits in a loop.
    private static final int MOST_WAITING = 64;

    private final GatewayId gateway;
    private final LinkTimings timings;
    private final List<Unit> units;
    private final Deque<Ask> asks = new ArrayDeque<>();
    private final List<LinkEffect> effects = new ArrayList<>();
    private Link link;
    private boolean hasHeard;
    private boolean isAway = true;
    private boolean isFinishing;
    private int failures;
    private Optional<Instant> lostAt = Optional.empty();
    private int transaction;
    private long overruns;

    private LinkSession(GatewayId gateway, List<Unit> units, LinkTimings timings, Instant start) {
        this.gateway = gateway;
        this.units = units;
        this.timings = timings;
        this.link = new Link.Down(start);
    }

    /**
     * The session of one gateway of a site.
     *
     * @throws IllegalArgumentException if a device's profile is missing or can't be read as it
     *     stands; a parsed site's can
     */
    public static LinkSession of(
            Site site,
            GatewayId gateway,
            Map<ProfileId, Profile> profiles,
            SignalTable signals,
            LinkTimings timings,
            Instant start) {
        List<Device> devices =
                site.devices().values().stream()
                        .filter(device -> device.gateway().equals(gateway))
                        .toList();
        List<Profile> maps =
                devices.stream()
                        .map(
                                device ->
                                        Optional.ofNullable(profiles.get(device.profile()))
                                                .orElseThrow(
                                                        () ->
                                                                new IllegalArgumentException(
                                                                        "no profile "
                                                                                + device
                                                                                        .profile())))
                        .toList();
        return new LinkSession(
                gateway, Unit.onLink(devices, maps, signals, timings, start), timings, start);
    }

    /** What follows from an event; {@code now} never goes back. */
    public List<LinkEffect> on(LinkEvent event, Instant now) {
        expire(now);
        switch (event) {
            case LinkEvent.Connected _ -> connected(now);
            case LinkEvent.ConnectFailed(String reason) -> connectFailed(reason, now);
            case LinkEvent.Received(Bytes bytes) -> received(bytes, now);
            case LinkEvent.Closed(String reason) -> closed(reason, now);
            case LinkEvent.Submit(long ticket, Exchange exchange) -> submit(ticket, exchange, now);
            case LinkEvent.Finish _ -> finish(now);
            case LinkEvent.Tick _ -> {}
        }
        silence(now);
        proceed(now);
        List<LinkEffect> result = List.copyOf(effects);
        effects.clear();
        return result;
    }

    /** When it wants a {@code Tick} at the latest; empty: it waits for nothing but events. */
    public Optional<Instant> wakeAt() {
        if (isFinished()) {
            return Optional.empty();
        }
        Stream<Instant> own =
                switch (link) {
                    case Link.Down(Instant retryAt) -> Stream.of(retryAt);
                    case Link.Connecting(Instant deadline) -> Stream.of(deadline);
                    case Link.Idle _ -> units.stream().map(Unit::wanted);
                    case Link.Waiting(Flight flight, Bytes _) -> Stream.of(flight.deadline());
                };
        Stream<Instant> silences = units.stream().map(Unit::silentAt).flatMap(Optional::stream);
        return Stream.concat(own, silences)
                .filter(Predicate.not(Instant.MAX::equals))
                .min(Comparator.naturalOrder());
    }

    /** Polls skipped because the one before was still waiting for its turn. */
    public long overruns() {
        return overruns;
    }

    private void expire(Instant now) {
        if (link instanceof Link.Connecting(Instant deadline) && !now.isBefore(deadline)) {
            effects.add(new LinkEffect.Disconnect());
            noLink("no connection within " + timings.connectTimeout(), now);
        } else if (link instanceof Link.Waiting(Flight flight, Bytes _)
                && !now.isBefore(flight.deadline())) {
            hangUp(flight, "no answer within " + timings.requestTimeout(), now);
        }
    }

    private void connected(Instant now) {
        if (link instanceof Link.Connecting) {
            link = new Link.Idle();
            hasHeard = false;
            if (isAway) {
                units.forEach(unit -> unit.excuse(now));
            }
        }
    }

    private void connectFailed(String reason, Instant now) {
        if (link instanceof Link.Connecting) {
            noLink(reason, now);
        }
    }

    private void closed(String reason, Instant now) {
        if (link instanceof Link.Waiting(Flight flight, Bytes _)) {
            unanswered(flight, "connection closed: " + reason, now);
            gone(reason, now);
        } else if (link instanceof Link.Idle) {
            gone(reason, now);
        }
    }

    private void received(Bytes bytes, Instant now) {
        switch (link) {
            // Of a connection that was given up.
            case Link.Down _, Link.Connecting _ -> {}
            case Link.Idle _ -> {
                effects.add(new LinkEffect.Disconnect());
                gone("bytes nobody asked for: " + bytes, now);
            }
            case Link.Waiting(Flight flight, Bytes before) -> received(flight, before, bytes, now);
        }
    }

    private void received(Flight flight, Bytes before, Bytes bytes, Instant now) {
        Bytes all = before.plus(bytes);
        switch (Frames.answer(all, flight.request(), flight.exchange())) {
            case Frame.Partial _ -> link = new Link.Waiting(flight, all);
            case Frame.Broken(String reason) -> hangUp(flight, reason, now);
            case Frame.Values(Image image) -> {
                heard(now);
                values(flight, image, now);
            }
            case Frame.Echo _ -> {
                heard(now);
                answer(flight, new Answer.Written(flight.sentAt(), now));
            }
            case Frame.Exceptional(int code) -> {
                heard(now);
                exceptional(flight, code, now);
            }
        }
    }

    /** Something on this link answers as it should. */
    private void heard(Instant now) {
        link = new Link.Idle();
        hasHeard = true;
        isAway = false;
        failures = 0;
        lostAt.ifPresent(
                since -> effects.add(new LinkNews.LinkBack(gateway, Duration.between(since, now))));
        lostAt = Optional.empty();
    }

    private void values(Flight flight, Image image, Instant now) {
        switch (flight.purpose()) {
            case Purpose.Poll(Unit unit, Unit.Slot slot) -> {
                heard(unit, slot, now);
                sampled(unit.answered(slot, image, flight.sentAt(), now));
            }
            case Purpose.Asked _ -> answer(flight, new Answer.Values(flight.sentAt(), now, image));
        }
    }

    private void exceptional(Flight flight, int code, Instant now) {
        String reason = Frames.inWords(code);
        switch (flight.purpose()) {
            case Purpose.Poll(Unit unit, Unit.Slot slot) -> {
                if (isNoAnswer(code)) {
                    unit.failed(slot, reason, now);
                    notSent(ask -> ask.exchange().unit() == unit.device().unit(), reason, now);
                } else {
                    heard(unit, slot, now);
                    sampled(unit.refused(slot, reason, flight.sentAt(), now));
                }
            }
            case Purpose.Asked _ ->
                    answer(
                            flight,
                            flight.exchange() instanceof Exchange.WriteCoil && !isNothingDone(code)
                                    ? new Answer.Lost(now, reason)
                                    : new Answer.Refused(now, code, reason));
        }
    }

    /** 5 and 6 are "not yet", 10 and 11 are the gateway's: the unit itself has told us nothing. */
    private static boolean isNoAnswer(int code) {
        return code == 5 || code == 6 || code == 10 || code == 11;
    }

    /**
     * Codes that are given before anything is done. 4 says it failed while doing it, 5 that it is
     * at it, 11 that the gateway passed it on; of unknown codes nothing is known.
     */
    private static boolean isNothingDone(int code) {
        return code == 1 || code == 2 || code == 3 || code == 6 || code == 10;
    }

    private void heard(Unit unit, Unit.Slot slot, Instant now) {
        unit.heard(slot, now)
                .ifPresent(
                        outage -> effects.add(new LinkNews.DeviceBack(unit.device().id(), outage)));
    }

    private void unanswered(Flight flight, String reason, Instant now) {
        switch (flight.purpose()) {
            case Purpose.Poll(Unit unit, Unit.Slot slot) -> unit.failed(slot, reason, now);
            case Purpose.Asked _ -> answer(flight, new Answer.Lost(now, reason));
        }
    }

    private void answer(Flight flight, Answer answer) {
        if (flight.purpose() instanceof Purpose.Asked(long ticket)) {
            effects.add(new LinkEffect.Answered(ticket, answer));
        }
    }

    private void sampled(Sample sample) {
        effects.add(new LinkEffect.Sampled(sample));
    }

    /**
     * The unit asked didn't answer as it should. The connection can't be trusted any more, but the
     * link may be good: it is made anew at once, and the unit waits, not its neighbours.
     */
    private void hangUp(Flight flight, String reason, Instant now) {
        unanswered(flight, reason, now);
        effects.add(new LinkEffect.Disconnect());
        disconnected(reason, now);
        link = new Link.Down(now);
    }

    /** The connection is over. One that never answered anything was none: the link waits. */
    private void gone(String reason, Instant now) {
        if (hasHeard) {
            disconnected(reason, now);
            link = new Link.Down(now);
        } else {
            noLink(reason, now);
        }
    }

    private void noLink(String reason, Instant now) {
        disconnected(reason, now);
        failures++;
        isAway = true;
        link = new Link.Down(now.plus(timings.backoff(timings.backoffFirst(), failures)));
        units.forEach(unit -> unit.noLink("no link: " + reason));
        if (lostAt.isEmpty()) {
            lostAt = Optional.of(now);
            effects.add(new LinkNews.LinkLost(gateway, reason));
        }
    }

    private void disconnected(String reason, Instant now) {
        units.forEach(Unit::forget);
        notSent(_ -> true, "disconnected: " + reason, now);
    }

    private void notSent(Predicate<Ask> which, String reason, Instant now) {
        for (Ask ask : List.copyOf(asks)) {
            if (which.test(ask)) {
                asks.remove(ask);
                notSent(ask.ticket(), reason, now);
            }
        }
    }

    private void notSent(long ticket, String reason, Instant now) {
        effects.add(new LinkEffect.Answered(ticket, new Answer.NotSent(now, reason)));
    }

    private void submit(long ticket, Exchange exchange, Instant now) {
        if (isFinishing) {
            notSent(ticket, "the link is shut down", now);
        } else if (link instanceof Link.Down || link instanceof Link.Connecting) {
            notSent(ticket, "no link", now);
        } else if (asks.size() >= MOST_WAITING) {
            notSent(ticket, MOST_WAITING + " exchanges are waiting already", now);
        } else {
            asks.add(new Ask(ticket, exchange));
        }
    }

    private void silence(Instant now) {
        var readings = new ArrayList<Observation>();
        for (Unit unit : units) {
            readings.addAll(unit.silence(now));
            if (unit.isNewlyLost()) {
                readings.addAll(unit.lose(now));
                effects.add(new LinkNews.DeviceLost(unit.device().id(), unit.reason()));
            }
        }
        if (!readings.isEmpty()) {
            effects.add(new LinkEffect.Silenced(readings));
        }
    }

    private void finish(Instant now) {
        isFinishing = true;
        notSent(_ -> true, "the link is shut down", now);
    }

    /** Whether nothing is under way and nothing will be. */
    public boolean isFinished() {
        return isFinishing && !(link instanceof Link.Waiting);
    }

    private void proceed(Instant now) {
        if (isFinishing) {
            return;
        }
        if (link instanceof Link.Down(Instant retryAt) && !now.isBefore(retryAt)) {
            effects.add(new LinkEffect.Connect());
            link = new Link.Connecting(now.plus(timings.connectTimeout()));
        }
        while (link instanceof Link.Idle && !asks.isEmpty()) {
            ask(asks.element(), now);
        }
        if (link instanceof Link.Idle) {
            units.stream()
                    .filter(unit -> !unit.wanted().isAfter(now))
                    .min(Comparator.comparing(Unit::wanted))
                    .ifPresent(
                            unit ->
                                    unit.first()
                                            .or(unit::earliest)
                                            .ifPresent(slot -> poll(unit, slot, now)));
        }
    }

    /** Sends the exchange that waits longest, or what must be read before it, or says why not. */
    private void ask(Ask ask, Instant now) {
        List<Unit> named =
                units.stream()
                        .filter(unit -> unit.device().unit() == ask.exchange().unit())
                        .toList();
        Optional<Unit> unread = named.stream().filter(unit -> unit.first().isPresent()).findFirst();
        if (unread.isPresent()) {
            unread.get().first().ifPresent(slot -> poll(unread.get(), slot, now));
            return;
        }
        asks.remove();
        Optional<String> objection = objection(ask.exchange(), named, now);
        if (objection.isPresent()) {
            notSent(ask.ticket(), objection.get(), now);
        } else {
            send(new Purpose.Asked(ask.ticket()), ask.exchange(), now);
        }
    }

    private static Optional<String> objection(Exchange exchange, List<Unit> named, Instant now) {
        if (named.isEmpty()) {
            return Optional.of("the link has no unit " + exchange.unit());
        }
        Optional<String> stranger =
                named.stream().map(Unit::problem).flatMap(Optional::stream).findFirst();
        if (stranger.isPresent() || !(exchange instanceof Exchange.WriteCoil write)) {
            return stranger;
        }
        if (named.stream().noneMatch(unit -> unit.hasCoil(write.address(), write.breaker()))) {
            return Optional.of("coil " + write.address() + " is not " + write.breaker() + "'s");
        }
        return write.leave().covers(write.breaker(), now)
                ? Optional.empty()
                : Optional.of("no leave to write to " + write.breaker() + " now");
    }

    private void poll(Unit unit, Unit.Slot slot, Instant now) {
        overruns += unit.takeTurn(slot, now);
        send(new Purpose.Poll(unit, slot), slot.read(), now);
    }

    private void send(Purpose purpose, Exchange exchange, Instant now) {
        transaction = transaction + 1 & 0xFFFF;
        Bytes request = Frames.request(transaction, exchange);
        Instant deadline = now.plus(timings.requestTimeout());
        link = new Link.Waiting(new Flight(purpose, exchange, request, now, deadline), Bytes.NONE);
        effects.add(new LinkEffect.Send(request));
    }
}
