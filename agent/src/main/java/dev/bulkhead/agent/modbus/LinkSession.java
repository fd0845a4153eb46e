package dev.bulkhead.agent.modbus;

import dev.bulkhead.agent.modbus.Pdu.Frame;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 *            Connect             Connected             quiet          Send
 *   Down ───────────► Connecting ─────────► Settling ───────► Idle ◄──────────► Waiting
 *    ▲ back-off           │ failed,          │ closed,         │  │      answer  │ late, wrong, closed
 *    └────────────────────┴ too late ────────┴ never quiet     ┴ unasked bytes ──┘
 *                         ▲                                       │ nothing is due
 *                         └── something is due ─── Resting ◄──────┘ (closeAfterPoll)
 * </pre>
 *
 * One request is in flight at a time. Its answer must be whole by its deadline and right in every
 * byte; anything else ends the connection, and since transactions go on counting over connections,
 * an answer that comes later answers nothing. A write goes out at most once: whatever happens to it
 * afterwards, it is reported, never repeated.
 *
 * <p>The frames of serial lines carry no transaction. There, what comes before the first request of
 * a connection is thrown away until the line is quiet; a unit that owes an answer is asked nothing
 * until that answer would be too late twice over; and an answer that is byte for byte the one
 * before, to another request, is asked for once more.
 *
 * <p>What a device proved, it proved on one connection. That holds for a link that is closed after
 * each poll too: who answers at an address may be another one the next time, and the question costs
 * one request.
 */
public final class LinkSession {
    private sealed interface Link {
        record Down(Instant retryAt) implements Link {}

        record Connecting(Instant deadline) implements Link {}

        /** Closed by us until something is due. */
        record Resting() implements Link {}

        /** Connected, and quiet from then on if nothing comes. */
        record Settling(Instant quietAt, Instant deadline) implements Link {}

        record Idle(Instant readyAt) implements Link {
            private boolean isReady(Instant now) {
                return !now.isBefore(readyAt);
            }
        }

        record Waiting(Flight flight, Bytes received) implements Link {}

        /** Its answer could be the one before, once more: it will be asked again. */
        record Doubting(Flight flight, Instant askAt) implements Link {}
    }

    /** The request in flight. */
    private record Flight(
            Purpose purpose, Exchange exchange, Bytes request, Instant sentAt, Instant deadline) {}

    /** A poll's answer that was right, and what it says is not yet told. */
    private record Untold(Purpose.Poll poll, Image image, Instant requestedAt, Instant now) {}

    /** An answer that was right, and what it answered. */
    private record Answered(Bytes request, Bytes answer, Instant at) {}

    private sealed interface Purpose {
        record Poll(Unit unit, Unit.Slot slot) implements Purpose {}

        record Asked(long ticket) implements Purpose {}
    }

    private record Ask(long ticket, Exchange exchange) {}

    /** What a line repeats, it repeats at once. */
    private static final Duration JUST_NOW = Duration.ofMillis(100);

    // Acts come one by one; a queue this long means that something submits in a loop.
    private static final int MOST_WAITING = 64;

    private final GatewayId gateway;
    private final Framing framing;
    private final boolean isClosedAfterPoll;
    private final LinkTimings timings;
    private final List<Unit> units;
    private final Deque<Ask> asks = new ArrayDeque<>();
    private final List<LinkEffect> effects = new ArrayList<>();
    private Link link;
    private boolean hasHeard;
    private boolean isAway = true;
    private boolean isFinishing;
    private int failures;
    private Instant connectedAt = Instant.EPOCH;
    // Connections in a row, up to now, that proved who is there at most.
    private int fruitless;
    private Optional<Instant> lostAt = Optional.empty();
    private Optional<Answered> last = Optional.empty();
    private Optional<Untold> untold = Optional.empty();
    private int transaction;
    private long overruns;

    private LinkSession(Gateway gateway, List<Unit> units, LinkTimings timings, Instant start) {
        this.gateway = gateway.id();
        this.framing = Framing.of(gateway.link());
        this.isClosedAfterPoll = gateway.courtesy().closeAfterPoll();
        this.units = units;
        this.timings = timings;
        this.link = new Link.Down(start);
    }

