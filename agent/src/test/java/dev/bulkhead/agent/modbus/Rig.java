package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    private final Dialect dialect;
    final BenchUnits units = new BenchUnits();
    final List<Sent> sent = new ArrayList<>();

    /** Of each event, whether a request went out before an answer was read. */
    final List<Boolean> isSentAhead = new ArrayList<>();

    final List<Heard> heard = new ArrayList<>();
    final List<Sample> samples = new ArrayList<>();
    final Map<Long, Answer> answers = new HashMap<>();
    final List<LinkNews> news = new ArrayList<>();
    final List<Instant> connects = new ArrayList<>();
    Instant now = Bench.START;
    boolean isReachable = true;

    /** Whether attempts to connect get no reply at all. */
    boolean isSwallowed;

    Peer peer;
    private final PriorityQueue<Due> dues =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::number));
    private long numbers;
    private long connection;
    private boolean isConnected;
    private boolean hasWire;

    Rig(LinkSession session, Peer peer) {
        this(session, Dialect.MBAP, peer);
    }

    /** With a wire on which frames stand otherwise than the peer sees them. */
    Rig(LinkSession session, Dialect dialect, Peer peer) {
        this.session = session;
        this.dialect = dialect;
        this.peer = peer;
    }

    /** The peer that is as it should be. */
    static void good(Bytes request, Rig rig) {
        rig.reply(QUICK, rig.units.answer(request, rig.now));
    }

    void reply(Duration after, Bytes mbap) {
        replyRaw(after, dialect.answer(mbap));
    }

    /** Bytes as they stand on the wire. */
    void replyRaw(Duration after, Bytes bytes) {
        add(after, connection, new LinkEvent.Received(bytes));
    }

    /** Bytes that come whatever has become of the connection meanwhile. */
    void replyEver(Duration after, Bytes bytes) {
        add(after, -1, new LinkEvent.Received(bytes));
    }

    private Bytes asSeen(Bytes bytes) {
        try {
            return dialect.readRequest(new ByteArrayInputStream(bytes.toArray()));
        } catch (IOException e) {
            throw new UncheckedIOException("the agent sent " + bytes, e);
        }
    }

    void close(Duration after) {
        add(after, connection, new LinkEvent.Closed("reset"));
    }

    boolean isConnected() {
        return isConnected;
    }

    void submit(long ticket, Exchange exchange) {
        perform(new LinkEvent.Submit(ticket, exchange));
    }

    void finish() {
        perform(new LinkEvent.Finish());
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
                perform(new LinkEvent.Tick());
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
            hasWire &=
                    !(due.event() instanceof LinkEvent.Closed
                            || due.event() instanceof LinkEvent.ConnectFailed);
            isConnected |= due.event() instanceof LinkEvent.Connected;
            perform(due.event());
        }
    }

    /** As a driver does it: first what doesn't wait until an answer is read. */
    private void perform(LinkEvent event) {
        List<LinkEffect> first = session.begin(event, now);
        apply(first);
        List<LinkEffect> last = session.end();
        apply(last);
        isSentAhead.add(
                first.stream().anyMatch(LinkEffect.Send.class::isInstance)
                        && last.stream().anyMatch(LinkEffect.Sampled.class::isInstance));
    }

    private void apply(List<LinkEffect> effects) {
        for (LinkEffect effect : effects) {
            switch (effect) {
                case LinkEffect.Connect _ -> {
                    assertFalse(hasWire, "two connections at a time");
                    hasWire = true;
                    connection++;
                    connects.add(now);
                    if (!isSwallowed) {
                        add(
                                QUICK,
                                connection,
                                isReachable
                                        ? new LinkEvent.Connected()
                                        : new LinkEvent.ConnectFailed("refused"));
                    }
                }
                case LinkEffect.Disconnect _ -> {
                    connection++;
                    hasWire = false;
                    isConnected = false;
                }
                case LinkEffect.Send(Bytes bytes) -> {
                    Bytes request = asSeen(bytes);
                    sent.add(new Sent(now, request));
                    peer.asked(request, this);
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
