package dev.bulkhead.agent.journal;

import dev.bulkhead.agent.journal.Journal.Result;
import dev.bulkhead.rules.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The {@code journal} thread: it alone touches the file, so that the cycle never waits for a disk.
 *
 * <p>Events whose append failed are told as failed at once, so that nothing is done on them. They
 * are kept all the same and written, in order and before anything newer, once the journal can be
 * written again: the record of a room's latch must not be lost to a disk that was full for a
 * minute. Nobody is told of them a second time.
 *
 * <p>Each of the two queues is bounded by {@link #BATCHES}. What comes after that is told as
 * failed, not kept, and counted.
 */
public final class JournalWriter implements Runnable {

    /** Whether the journal can be written; told at each change. At first it can. */
    public record Health(boolean isWritable, String reason) {}

    /** An hour of one append a second, if the disk is away that long. */
    static final int BATCHES = 3600;

    /** How soon a journal that failed is tried again. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private record Batch(List<Event> events, Consumer<Result> told) {
        /** No append is empty. */
        boolean isStop() {
            return events.isEmpty();
        }
    }

    private static final Batch STOP = new Batch(List.of(), _ -> {});

    private final Journal journal;
    private final Consumer<Health> onChange;
    private final Duration retryAfter;
    private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(BATCHES);
    private final AtomicLong lost = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Failed and not yet durable, oldest first. This and what follows is the journal thread's. */
    private final ArrayDeque<List<Event>> owed = new ArrayDeque<>();

    private Optional<String> failure = Optional.empty();
    private long retryAtNanos;

    /**
     * @param onChange is called on the journal thread
     */
    public JournalWriter(Journal journal, Consumer<Health> onChange) {
        this(journal, onChange, RETRY_AFTER);
    }

    JournalWriter(Journal journal, Consumer<Health> onChange, Duration retryAfter) {
        this.journal = journal;
        this.onChange = onChange;
        this.retryAfter = retryAfter;
    }

    /**
     * Hands events over and returns at once.
     *
     * @param events at least one
     * @param told is called once: on the journal thread, or here if the queue is full
     */
    public void append(List<Event> events, Consumer<Result> told) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("an append without events");
        }
        if (!queue.offer(new Batch(List.copyOf(events), told))) {
            lost.addAndGet(events.size());
            told.accept(new Result.Failed("journal: " + BATCHES + " appends wait for the disk"));
        }
    }

    /** How many events will never be in the journal, since it could not be written for too long. */
    public long lostEvents() {
        return lost.get();
    }

    /** Writes until {@link #stop}, or an interrupt, which leaves what is queued unwritten. */
    @Override
    public void run() {
        try {
            for (Optional<Batch> batch = next();
                    batch.filter(Batch::isStop).isEmpty();
                    batch = next()) {
                retryIfDue();
                batch.ifPresent(this::write);
            }
            writeOwed();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    /** The next batch; none if it is time to try again what failed. */
    private Optional<Batch> next() throws InterruptedException {
        if (failure.isEmpty()) {
            return Optional.of(queue.take());
        }
        long left = Math.max(0, retryAtNanos - System.nanoTime());
        return Optional.ofNullable(queue.poll(left, TimeUnit.NANOSECONDS));
    }

    private void retryIfDue() {
        if (failure.isPresent() && System.nanoTime() - retryAtNanos >= 0) {
            writeOwed();
        }
    }

    private void write(Batch batch) {
        Result result =
                failure.<Result>map(Result.Failed::new)
                        .orElseGet(() -> journal.append(batch.events));
        if (result instanceof Result.Failed(String reason)) {
            keep(batch.events);
            if (failure.isEmpty()) {
                fail(reason);
            }
        }
        batch.told.accept(result);
    }

    private void keep(List<Event> events) {
        if (owed.size() < BATCHES) {
            owed.add(events);
        } else {
            lost.addAndGet(events.size());
        }
    }

    private void writeOwed() {
        while (!owed.isEmpty()) {
            if (journal.append(owed.getFirst()) instanceof Result.Failed(String reason)) {
                fail(reason);
                return;
            }
            owed.removeFirst();
        }
        if (failure.isPresent()) {
            failure = Optional.empty();
            onChange.accept(new Health(true, "the journal can be written again"));
        }
    }

    private void fail(String reason) {
        boolean isChange = failure.isEmpty();
        failure = Optional.of(reason);
        retryAtNanos = System.nanoTime() + retryAfter.toNanos();
        if (isChange) {
            onChange.accept(new Health(false, reason));
        }
    }

    /**
     * Writes what is queued and ends the thread.
     *
     * @return whether it ended within the limit
     */
    public boolean stop(Duration limit) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        return queue.offer(STOP, limit.toNanos(), TimeUnit.NANOSECONDS)
                && ended.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}
