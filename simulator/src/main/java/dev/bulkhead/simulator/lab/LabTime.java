package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.ScaledTime;
import java.time.Duration;
import java.time.Instant;

/**
 * Plant time that all processes of one laboratory share: it stands at {@code start} when the wall
 * clock shows {@code origin}, and runs {@code speed} times as fast.
 */
record LabTime(Instant start, Instant origin, int speed) {
    /** This time for this process, kept by its monotonic clock from now on. */
    AgentTime begin() {
        Duration since = Duration.between(origin, Instant.now());
        return new ScaledTime(start.plus(since.multipliedBy(speed)), speed);
    }
}