    /**
     * The session of one gateway of a site.
     *
     * @param gateway as it is reached, which may be elsewhere than the site says
     * @throws IllegalArgumentException if a device's profile is missing or can't be read as it
     *     stands; a parsed site's can
     */
    public static LinkSession of(
            Site site,
            Gateway gateway,
            Map<ProfileId, Profile> profiles,
            SignalTable signals,
            LinkTimings timings,
            Instant start) {
        List<Device> devices =
                site.devices().values().stream()
                        .filter(device -> device.gateway().equals(gateway.id()))
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
        boolean areSpread = !gateway.courtesy().closeAfterPoll();
        return new LinkSession(
                gateway,
                Unit.onLink(devices, maps, signals, timings, areSpread, start),
                timings,
                start);
    }

    /** All that follows from an event, what an answer says first; {@code now} never goes back. */
    public List<LinkEffect> on(LinkEvent event, Instant now) {
        List<LinkEffect> others = begin(event, now);
        List<LinkEffect> told = end();
        return told.isEmpty() ? others : Stream.of(told, others).flatMap(List::stream).toList();
    }

    /**
     * What follows at once from an event, which leaves out what an answer says if the next request
     * doesn't hang on it: that request need not wait until the answer is read. {@link #end} comes
     * next, before any other event.
     */
    List<LinkEffect> begin(LinkEvent event, Instant now) {
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
        if (isFinished()) {
            forget();
        }
        units.forEach(unit -> unit.takeUnproved().forEach(this::sampled));
        return takeEffects();
    }

    /** What is left of an event that has begun. */
    List<LinkEffect> end() {
        tellUntold();
        return takeEffects();
    }

    private void tellUntold() {
        Optional<Untold> answer = untold;
        untold = Optional.empty();
        answer.ifPresent(this::tell);
    }

    private List<LinkEffect> takeEffects() {
        List<LinkEffect> taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }

    /** When it wants a {@code Tick} at the latest; empty: it waits for nothing but events. */
    public Optional<Instant> wakeAt() {
        if (isFinished()) {
            return Optional.empty();
        }
        Instant earliest =
                switch (link) {
                    case Link.Down(Instant retryAt) -> retryAt;
                    case Link.Connecting(Instant deadline) -> deadline;
                    case Link.Resting _ -> wanted();
                    case Link.Settling(Instant quietAt, Instant deadline) ->
                            earlier(quietAt, deadline);
                    case Link.Idle(Instant readyAt) when isClosedAfterPoll || !asks.isEmpty() ->
                            readyAt;
                    case Link.Idle(Instant readyAt) -> {
                        Instant wanted = wanted();
                        yield wanted.isAfter(readyAt) ? wanted : readyAt;
                    }
                    case Link.Waiting(Flight flight, Bytes _) -> flight.deadline();
                    case Link.Doubting(Flight flight, Instant _) when isFinishing ->
                            flight.deadline();
                    case Link.Doubting(Flight flight, Instant askAt) ->
                            earlier(askAt, flight.deadline());
                };
        for (Unit unit : units) {
            earliest = earlier(earliest, unit.silentAt());
        }
        return earliest.equals(Instant.MAX) ? Optional.empty() : Optional.of(earliest);
    }

