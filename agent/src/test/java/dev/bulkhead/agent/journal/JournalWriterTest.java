package dev.bulkhead.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.journal.Journal.Result;
import dev.bulkhead.agent.journal.JournalWriter.Health;
import dev.bulkhead.rules.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class JournalWriterTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<Event> events = new ExampleEvents(5).some(4);
    private final BlockingQueue<Result> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<Health> changes = new LinkedBlockingQueue<>();

    /** Written by the journal thread, set by the test's: a disk is shared just so. */
    private final Journal journal =
            new Journal() {
                private final MemoryJournal inner = new MemoryJournal();

                @Override
                public Result append(List<Event> some) {
                    return isFull ? new Result.Failed("full") : inner.append(some);
                }

                @Override
                public long lastSequence() {
                    return inner.lastSequence();
                }

                @Override
                public void close() {
                    inner.close();
                }
            };

    private volatile boolean isFull;

    private JournalWriter writer() {
        return new JournalWriter(journal, changes::add, Duration.ofMillis(1));
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertTrue(next != null, "nothing came");
        return next;
    }

    @Test
    void everyAppendIsToldItsSequenceInOrder() throws InterruptedException {
        JournalWriter writer = writer();
        Thread thread = Thread.ofPlatform().name("journal").start(writer);
        writer.append(events.subList(0, 1), told::add);
        writer.append(events.subList(1, 4), told::add);
        assertTrue(writer.stop(LIMIT));
        thread.join();
        assertEquals(List.of(new Result.Durable(1), new Result.Durable(4)), List.copyOf(told));
        assertEquals(List.of(), List.copyOf(changes));
    }

    @Test
    void whatFailedIsToldAtOnceAndWrittenInOrderOnceTheDiskIsBack() throws InterruptedException {
        JournalWriter writer = writer();
        Thread thread = Thread.ofPlatform().name("journal").start(writer);
        isFull = true;
        writer.append(events.subList(0, 1), told::add);
        writer.append(events.subList(1, 3), told::add);
        assertInstanceOf(Result.Failed.class, next(told));
        assertInstanceOf(Result.Failed.class, next(told));
        assertEquals(new Health(false, "full"), next(changes));

        isFull = false;
        assertTrue(next(changes).isWritable());
        writer.append(events.subList(3, 4), told::add);
        assertEquals(new Result.Durable(4), next(told), "the three that were owed came first");
        assertTrue(writer.stop(LIMIT));
        thread.join();
        assertTrue(changes.isEmpty(), "a change is told once");
        assertEquals(0, writer.lostEvents());
    }

    @Test
    void aQueueThatIsFullRefusesAndCountsAndDoesNotWait() {
        JournalWriter notRunning = writer();
        for (int append = 0; append < JournalWriter.BATCHES; append++) {
            notRunning.append(events, told::add);
        }
        assertTrue(told.isEmpty());
        notRunning.append(events, told::add);
        assertInstanceOf(Result.Failed.class, told.poll());
        assertEquals(4, notRunning.lostEvents());
    }

    @Test
    void stoppingWritesWhatIsStillOwed() throws InterruptedException {
        JournalWriter writer = new JournalWriter(journal, changes::add, Duration.ofHours(1));
        Thread thread = Thread.ofPlatform().name("journal").start(writer);
        isFull = true;
        writer.append(events, told::add);
        assertInstanceOf(Result.Failed.class, next(told));
        isFull = false;
        assertTrue(writer.stop(LIMIT));
        thread.join();
        assertEquals(4, journal.lastSequence());
    }
}
