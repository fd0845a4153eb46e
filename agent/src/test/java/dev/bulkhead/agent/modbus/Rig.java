package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/** A session, a peer and a wire between them, in virtual time. */
final class Rig {
    /** What the other side does with a request. */
    interface Peer {
        void asked(Bytes request, Rig rig);
    }

    record Sent(Instant at, Bytes bytes) {
        int unit() {
            return bytes.at(6);
        }

        int function() {
            return bytes.at(7);
        }
    }

    record Heard(Instant at, Observation observation) {}

    private record Due(Instant at, long number, long connection, LinkEvent event) {}

    static final Duration QUICK = Duration.ofMillis(5);

    final LinkSession session;
    final BenchUnits units = new BenchUnits();
    final List<Sent> sent = new ArrayList<>();
    final List<Heard> heard = new ArrayList<>();
    final List<Sample> samples = new ArrayList<>();
    final Map<Long, Answer> answers = new HashMap<>();
    final List<LinkNews> news = new ArrayList<>();
    final List<Instant> connects = new ArrayList<>();
    Instant now = Bench.START;
    boolean isReachable = true;
    Peer peer;
    private final PriorityQueue<Due> dues =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::number));
    private long numbers;
    private long connection;
    private boolean isConnected;

    Rig(LinkSession session, Peer peer) {
        this.session = session;
        this.peer = peer;
    }

    /** The peer that is as it should be. */
    static void good(Bytes request, Rig rig) {
        rig.reply(QUICK, rig.units.answer(request, rig.now));
    }

    void reply(Duration after, Bytes bytes) {
        add(after, connection, new LinkEvent.Received(bytes));
    }

    /** Bytes that come whatever has become of the connection meanwhile. */
    void replyEver(Duration after, Bytes bytes) {
        add(after, -1, new LinkEvent.Received(bytes));
    }

    void close(Duration after) {
        add(after, connection, new LinkEvent.Closed("reset"));
    }

    void submit(long ticket, Exchange exchange) {
        apply(session.on(new LinkEvent.Submit(ticket, exchange), now));
    }

    void finish() {
        apply(session.on(new LinkEvent.Finish(), now));
    }

    private void add(Duration after, long to, LinkEvent event) {
        dues.add(new Due(now.plus(after), numbers++, to, event));
    }

    /** Lets this much time pass, event by event. */
    void run(Duration time) {
        Instant end = now.plus(time);
        while (true) {
            Instant wakeAt = session.wakeAt().orElse(Instant.MAX);
            Instant due = Optional.ofNullable(dues.peek()).map(Due::at).orElse(Instant.MAX);
            Instant next = wakeAt.isBefore(due) ? wakeAt : due;
            if (next.isAfter(end)) {
                now = end;
                return;
            }
            now = next.isAfter(now) ? next : now;
            if (wakeAt.isBefore(due)) {
                apply(session.on(new LinkEvent.Tick(), now));
            } else {
                deliver(dues.remove());
            }
        }
    }

    private void deliver(Due due) {
        boolean isCurrent = due.connection() == connection;
        boolean isAnyway = due.connection() == -1 && isConnected;
        if (isCurrent || isAnyway) {
            if (due.event() instanceof LinkEvent.Closed) {
                connection++;
                isConnected = false;
            }
            isConnected |= due.event() instanceof LinkEvent.Connected;
            apply(session.on(due.event(), now));
        }
    }

    private void apply(List<LinkEffect> effects) {
        for (LinkEffect effect : effects) {
            switch (effect) {
                case LinkEffect.Connect _ -> {
                    connection++;
                    connects.add(now);
                    add(
                            QUICK,
                            connection,
                            isReachable
                                    ? new LinkEvent.Connected()
                                    : new LinkEvent.ConnectFailed("refused"));
                }
                case LinkEffect.Disconnect _ -> {
                    connection++;
                    isConnected = false;
                }
                case LinkEffect.Send(Bytes bytes) -> {
                    sent.add(new Sent(now, bytes));
                    peer.asked(bytes, this);
                }
                case LinkEffect.Sampled(Sample sample) -> {
                    samples.add(sample);
                    sample.observations().forEach(each -> heard.add(new Heard(now, each)));
                }
                case LinkEffect.Silenced(List<Observation> observations) ->
                        observations.forEach(each -> heard.add(new Heard(now, each)));
                case LinkEffect.Answered(long ticket, Answer answer) ->
                        assertNull(answers.put(ticket, answer), "answered twice");
                case LinkNews edge -> news.add(edge);
            }
        }
    }

    Stream<Reading> readings(int signal) {
        return heard.stream()
                .map(Heard::observation)
                .filter(each -> each.signal() == signal)
                .map(Observation::reading);
    }

    Reading latest(int signal) {
        return readings(signal).reduce((_, last) -> last).orElseThrow();
    }
}
