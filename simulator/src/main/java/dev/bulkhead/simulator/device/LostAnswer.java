package dev.bulkhead.simulator.device;

import java.util.function.Supplier;

/** The device acts, and its answer is lost: the one who asked cannot know which. */
public record LostAnswer() implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Supplier<Answer> device) {
        return switch (device.get()) {
            case Answer.Frame _, Answer.Silence _ -> new Answer.Silence();
            case Answer.HangUp hangUp -> hangUp;
        };
    }
}
