package dev.bulkhead.simulator.device;

import java.time.Instant;
import java.util.function.Supplier;

/** Some requests are refused with exception 6, busy, and not acted on. */
public record BusyDevice(double percent, long seed) implements Fault.OfAnswer {
    private static final int BUSY = 6;

    @Override
    public Answer answer(Request request, Instant now, Supplier<Answer> device) {
        return Chance.draw(seed, request.unit() + " " + request.transaction(), now) * 100 < percent
                ? request.refusal(BUSY)
                : device.get();
    }
}
