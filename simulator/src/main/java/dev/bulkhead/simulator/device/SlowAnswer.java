package dev.bulkhead.simulator.device;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** The right answer, byte by byte, with so long from each to the next. */
public record SlowAnswer(Duration pace) implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Instant now, Supplier<Answer> device) {
        return device.get()
                .changed(
                        frame ->
                                new Answer.Frame(
                                        frame.bytes(),
                                        frame.after()
                                                .plus(
                                                        pace.multipliedBy(
                                                                frame.bytes().remaining() - 1L)),
                                        pace));
    }
}
