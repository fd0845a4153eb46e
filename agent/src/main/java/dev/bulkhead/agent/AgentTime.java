package dev.bulkhead.agent;

import java.time.Duration;
import java.time.Instant;

/**
 * The time all durations of the agent are measured in: an instant at start, as a rule the wall
 * clock's, plus what a monotonic clock has counted since. A wall clock that is set doesn't move it.
 */
public interface AgentTime {
    Instant now();

    /** How long this much agent time takes on the wall. */
    Duration wall(Duration agentDuration);

    /** How much agent time passes while this much passes on the wall. */
    Duration agent(Duration wallDuration);

    /**
     * How far the wall clock is ahead of this time: what is added to an instant that leaves the
     * agent. None in a laboratory, where everybody goes by this time.
     */
    default Duration wallOffset() {
        return Duration.ZERO;
    }

    /** Agent time that runs as fast as the wall's, from now on. */
    static AgentTime system() {
        return systemFrom(Instant.EPOCH);
    }

    /**
     * Agent time that runs as fast as the wall's, from now on, or from a later instant: a clock
     * that was set back while the agent was down must not take it back behind what it remembers.
     */
    static AgentTime systemFrom(Instant earliest) {
        return new SystemTime(earliest);
    }
}
