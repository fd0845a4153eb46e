package dev.bulkhead.simulator.device;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Supplier;

/** The gateway takes requests and neither passes them on nor answers. */
public record FrozenGateway() implements Fault.OfGateway {
    @Override
    public Answer answer(ByteBuffer frame, Instant now, Supplier<Answer> units) {
        return new Answer.Silence();
    }
}
