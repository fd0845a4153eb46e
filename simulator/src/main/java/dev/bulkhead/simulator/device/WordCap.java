package dev.bulkhead.simulator.device;

import java.time.Instant;
import java.util.function.Supplier;

/**
 * A read of more registers than this is refused with exception 3. MGE's Galaxy 7000 takes 26 at
 * most (990-4329B); how it refuses more is an assumption.
 */
public record WordCap(int most) implements Fault.OfAnswer {
    private static final int ILLEGAL_VALUE = 3;

    @Override
    public Answer answer(Request request, Instant now, Supplier<Answer> device) {
        return request.registers() > most ? request.refusal(ILLEGAL_VALUE) : device.get();
    }
}
