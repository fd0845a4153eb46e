package dev.bulkhead.simulator.device;

import java.time.Instant;
import java.util.function.Supplier;

/** The request never reaches the device: it neither acts nor answers. */
public record SilentDevice() implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Instant now, Supplier<Answer> device) {
        return new Answer.Silence();
    }
}
