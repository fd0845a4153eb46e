package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.ledger.Keys;
import dev.bulkhead.agent.ledger.Ledger;
import dev.bulkhead.agent.ledger.Series;
import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.agent.peer.MqttConnection;
import dev.bulkhead.agent.peer.Outage;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Telling, driven: the thread {@code spool} lays samples down, the thread {@code publish} owns the
 * connection to the broker. Whoever hands something in waits for neither disk nor broker.
 *
 * <pre>
 *   link-… ──sample──► queue ──► spool ──► disk ──► publish ──► broker
 *   cycle ──event────► standing ──────────────────────┘   (ahead of samples)
 * </pre>
 */
public final class TelemetryDriver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TelemetryDriver.class);

    /**
     * Forty seconds of a large facility, if the disk stands still; a sample is a kilobyte or two.
     * When it is full, the new sample is dropped.
     */
    private static final int MOST_QUEUED = 10_000;

    /**
     * How many samples may be under way to the broker: enough for ten thousand a second at a round
     * trip of 10 ms, and few enough that little is sent twice after a lost connection.
     */
    private static final int WINDOW = 100;

    /** How much of what was laid down a power cut may take. */
    private static final Duration SETTLE_EVERY = Duration.ofSeconds(1);

    /** How soon an alarm goes out while there are no samples to send. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /**
     * A client can look connected while nothing gets through (eclipse-paho/paho.mqtt.java#348): so
     * long without any acknowledgement, and the connection is made anew.
     */
    private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(30);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);
    private static final Duration GOOD_BYE_WITHIN = Duration.ofSeconds(2);

    /** A wall clock that moves less than this against ours is only being corrected. */
    private static final Duration CLOCK_STEP = Duration.ofSeconds(1);

    private final Broker broker;
    private final Topics topics;
    private final Lines lines;
    private final AgentTime time;
    private final long run;
    private final Spool spool;
    private final FileChannel lock;
    private final Standing standing;
    private final BlockingQueue<Sample> queue = new ArrayBlockingQueue<>(MOST_QUEUED);

    /** What the queue had no room for; its monitor guards it and nothing is done under it. */
    private final Keys overflown = new Keys();

    private final Outage outage;
    private final CountDownLatch stopPublishing = new CountDownLatch(1);
    private final CountDownLatch stopSpooling = new CountDownLatch(1);
    private final Thread spooling;
    private final Thread publishing;
    private volatile long progressNanos;
    private volatile String lostBecause = "";
    private Duration wallOffset;
    private Duration retry = FIRST_RETRY;
    private boolean isClosed;

    private TelemetryDriver(
            Broker broker,
            Site site,
            SignalTable signals,
            AgentTime time,
            Spool spool,
            FileChannel lock) {
        this.broker = broker;
        this.topics = new Topics(site.name());
        this.lines = new Lines(site, signals);
        this.time = time;
        // A clock that was set back must not make this run look like an older one.
        this.run = Math.max(time.now().toEpochMilli(), spool.lastRun() + 1);
        this.spool = spool;
        this.lock = lock;
        this.standing = new Standing(topics);
        this.wallOffset = time.wallOffset();
        this.outage = new Outage("telemetry: broker " + broker.url());
        this.spooling = telling("spool").unstarted(this::spool);
        this.publishing = telling("publish").unstarted(this::publish);
    }

    /**
     * Opens the spool; nothing goes out before {@link #start}.
     *
     * @throws IOException if the folder can't be used, in words for people
     */
    public static TelemetryDriver open(
            Broker broker,
            Path folder,
            long quotaBytes,
            Site site,
            SignalTable signals,
            AgentTime time)
            throws IOException {
        Files.createDirectories(folder);
        FileChannel lock = lock(folder);
        List<String> findings = new ArrayList<>();
        Spool spool = Spool.open(new SpoolFolder.OnDisk(folder), quotaBytes, findings);
        findings.forEach(finding -> LOG.warn("telemetry: {}", finding));
        return new TelemetryDriver(broker, site, signals, time, spool, lock);
    }

    /**
     * A bug in telling ends telling and nothing else; the broker says that the agent is offline.
     */
    private static Thread.Builder telling(String name) {
        return Thread.ofPlatform()
                .name(name)
                .uncaughtExceptionHandler(
                        (thread, bug) ->
                                LOG.error(
                                        "a bug ended thread {}: telemetry is off until the next"
                                                + " start; watching and deciding go on",
                                        thread.getName(),
                                        bug));
    }

    /** Where the ledger of a spool's folder is, for whoever reads it from outside. */
    public static Path ledger(Path folder) {
        return folder.resolve(Spool.LEDGER);
    }

    /** Two agents in one folder would write over each other's samples. */
    private static FileChannel lock(Path folder) throws IOException {
        var channel =
                FileChannel.open(
                        folder.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // Of this process; as bad.
        }
        channel.close();
        throw new IOException("another agent uses it");
    }

    public void start() {
        spooling.start();
        publishing.start();
    }

    /** Takes a sample; returns at once. */
    public void take(Sample sample) {
        if (!queue.offer(sample)) {
            synchronized (overflown) {
                overflown.add(new Series(run, sample.device()), sample.sequence());
            }
        }
    }

    /** What happened, to be told; returns at once. */
    public void tell(List<Event> events) {
        Duration offset = time.wallOffset();
        events.forEach(event -> standing.tell(event, offset));
    }

    /** An alarm as the agent found it when it started. */
    public void alarm(AlarmId id, RoomId room, AlarmState state, Instant since, String why) {
        standing.alarm(id, room, state, since, why, time.wallOffset());
    }

    /**
     * A room as the agent found it when it started.
     *
     * @param isolation how far its isolation has come, if there is one
     */
    public void room(RoomId room, Level level, List<Vote> votes, Optional<String> isolation) {
        standing.room(room, level, votes, isolation, time.now(), time.wallOffset());
    }

    /** By how many devices a room is watched, and how many of them measure nothing. */
    public void seen(RoomId room, int devices, int silent) {
        standing.seen(room, devices, silent);
    }

    private void spool() {
        long settleAt = System.nanoTime();
        try {
            while (stopSpooling.getCount() > 0 || !queue.isEmpty()) {
                long left = settleAt - System.nanoTime();
                Optional.ofNullable(queue.poll(Math.max(0, left), TimeUnit.NANOSECONDS))
                        .ifPresent(this::layDown);
                if (System.nanoTime() - settleAt >= 0) {
                    settle();
                    settleAt = System.nanoTime() + SETTLE_EVERY.toNanos();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        settle();
    }

    private void layDown(Sample sample) {
        spool.append(
                new Parcel(
                        new Series(run, sample.device()),
                        sample.sequence(),
                        lines.of(sample, run, sample.at().plus(wallOffset))));
    }

    private void settle() {
        Keys gone;
        synchronized (overflown) {
            gone = new Keys(overflown);
            overflown.removeAll(gone);
        }
        if (gone.count() > 0) {
            LOG.warn(
                    "telemetry: {} samples came too fast for the spool and were dropped",
                    gone.count());
            spool.dropped(Ledger.Reason.QUEUE, gone);
        }
        spool.settle();
        Duration offset = time.wallOffset();
        if (offset.minus(wallOffset).abs().compareTo(CLOCK_STEP) > 0) {
            LOG.warn(
                    "the wall clock was set by {} ms; time stamps follow it, durations do not",
                    offset.minus(wallOffset).toMillis());
        }
        wallOffset = offset;
    }

    private void publish() {
        try {
            while (stopPublishing.getCount() > 0) {
                try (MqttConnection connection = connect()) {
                    talk(connection);
                } catch (IOException failed) {
                    outage.because(
                            failed.getMessage()
                                    + "; samples wait in the spool, nothing else waits");
                    stopPublishing.await(retry.toMillis(), TimeUnit.MILLISECONDS);
                    retry = min(retry.multipliedBy(2), LONGEST_RETRY);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private MqttConnection connect() throws IOException, InterruptedException {
        return MqttConnection.open(
                broker,
                false,
                Optional.of(new MqttConnection.Will(topics.agent(), presence("offline"))),
                new MqttConnection.Listener() {
                    @Override
                    public void arrived(MqttConnection.Arrived message) {
                        message.acknowledge();
                    }

                    @Override
                    public void lost(String reason) {
                        // The publisher sees it the next time it looks, and says so.
                        lostBecause = reason;
                    }
                });
    }

    String presence(String state) {
        return "{\"agent\":\"" + state + "\",\"run\":" + run + "}";
    }

    private void talk(MqttConnection connection) throws IOException, InterruptedException {
        var isHeard = new AtomicBoolean();
        try {
            talk(connection, isHeard);
        } catch (RuntimeException bug) {
            connection.abandon();
            throw bug;
        } catch (IOException failed) {
            boolean wasOver = connection.isOver();
            // Without a good-bye: the broker says that the agent is offline, until it is back.
            connection.abandon();
            if (!wasOver) {
                throw failed;
            }
            throw new IOException(
                    "the connection is lost: "
                            + lostBecause
                            + (isHeard.get()
                                    ? ""
                                    : "; nothing was acknowledged: may this user publish?"),
                    failed);
        }
    }

    /** Sends what there is, until the connection is over or nothing more shall be sent. */
    private void talk(MqttConnection connection, AtomicBoolean isHeard)
            throws IOException, InterruptedException {
        boolean isSaid = false;
        connection.publish(topics.agent(), presence("online"), true, () -> isHeard.set(true));
        standing.again();
        spool.again();
        progressNanos = System.nanoTime();
        while (stopPublishing.getCount() > 0) {
            if (connection.isOver()) {
                throw new IOException("the connection is over");
            }
            if (isHeard.get() && !isSaid) {
                // A broker may take a connection and still not a word over it.
                isSaid = true;
                outage.isOver(spool.waiting() + " samples wait");
                retry = FIRST_RETRY;
            }
            for (Standing.Message message : standing.take()) {
                connection.publish(message.topic(), message.json(), true, () -> {});
            }
            Optional<Spool.Outgoing> next = spool.take(WINDOW, LOOK_EVERY);
            if (next.isPresent()) {
                send(connection, next.get());
            } else if (spool.sent() == 0) {
                progressNanos = System.nanoTime();
            } else if (System.nanoTime() - progressNanos > ACKNOWLEDGED_WITHIN.toNanos()) {
                throw new IOException(
                        "nothing was acknowledged for " + ACKNOWLEDGED_WITHIN.toSeconds() + " s");
            }
        }
        for (Standing.Message message : standing.take()) {
            connection.publish(message.topic(), message.json(), true, () -> {});
        }
        connection.publishAndWait(topics.agent(), presence("offline"), GOOD_BYE_WITHIN);
    }

    private void send(MqttConnection connection, Spool.Outgoing next) throws IOException {
        connection.publish(
                topics.sample(next.parcel().series().device()),
                next.parcel().lines(),
                false,
                () -> {
                    progressNanos = System.nanoTime();
                    spool.acknowledged(next.number());
                });
    }

    /**
     * Stops when all that was taken has been acknowledged, or after this long; the rest stays in
     * the spool for the next start.
     */
    public void finish(Duration limit) throws InterruptedException {
        if (isClosed) {
            return;
        }
        long deadline = System.nanoTime() + limit.toNanos();
        stopSpooling.countDown();
        spooling.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        spool.awaitEmpty(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        close();
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        stopSpooling.countDown();
        stopPublishing.countDown();
        try {
            publishing.join(GOOD_BYE_WITHIN.multipliedBy(2));
            publishing.interrupt();
            spooling.join(GOOD_BYE_WITHIN);
            spooling.interrupt();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        spool.close();
        try {
            lock.close();
        } catch (IOException _) {
            // The system lets go of it with the process.
        }
    }
}
