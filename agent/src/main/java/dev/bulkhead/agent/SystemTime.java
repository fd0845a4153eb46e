package dev.bulkhead.agent;

import java.time.Duration;
import java.time.Instant;

/** The daemon's time. */
final class SystemTime implements AgentTime {
    private final Instant start;
    private final long startNanos = System.nanoTime();

    SystemTime(Instant earliest) {
        Instant wall = Instant.now();
        start = wall.isBefore(earliest) ? earliest : wall;
    }

    @Override
    public Instant now() {
        return start.plusNanos(System.nanoTime() - startNanos);
    }

    @Override
    public Duration wall(Duration agentDuration) {
        return agentDuration;
    }

    @Override
    public Duration agent(Duration wallDuration) {
        return wallDuration;
    }

    @Override
    public Duration wallOffset() {
        return Duration.between(now(), Instant.now());
    }
}
