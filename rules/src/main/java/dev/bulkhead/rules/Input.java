package dev.bulkhead.rules;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Snapshot;
import java.time.Instant;
import java.util.List;

/** All that can reach the judge. */
public sealed interface Input {
    /** Agent time of this input. */
    Instant at();

    /** One turn: what was heard since the last. */
    record Cycle(Snapshot snapshot) implements Input {
        @Override
        public Instant at() {
            return snapshot.at();
        }
    }

    /** A person's command. */
    record Person(Instant at, String who, String why, Command command) implements Input {}

    /**
     * An act's write was accepted and the breaker was read afterwards.
     *
     * @param writtenAt when the last write was answered
     * @param requestedAt when the read that showed {@code position} was sent: after {@code
     *     writtenAt}
     */
    record Confirmed(
            Instant at, IntentId intent, Instant writtenAt, Instant requestedAt, Position position)
            implements Input {}

    /**
     * An act did not come to a confirmed end.
     *
     * @param mayHaveMoved a write may have reached the device, so its position is unknown
     */
    record Failed(Instant at, IntentId intent, String reason, boolean mayHaveMoved)
            implements Input {}

    /** The journal as found at start, in order; the first input of a run that has a past. */
    record Recovered(Instant at, List<Event> events) implements Input {
        public Recovered {
            events = List.copyOf(events);
        }
    }

    /** Whether the journal can be written. While it can't, no automatic act begins. */
    record JournalState(Instant at, boolean isWritable, String reason) implements Input {}
}
