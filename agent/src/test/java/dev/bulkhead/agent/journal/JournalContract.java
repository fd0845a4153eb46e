package dev.bulkhead.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulkhead.agent.journal.Journal.Result;
import dev.bulkhead.rules.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the judge relies on, whichever journal is behind it. */
abstract class JournalContract {

    /** The journal as a new process finds it; the same one every time. */
    abstract Journal reopened() throws Exception;

    /** What a new process is told of the past. */
    abstract List<Event> past() throws Exception;

    /** Makes appends fail, or succeed again. */
    abstract void full(boolean isFull) throws Exception;

    @Test
    void aNewJournalHasNoPast() throws Exception {
        try (Journal journal = reopened()) {
            assertEquals(0, journal.lastSequence());
        }
        assertEquals(List.of(), past());
    }

    @Test
    void whatWasAcknowledgedComesBackInOrderOverManyRuns() throws Exception {
        List<Event> acknowledged = new ArrayList<>();
        for (int run = 1; run <= 5; run++) {
            try (Journal journal = reopened()) {
                assertEquals(acknowledged.size(), journal.lastSequence());
                for (int append = 1; append <= 4; append++) {
                    List<Event> events = new ExampleEvents(run * 10L + append).some(append);
                    acknowledged.addAll(events);
                    assertEquals(new Result.Durable(acknowledged.size()), journal.append(events));
                }
            }
            assertEquals(acknowledged, past());
        }
    }

    @Test
    void anAppendThatFailsLeavesNothingAndALaterOneSucceeds() throws Exception {
        List<Event> first = new ExampleEvents(1).some(2);
        List<Event> refused = new ExampleEvents(2).some(3);
        List<Event> last = new ExampleEvents(3).some(1);
        try (Journal journal = reopened()) {
            journal.append(first);
            full(true);
            assertInstanceOf(Result.Failed.class, journal.append(refused));
            assertInstanceOf(Result.Failed.class, journal.append(refused));
            full(false);
            assertEquals(new Result.Durable(3), journal.append(last));
        }
        List<Event> kept = new ArrayList<>(first);
        kept.addAll(last);
        assertEquals(kept, past());
    }

    @Test
    void anAppendOfNothingIsABug() throws Exception {
        try (Journal journal = reopened()) {
            assertThrows(IllegalArgumentException.class, () -> journal.append(List.of()));
        }
    }
}
