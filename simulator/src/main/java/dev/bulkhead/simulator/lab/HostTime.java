package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.AgentTime;
import java.time.Duration;
import java.time.Instant;

/** Plant time on a host whose wall clock can be set. */
final class HostTime implements AgentTime {
    private final AgentTime plant;
    private volatile Duration wallOffset;

    HostTime(AgentTime plant, Duration wallOffset) {
        this.plant = plant;
        this.wallOffset = wallOffset;
    }

    /** Sets the wall clock so far ahead of plant time. */
    void set(Duration ahead) {
        wallOffset = ahead;
    }

    @Override
    public Instant now() {
        return plant.now();
    }

    @Override
    public Duration wall(Duration agentDuration) {
        return plant.wall(agentDuration);
    }

    @Override
    public Duration agent(Duration wallDuration) {
        return plant.agent(wallDuration);
    }

    @Override
    public Duration wallOffset() {
        return wallOffset;
    }
}
