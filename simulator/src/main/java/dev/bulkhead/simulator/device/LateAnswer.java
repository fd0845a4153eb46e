package dev.bulkhead.simulator.device;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** The right answer, perhaps after the one who asked has given up. */
public record LateAnswer(Duration by) implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Instant now, Supplier<Answer> device) {
        return device.get().changed(frame -> frame.later(by));
    }
}