    /** When the first unit wants to be asked; MAX: none does. */
    private Instant wanted() {
        Instant wanted = Instant.MAX;
        for (Unit unit : units) {
            wanted = earlier(wanted, unit.wanted());
        }
        return wanted;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Polls skipped because the one before was still waiting for its turn. */
    public long overruns() {
        return overruns;
    }

    private void expire(Instant now) {
        switch (link) {
            case Link.Connecting(Instant deadline) when !now.isBefore(deadline) -> {
                effects.add(new LinkEffect.Disconnect());
                noLink(
                        "no connection within %s s".formatted(seconds(timings.connectTimeout())),
                        now);
            }
            case Link.Settling(Instant quietAt, Instant _) when !now.isBefore(quietAt) ->
                    link = new Link.Idle(now);
            case Link.Settling(Instant _, Instant deadline) when !now.isBefore(deadline) -> {
                effects.add(new LinkEffect.Disconnect());
                noLink("something talks on the line all the time", now);
            }
            case Link.Waiting(Flight flight, Bytes _) when !now.isBefore(flight.deadline()) ->
                    late(flight, now);
            case Link.Doubting(Flight flight, Instant _) when !now.isBefore(flight.deadline()) ->
                    late(flight, now);
            case Link.Down _,
                    Link.Resting _,
                    Link.Connecting _,
                    Link.Settling _,
                    Link.Idle _,
                    Link.Waiting _,
                    Link.Doubting _ -> {}
        }
    }

    private void late(Flight flight, Instant now) {
        hangUp(flight, "no answer within %s s".formatted(seconds(timings.requestTimeout())), now);
    }

    private void connected(Instant now) {
        if (link instanceof Link.Connecting) {
            link =
                    new Link.Settling(
                            now.plus(timings.pauseAfterConnect()),
                            now.plus(timings.connectTimeout()));
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
        switch (link) {
            case Link.Down _, Link.Resting _, Link.Connecting _ -> {}
            case Link.Settling _, Link.Idle _ -> gone(reason, now);
            case Link.Waiting(Flight flight, Bytes _) -> closed(flight, reason, now);
            case Link.Doubting(Flight flight, Instant _) -> closed(flight, reason, now);
        }
    }

    private void closed(Flight flight, String reason, Instant now) {
        unanswered(flight, "connection closed: " + reason, now);
        gone(reason, now);
    }

    private void received(Bytes bytes, Instant now) {
        switch (link) {
            // Of a connection that was given up.
            case Link.Down _, Link.Resting _, Link.Connecting _ -> {}
            // Perhaps the end of an answer that is not awaited any more.
            case Link.Settling(Instant _, Instant deadline) when !framing.isNumbered() ->
                    link = new Link.Settling(now.plus(timings.pauseAfterConnect()), deadline);
            case Link.Settling _, Link.Idle _ -> {
                effects.add(new LinkEffect.Disconnect());
                gone(unasked(bytes), now);
            }
            case Link.Waiting(Flight flight, Bytes before) -> received(flight, before, bytes, now);
            case Link.Doubting(Flight flight, Instant _) -> hangUp(flight, unasked(bytes), now);
        }
    }

    private static String unasked(Bytes bytes) {
        return "bytes nobody asked for: " + bytes;
    }

    private void received(Flight flight, Bytes before, Bytes bytes, Instant now) {
        Bytes all = before.plus(bytes);
        switch (framing.answer(all, flight.request(), flight.exchange())) {
            case Frame.Partial _ -> link = new Link.Waiting(flight, all);
            case Frame.Broken(String reason) -> hangUp(flight, reason, now);
            case Frame.Values _ when couldBeTheOneBefore(flight, all, now) -> {
                last = Optional.empty();
                link = new Link.Doubting(flight, now.plus(timings.pauseBetweenRequests()));
            }
            case Frame.Values(Image image) -> {
                last = Optional.of(new Answered(flight.request(), all, now));
                heard(flight, now);
                values(flight, image, now);
            }
            case Frame.Echo _ -> {
                heard(flight, now);
                answer(flight, new Answer.Written(flight.sentAt(), now));
            }
            case Frame.Exceptional(int code) -> {
                heard(flight, now);
                exceptional(flight, code, now);
            }
        }
    }

    /**
     * Whether an answer without a number is the last one again: to another request, or to the same
     * one so soon after it that it may not be of now. Two blocks that hold the same look so too:
     * the second answer is believed.
     */
    private boolean couldBeTheOneBefore(Flight flight, Bytes answer, Instant now) {
        return !framing.isNumbered()
                && last.filter(before -> before.answer().equals(answer))
                        .filter(
                                before ->
                                        !before.request().equals(flight.request())
                                                || now.isBefore(before.at().plus(JUST_NOW)))
                        .isPresent();
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    /** Something on this link answers as it should. */
    private void heard(Flight flight, Instant now) {
        link = new Link.Idle(now.plus(timings.pauseBetweenRequests()));
        hasHeard = true;
        isAway = false;
        failures = 0;
        if (!(flight.purpose() instanceof Purpose.Poll(var _, Unit.Slot slot))
                || slot.isRepeated()) {
            fruitless = 0;
        }
        lostAt.ifPresent(
                since -> effects.add(new LinkNews.LinkBack(gateway, Duration.between(since, now))));
        lostAt = Optional.empty();
    }

    private void values(Flight flight, Image image, Instant now) {
        switch (flight.purpose()) {
            case Purpose.Poll poll -> {
                heard(poll.unit(), poll.slot(), now);
                var answer = new Untold(poll, image, flight.sentAt(), now);
                if (asks.isEmpty() && !isFinishing && poll.unit().tellsReadingsOnly(poll.slot())) {
                    untold = Optional.of(answer);
                } else {
                    tell(answer);
                }
            }
            case Purpose.Asked _ -> answer(flight, new Answer.Values(flight.sentAt(), now, image));
        }
    }

    private void tell(Untold answer) {
        Unit unit = answer.poll().unit();
        unit.answered(answer.poll().slot(), answer.image(), answer.requestedAt(), answer.now())
                .forEach(this::sampled);
        effects.addAll(unit.takeNews());
    }

    private void exceptional(Flight flight, int code, Instant now) {
        String reason = Pdu.inWords(code);
        switch (flight.purpose()) {
            case Purpose.Poll(Unit unit, Unit.Slot slot) -> {
                if (isNoAnswer(code)) {
                    unit.failed(slot, reason, now);
                    notSent(ask -> ask.exchange().unit() == unit.device().unit(), reason, now);
                } else {
                    heard(unit, slot, now);
                    unit.refused(slot, isOfAddress(code), reason, flight.sentAt(), now)
                            .forEach(this::sampled);
                    effects.addAll(unit.takeNews());
                }
            }
            case Purpose.Asked _ ->
                    answer(
                            flight,
                            flight.exchange() instanceof Exchange.Write && !isNothingDone(code)
                                    ? new Answer.Lost(now, reason)
                                    : new Answer.Refused(now, code, reason));
        }
    }

    /** Codes that may mean a part of what was asked for, where 4 and 8 mean the device. */
    static boolean isOfAddress(int code) {
        return code == 1 || code == 2 || code == 3;
    }

    /** 5 and 6 are "not yet", 10 and 11 are the gateway's: the unit itself has told us nothing. */
    static boolean isNoAnswer(int code) {
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
        if (!framing.isNumbered()) {
            Instant lastChance = now.plus(timings.requestTimeout());
            named(flight.exchange()).forEach(unit -> unit.owesAnAnswerUntil(lastChance));
        }
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

    /**
     * The connection is over. One that never answered anything was none: the link waits. So it does
     * after one that was over at once, or a peer that hangs up after each answer would be connected
     * to, and asked for its proofs, as fast as it answers.
     */
    private void gone(String reason, Instant now) {
        if (hasHeard) {
            disconnected(reason, now);
            fruitless++;
            Instant again =
                    connectedAt.plus(
                            timings.backoff(timings.backoffFirst(), fruitless, gateway.value()));
            link = new Link.Down(again.isAfter(now) ? again : now);
        } else {
            noLink(reason, now);
        }
    }

    private void noLink(String reason, Instant now) {
        disconnected(reason, now);
        failures++;
        isAway = true;
        link =
                new Link.Down(
                        now.plus(
                                timings.backoff(
                                        timings.backoffFirst(), failures, gateway.value())));
        units.forEach(unit -> unit.noLink("no link: " + reason));
        if (lostAt.isEmpty()) {
            lostAt = Optional.of(now);
            effects.add(new LinkNews.LinkLost(gateway, reason));
        }
    }

    private void disconnected(String reason, Instant now) {
        forget();
        notSent(_ -> true, "disconnected: " + reason, now);
    }

    /** What was heard on one connection proves nothing on the next, but all that came on it. */
    private void forget() {
        tellUntold();
        units.forEach(Unit::forget);
        last = Optional.empty();
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
        } else if (!isUsable()) {
            notSent(ticket, "no link", now);
        } else if (asks.size() >= MOST_WAITING) {
            notSent(ticket, MOST_WAITING + " exchanges are waiting already", now);
        } else {
            asks.add(new Ask(ticket, exchange));
        }
    }

    /** Whether a request can be sent, or as soon as a link that rests is connected again. */
    private boolean isUsable() {
        return switch (link) {
            case Link.Down _ -> false;
            case Link.Connecting _ -> isClosedAfterPoll && !isAway;
            case Link.Resting _, Link.Settling _, Link.Idle _, Link.Waiting _, Link.Doubting _ ->
                    true;
        };
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
        return isFinishing && !(link instanceof Link.Waiting || link instanceof Link.Doubting);
    }

    private void proceed(Instant now) {
        if (isFinishing) {
            return;
        }
        if (link instanceof Link.Down(Instant retryAt) && !now.isBefore(retryAt)) {
            connect(now);
        }
        if (link instanceof Link.Resting && (!asks.isEmpty() || next(now).isPresent())) {
            connect(now);
        }
        if (link instanceof Link.Settling(Instant quietAt, Instant _) && !now.isBefore(quietAt)) {
            link = new Link.Idle(now);
        }
        if (link instanceof Link.Doubting(Flight flight, Instant askAt) && !now.isBefore(askAt)) {
            send(flight);
        }
        while (link instanceof Link.Idle idle && idle.isReady(now) && !asks.isEmpty()) {
            ask(asks.element(), now);
        }
        if (link instanceof Link.Idle idle && idle.isReady(now)) {
            next(now)
                    .ifPresentOrElse(
                            unit -> unit.next(now).ifPresent(slot -> poll(unit, slot, now)),
                            this::rest);
        }
    }

    private void connect(Instant now) {
        effects.add(new LinkEffect.Connect());
        connectedAt = now;
        link = new Link.Connecting(now.plus(timings.connectTimeout()));
    }

    /** The unit that has waited longest for its turn. */
    private Optional<Unit> next(Instant now) {
        return units.stream().filter(unit -> !unit.wanted().isAfter(now)).min(Unit.byTurn(now));
    }

    /** Nothing is due: lets others in where only one is let in. */
    private void rest() {
        if (isClosedAfterPoll) {
            effects.add(new LinkEffect.Disconnect());
            forget();
            link = new Link.Resting();
        }
    }

    private List<Unit> named(Exchange exchange) {
        return units.stream().filter(unit -> unit.device().unit() == exchange.unit()).toList();
    }

    /** Sends the exchange that waits longest, or what must be read before it, or says why not. */
    private void ask(Ask ask, Instant now) {
        List<Unit> named = named(ask.exchange());
        boolean isOwed = named.stream().anyMatch(unit -> unit.owesAnAnswer(now));
        Optional<Unit> unread = named.stream().filter(unit -> unit.first().isPresent()).findFirst();
        if (unread.isPresent() && !isOwed) {
            unread.get().first().ifPresent(slot -> poll(unread.get(), slot, now));
            return;
        }
        asks.remove();
        Optional<String> objection =
                isOwed
                        ? Optional.of("the unit may still answer an earlier request")
                        : objection(ask.exchange(), named, now);
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
        Bytes request = framing.request(transaction, exchange);
        Instant deadline = now.plus(timings.requestTimeout());
        send(new Flight(purpose, exchange, request, now, deadline));
    }

    private void send(Flight flight) {
        link = new Link.Waiting(flight, Bytes.NONE);
        effects.add(new LinkEffect.Send(flight.request()));
    }
}
