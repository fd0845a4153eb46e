package dev.bulkhead.agent;

import java.time.Duration;
import java.time.Instant;

/**
 * Agent time that starts at a given instant and runs {@code speed} times as fast as the wall's: for
 * a laboratory, whose plant runs as fast. The daemon reads {@link AgentTime#system}.
 */
public final class ScaledTime implements AgentTime {
    private final Instant start;
    private final int speed;
    private final long startNanos = System.nanoTime();

    public ScaledTime(Instant start, int speed) {
        if (speed < 1) {
            throw new IllegalArgumentException("speed " + speed + " is not 1 or more");
        }
        this.start = start;
        this.speed = speed;
    }

    @Override
    public Instant now() {
        return start.plus(agent(Duration.ofNanos(System.nanoTime() - startNanos)));
    }

    @Override
    public Duration wall(Duration agentDuration) {
        return agentDuration.dividedBy(speed);
    }

    @Override
    public Duration agent(Duration wallDuration) {
        return wallDuration.multipliedBy(speed);
    }
}
