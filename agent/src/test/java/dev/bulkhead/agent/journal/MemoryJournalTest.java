package dev.bulkhead.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulkhead.agent.journal.Journal.Result;
import dev.bulkhead.agent.journal.MemoryJournal.Crash;
import dev.bulkhead.agent.journal.MemoryJournal.Moment;
import dev.bulkhead.rules.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryJournalTest extends JournalContract {
    private final MemoryJournal journal = new MemoryJournal();

    @Override
    Journal reopened() {
        return journal;
    }

    @Override
    List<Event> past() {
        return journal.past();
    }

    @Override
    void full(boolean isFull) {
        if (isFull) {
            journal.fail("No space left on device");
        } else {
            journal.mend();
        }
    }

    @Test
    void aCrashBeforeDurableLosesTheWholeAppend() {
        List<Event> events = new ExampleEvents(1).some(6);
        journal.append(events.subList(0, 2));
        journal.crashAt(4, Moment.BEFORE_DURABLE);
        assertThrows(Crash.class, () -> journal.append(events.subList(2, 6)));
        assertEquals(events.subList(0, 2), journal.past());
        assertEquals(new Result.Durable(6), journal.append(events.subList(2, 6)), "it comes once");
    }

    @Test
    void aCrashAfterDurableKeepsWhatNobodyWasToldOf() {
        List<Event> events = new ExampleEvents(1).some(6);
        journal.crashAt(3, Moment.AFTER_DURABLE);
        journal.append(events.subList(0, 2));
        assertThrows(Crash.class, () -> journal.append(events.subList(2, 6)));
        assertEquals(events, journal.past());
    }
}
