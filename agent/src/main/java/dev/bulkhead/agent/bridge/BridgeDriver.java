package dev.bulkhead.agent.bridge;

import dev.bulkhead.agent.bridge.StoreClient.Result;
import dev.bulkhead.agent.peer.MqttConnection;
import dev.bulkhead.agent.peer.Outage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries messages to the store until it is told to stop, on the thread that calls {@link #run}.
 *
 * <pre>
 *   store takes a line? ──► connect, subscribe ──► gather ──► write ──► acknowledge
 *          ▲                                                    │ away for long, too much waits
 *          └──────────────── hang up, keep nothing ◄────────────┘
 * </pre>
 *
 * <p>While the store is away nothing is taken from the broker, which keeps it, or gives it to other
 * bridges of the group. Nothing here outlives the process but what was acknowledged.
 */
public final class BridgeDriver {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeDriver.class);

    /** Messages that wait for the store. A broker that sends more is hung up on. */
    private static final int MOST_WAITING = 10_000;

    private static final long MOST_WAITING_BYTES = 32L << 20;

    /**
     * A broker that lets few messages be under way sends no more before these are acknowledged: to
     * wait any longer for company than this would be to wait for nothing.
     */
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** How often the bridge says for itself what it has done. */
    private static final Duration PROBE_EVERY = Duration.ofMinutes(1);

    /** After so many refused lines it is asked again whether the store takes anything. */
    private static final int PROBE_AFTER = 20;

    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    /** What a store asks for may be this at most: it may have been mended meanwhile. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(1);

    /**
     * How long messages are held for a store that doesn't take them, before they are given back.
     */
    private static final Duration HOLD = Duration.ofSeconds(10);

    /** Why nothing goes on for now. */
    private static final class Away extends Exception {
        private static final long serialVersionUID = 1;
        private final String reason;
        private final Duration retryAfter;
        private final boolean mayBeOfLines;

        Away(String reason, Duration retryAfter) {
            this(reason, retryAfter, false);
        }

        Away(String reason, Duration retryAfter, boolean mayBeOfLines) {
            super(reason);
            this.mayBeOfLines = mayBeOfLines;
            this.reason = reason;
            this.retryAfter = retryAfter;
        }
    }

    private final BridgeSettings settings;
    private final StoreClient store;
    private final DeadLetter deadLetter;
    private final InstantSource clock;
    private final Runnable subscribed;
    private final Duration hold;
    private final Outage storeOutage;
    private final Outage brokerOutage;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final BlockingQueue<MqttConnection.Arrived> waiting =
            new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong waitingBytes = new AtomicLong();
    private volatile boolean isOverrun;
    private volatile String lostBecause = "";
    private long stored;

    /** Whether the store has taken anything since the batch in hand was begun. */
    private boolean takes;

    /** How long to rest when the next thing goes wrong. */
    private volatile Duration retry = FIRST_RETRY;

    /**
     * @param subscribed runs each time messages are about to come
     */
    public BridgeDriver(BridgeSettings settings, InstantSource clock, Runnable subscribed) {
        this(settings, clock, subscribed, HOLD);
    }

    BridgeDriver(BridgeSettings settings, InstantSource clock, Runnable subscribed, Duration hold) {
        this.hold = hold;
        this.settings = settings;
        this.clock = clock;
        this.subscribed = subscribed;
        this.store = new StoreClient(settings.store());
        this.deadLetter = new DeadLetter(settings.deadLetter(), settings.deadLetterBytes(), clock);
        this.storeOutage = new Outage(settings.store().name());
        this.brokerOutage = new Outage("broker " + settings.broker().url());
    }

    /** Ends {@link #run} soon. What isn't acknowledged stays with the broker. */
    public void stop() {
        stop.countDown();
    }

    /** Works until it is stopped. */
    public void run() throws InterruptedException {
        try (store) {
            while (!isStopped()) {
                try {
                    probe();
                    storeOutage.isOver("it takes lines");
                    carry();
                } catch (Away away) {
                    storeOutage.because(away.reason + "; messages stay with the broker meanwhile");
                    rest(away.retryAfter.isZero() ? retry : away.retryAfter);
                    retry = longer(retry);
                } catch (IOException failed) {
                    brokerOutage.because(String.valueOf(failed.getMessage()));
                    rest(retry);
                    retry = longer(retry);
                }
            }
        }
        LOG.info("stopped; {} lines stored, {} refused", stored, deadLetter.count());
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    private void rest(Duration time) throws InterruptedException {
        stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** For tests: seen from outside it is only a wait. */
    Duration retry() {
        return retry;
    }

    private static Duration longer(Duration retry) {
        Duration twice = retry.multipliedBy(2);
        return twice.compareTo(LONGEST_RETRY) < 0 ? twice : LONGEST_RETRY;
    }

    /**
     * Writes a line of the bridge's own: whether the store takes anything at all. If it doesn't, no
     * other line is to blame.
     */
    private void probe() throws Away {
        String line =
                "bridge,bridge=%s stored=%di,refused=%di %d"
                        .formatted(
                                settings.broker().clientId().replaceAll("[ ,=]", "\\\\$0"),
                                stored,
                                deadLetter.count(),
                                nanos(clock.instant()));
        takes =
                switch (store.write(List.of(line))) {
                    case Result.Stored _ -> true;
                    case Result.Refused(String reason) ->
                            throw new Away(
                                    "it takes not even a plain line: " + reason, Duration.ZERO);
                    case Result.Away(String reason, Optional<Duration> after, boolean _) ->
                            throw new Away(reason, shorter(after));
                };
    }

    private static long nanos(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
    }

    private static Duration shorter(Optional<Duration> after) {
        return after.map(
                        wanted ->
                                wanted.compareTo(LONGEST_RETRY_AFTER) < 0
                                        ? wanted
                                        : LONGEST_RETRY_AFTER)
                .orElse(Duration.ZERO);
    }

    /** Takes messages and carries them over, until it is stopped or something is away. */
    private void carry() throws IOException, Away, InterruptedException {
        isOverrun = false;
        try (MqttConnection connection =
                MqttConnection.open(settings.broker(), true, Optional.empty(), new Receiving())) {
            connection.subscribe(settings.filter());
            brokerOutage.isOver("subscribed to " + settings.filter());
            subscribed.run();
            long probedNanos = System.nanoTime();
            while (!isStopped()) {
                if (System.nanoTime() - probedNanos > PROBE_EVERY.toNanos()) {
                    probe();
                    probedNanos = System.nanoTime();
                }
                List<MqttConnection.Arrived> batch = gather();
                if (!batch.isEmpty()) {
                    place(lines(batch));
                    batch.forEach(MqttConnection.Arrived::acknowledge);
                }
                if (connection.isOver()) {
                    throw new IOException("the connection is lost: " + lostBecause);
                }
                if (isOverrun) {
                    throw new IOException(
                            "it sends faster than the store writes; "
                                    + MOST_WAITING
                                    + " messages are given back");
                }
                // All of it works: what fails next is a new failure.
                retry = FIRST_RETRY;
            }
        } finally {
            waiting.clear();
            waitingBytes.set(0);
        }
    }

    /** What comes within the linger time, or until there is a pause, or it is enough. */
    private List<MqttConnection.Arrived> gather() throws InterruptedException {
        var batch = new ArrayList<MqttConnection.Arrived>();
        int lines = 0;
        long deadline = System.nanoTime() + IDLE.toNanos();
        Duration wait = IDLE;
        while (lines < settings.batchLines()) {
            MqttConnection.Arrived next = waiting.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            if (batch.isEmpty()) {
                deadline = System.nanoTime() + settings.linger().toNanos();
            }
            batch.add(next);
            waitingBytes.addAndGet(-next.payload().size());
            lines += (int) next.payload().text().lines().count();
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            wait = left.compareTo(PAUSE) < 0 ? left : PAUSE;
        }
        return batch;
    }

    private static List<String> lines(List<MqttConnection.Arrived> batch) {
        return batch.stream()
                .flatMap(message -> message.payload().text().lines())
                .filter(line -> !line.isBlank())
                .toList();
    }

    /**
     * Brings every line to its place: the store, or the dead letter. A refused batch is halved
     * until the refused lines stand alone; the halves that were taken are not written again.
     */
    private void place(List<String> lines) throws Away, InterruptedException {
        Deque<List<String>> parts = new ArrayDeque<>();
        for (int from = 0; from < lines.size(); from += settings.batchLines()) {
            parts.add(lines.subList(from, Math.min(lines.size(), from + settings.batchLines())));
        }
        takes = false;
        long begunNanos = System.nanoTime();
        Duration wait = FIRST_RETRY;
        while (!parts.isEmpty()) {
            List<String> part = parts.removeFirst();
            try {
                place(part, parts);
                wait = FIRST_RETRY;
            } catch (Away away) {
                boolean isHeldLongEnough = System.nanoTime() - begunNanos > hold.toNanos();
                if (isHeldLongEnough && away.mayBeOfLines) {
                    // A store that breaks over some lines for good would stop every other, too.
                    probe();
                    refused(part, parts, away.reason);
                    continue;
                }
                if (isStopped() || isHeldLongEnough || !away.retryAfter.isZero()) {
                    throw away;
                }
                parts.addFirst(part);
                storeOutage.because(away.reason);
                rest(wait);
                wait = longer(wait);
            }
        }
        storeOutage.isOver("it takes lines");
    }

    private void place(List<String> part, Deque<List<String>> rest) throws Away {
        switch (store.write(part)) {
            case Result.Stored _ -> {
                stored += part.size();
                takes = true;
            }
            case Result.Refused(String reason) -> refused(part, rest, reason);
            case Result.Away(String reason, Optional<Duration> after, boolean mayBeOfLines) ->
                    throw new Away(reason, shorter(after), mayBeOfLines);
        }
    }

    /** Halves what is refused, or lays a line that stands alone in the dead letter. */
    private void refused(List<String> part, Deque<List<String>> rest, String reason) throws Away {
        if (part.size() > 1) {
            rest.addFirst(part.subList(part.size() / 2, part.size()));
            rest.addFirst(part.subList(0, part.size() / 2));
            return;
        }
        if (!takes) {
            probe();
        }
        try {
            deadLetter.add(part.getFirst(), reason);
        } catch (IOException full) {
            throw new Away(
                    "the dead letter can't be written (" + full.getMessage() + ")", Duration.ZERO);
        }
        // It may have begun to refuse everything since.
        takes = deadLetter.count() % PROBE_AFTER != 0;
    }

    private final class Receiving implements MqttConnection.Listener {
        /** Never waits: a client that doesn't read doesn't hear the broker's heartbeat either. */
        @Override
        public void arrived(MqttConnection.Arrived message) {
            int size = message.payload().size();
            if (waitingBytes.addAndGet(size) > MOST_WAITING_BYTES || !waiting.offer(message)) {
                waitingBytes.addAndGet(-size);
                isOverrun = true;
            }
        }

        @Override
        public void lost(String reason) {
            lostBecause = reason;
        }
    }
}
