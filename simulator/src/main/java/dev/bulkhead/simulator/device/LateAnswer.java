package dev.bulkhead.simulator.device;

import java.time.Duration;
import java.util.function.Supplier;

/** The right answer, perhaps after the one who asked has given up. */
public record LateAnswer(Duration by) implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Supplier<Answer> device) {
        return switch (device.get()) {
            case Answer.Frame frame -> new Answer.Frame(frame.bytes(), frame.after().plus(by));
            case Answer.Silence silence -> silence;
            case Answer.HangUp hangUp -> hangUp;
        };
    }
}
