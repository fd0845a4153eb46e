package dev.bulkhead.agent.control;

import java.time.Instant;
import java.util.List;

/** What a running agent answers. */
public sealed interface Reply {
    /** What it sees. */
    record Seen(View view) implements Reply {}

    /**
     * How its signals are.
     *
     * @param at now, in agent time
     */
    record SeenSignals(Instant at, List<SignalView> signals) implements Reply {
        public SeenSignals {
            signals = List.copyOf(signals);
        }
    }

    /** The judge took the command; what became of it. */
    record Accepted(String what) implements Reply {}

    /** Nothing was done, and why. */
    record Refused(String why) implements Reply {}
}
