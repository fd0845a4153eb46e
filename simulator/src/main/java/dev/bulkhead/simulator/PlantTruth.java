package dev.bulkhead.simulator;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.device.Truth;
import dev.bulkhead.simulator.plant.Plant;
import java.util.OptionalLong;

/** The plant as its devices see it. */
record PlantTruth(Plant plant) implements Truth {
    @Override
    public Value sense(Role role, Subject of) {
        return plant.sense(role, of);
    }

    @Override
    public boolean select(BreakerId breaker) {
        return plant.select(breaker);
    }

    @Override
    public boolean trip(BreakerId breaker) {
        return plant.trip(breaker);
    }

    @Override
    public OptionalLong acts() {
        return OptionalLong.of(plant.acts());
    }

    @Override
    public boolean answers(DeviceId device) {
        return plant.answers(device);
    }
}
