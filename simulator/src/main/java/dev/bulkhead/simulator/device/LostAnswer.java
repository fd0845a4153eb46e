package dev.bulkhead.simulator.device;

import java.time.Instant;
import java.util.function.Supplier;

/** The device acts, and its answer is lost: the one who asked cannot know which. */
public record LostAnswer() implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Instant now, Supplier<Answer> device) {
        return device.get() instanceof Answer.HangUp hangUp ? hangUp : new Answer.Silence();
    }
}
