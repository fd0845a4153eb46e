package dev.bulkhead.agent.journal;

import dev.bulkhead.rules.Event;
import java.util.List;

/** Append-only and durable. One writer; not for two threads at once. */
public interface Journal extends AutoCloseable {

    /** What came of an append. */
    sealed interface Result {
        /**
         * These events survive whatever comes.
         *
         * @param sequence of the last of them; the first event of a journal has 1
         */
        record Durable(long sequence) implements Result {}

        /** They can't be relied on: none may be acted upon. A later append may succeed. */
        record Failed(String reason) implements Result {}
    }

    /**
     * Writes events, all or none of which come back, and returns when they are durable.
     *
     * @param events at least one
     */
    Result append(List<Event> events);

    /** How many events are durable. */
    long lastSequence();

    @Override
    void close();
}
