package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.ledger.Keys;
import dev.bulkhead.agent.ledger.Ledger;
import dev.bulkhead.agent.ledger.Series;
import dev.bulkhead.agent.peer.Outage;
import dev.bulkhead.agent.peer.Reasons;
import dev.bulkhead.rules.signal.Sample;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the spool. Its thread alone touches the folder: a disk that is slow, or hangs for good,
 * keeps samples waiting and nobody who hands something in or takes something out.
 */
final class SpoolDriver {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolDriver.class);

    /**
     * Forty seconds of a large facility, if the disk stands still; a sample is a kilobyte or two.
     * When so many wait, the new sample is dropped.
     */
    private static final int MOST_QUEUED = 10_000;

    /**
     * How many samples may be under way to the broker: enough for ten thousand a second at a round
     * trip of 10 ms, and few enough that little is sent twice after a lost connection.
     */
    private static final int WINDOW = 100;

    /** How much of what was laid down a power cut may take. */
    private static final Duration SETTLE_EVERY = Duration.ofSeconds(1);

    /** How soon a folder that can't be used is tried again. */
    private static final Duration OPEN_EVERY = Duration.ofSeconds(2);

    /** A wall clock that moves less than this against ours is only being corrected. */
    private static final Duration CLOCK_STEP = Duration.ofSeconds(1);

    /** The run of samples that are counted before the spool says which it is. */
    private static final long NO_RUN_YET = 0;

    private sealed interface Work {
        record Laid(Sample sample) implements Work {}

        record Connected(BlockingQueue<Spool.Outgoing> outbox) implements Work {}

        record Acknowledged(long number) implements Work {}

        record Finish() implements Work {}

        record Stop() implements Work {}
    }

    private final SpoolFolder folder;
    private final long quotaBytes;
    private final Lines lines;
    private final AgentTime time;
    private final BlockingQueue<Work> work = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(MOST_QUEUED);

    /** What there was no room for; its monitor guards it and nothing is done under it. */
    private final Keys overflown = new Keys();

    private final CountDownLatch emptied = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private volatile long waiting;

    // These are the thread's.
    private BlockingQueue<Spool.Outgoing> outbox = new LinkedBlockingQueue<>();
    private Duration wallOffset;
    private boolean isFinishing;
    private boolean isStopping;

    SpoolDriver(SpoolFolder folder, long quotaBytes, Lines lines, AgentTime time) {
        this.folder = folder;
        this.quotaBytes = quotaBytes;
        this.lines = lines;
        this.time = time;
        this.wallOffset = time.wallOffset();
        this.thread = TelemetryDriver.telling("spool", this::run);
    }

    void start() {
        thread.start();
    }

    /** Takes a sample; returns at once. */
    void take(Sample sample) {
        if (room.tryAcquire()) {
            work.add(new Work.Laid(sample));
        } else {
            synchronized (overflown) {
                overflown.add(new Series(NO_RUN_YET, sample.device()), sample.sequence());
            }
        }
    }

    /**
     * There is a new connection: what is to go over it, never more than a window under way. What
     * went over the one before and was not acknowledged goes again.
     */
    BlockingQueue<Spool.Outgoing> connected() {
        var box = new LinkedBlockingQueue<Spool.Outgoing>();
        work.add(new Work.Connected(box));
        return box;
    }

    /** The broker has it. */
    void acknowledged(long number) {
        work.add(new Work.Acknowledged(number));
    }

    /** How many samples are not acknowledged, as of a second ago. */
    long waiting() {
        return waiting;
    }

    /** Waits until all that was taken is acknowledged, at most so long. */
    void awaitEmpty(Duration limit) throws InterruptedException {
        work.add(new Work.Finish());
        boolean _ = emptied.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lays down what was taken and lets go of the folder; waits for that at most so long. */
    void stop(Duration limit) throws InterruptedException {
        stopped.countDown();
        work.add(new Work.Stop());
        if (thread.isAlive()) {
            thread.join(limit);
        }
    }

    private void run() {
        var outage = new Outage("telemetry: spool " + folder);
        boolean hasFailed = false;
        try {
            while (!isStopping
                    && (!hasFailed
                            || !stopped.await(OPEN_EVERY.toMillis(), TimeUnit.MILLISECONDS))) {
                try (Closeable _ = folder.lock();
                        Spool spool = open()) {
                    if (hasFailed) {
                        outage.isOver(spool.waiting() + " samples wait");
                    }
                    drive(spool);
                } catch (IOException unusable) {
                    hasFailed = true;
                    outage.because(
                            Reasons.of(unusable)
                                    + "; samples are kept in memory and then dropped, alarms are"
                                    + " told, nothing else waits");
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Spool open() throws IOException {
        List<String> findings = new ArrayList<>();
        Spool spool = Spool.open(folder, quotaBytes, findings);
        findings.forEach(finding -> LOG.warn("telemetry: {}", finding));
        return spool;
    }

    private void drive(Spool spool) throws InterruptedException {
        // A clock that was set back must not make this run look like an older one.
        long run = Math.max(time.now().toEpochMilli(), spool.lastRun() + 1);
        long settleAt = System.nanoTime();
        while (!isStopping) {
            long left = Math.max(0, settleAt - System.nanoTime());
            Optional.ofNullable(work.poll(left, TimeUnit.NANOSECONDS))
                    .ifPresent(one -> on(one, spool, run));
            fill(spool);
            if (System.nanoTime() - settleAt >= 0) {
                settle(spool, run);
                settleAt = System.nanoTime() + SETTLE_EVERY.toNanos();
            }
            if (isFinishing && spool.waiting() == 0) {
                emptied.countDown();
            }
        }
        settle(spool, run);
    }

    private void on(Work one, Spool spool, long run) {
        switch (one) {
            case Work.Laid(Sample sample) -> {
                room.release();
                spool.append(
                        new Parcel(
                                new Series(run, sample.device()),
                                sample.sequence(),
                                lines.of(sample, run, sample.at().plus(wallOffset))));
            }
            case Work.Connected(BlockingQueue<Spool.Outgoing> box) -> {
                outbox = box;
                spool.again();
            }
            case Work.Acknowledged(long number) -> spool.acknowledged(number);
            case Work.Finish _ -> isFinishing = true;
            case Work.Stop _ -> isStopping = true;
        }
    }

    private void fill(Spool spool) {
        for (Optional<Spool.Outgoing> next = spool.take(WINDOW);
                next.isPresent();
                next = spool.take(WINDOW)) {
            outbox.add(next.get());
        }
    }

    private void settle(Spool spool, long run) {
        Keys gone;
        synchronized (overflown) {
            gone = overflown.asOfRun(run);
            overflown.clear();
        }
        if (gone.count() > 0) {
            LOG.warn(
                    "telemetry: {} samples came too fast for the spool and were dropped",
                    gone.count());
            spool.dropped(Ledger.Reason.QUEUE, gone);
        }
        spool.settle(time.now().plus(wallOffset));
        waiting = spool.waiting();
        Duration offset = time.wallOffset();
        if (offset.minus(wallOffset).abs().compareTo(CLOCK_STEP) > 0) {
            LOG.warn(
                    "the wall clock was set by {} ms; time stamps follow it, durations do not",
                    offset.minus(wallOffset).toMillis());
        }
        wallOffset = offset;
    }
}
