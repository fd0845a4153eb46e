package dev.bulkhead.agent;

import java.time.Duration;
import java.time.Instant;

/**
 * The time all durations of the agent are measured in: the wall clock at start plus what a
 * monotonic clock has counted since. A wall clock that is set doesn't move it.
 */
public interface AgentTime {
    Instant now();

    /** How long this much agent time takes on the wall. */
    Duration wall(Duration agentDuration);

    /** How much agent time passes while this much passes on the wall. */
    Duration agent(Duration wallDuration);

    /** Agent time that runs as fast as the wall's. */
    static AgentTime system() {
        return new ScaledTime(Instant.now(), 1);
    }
}
