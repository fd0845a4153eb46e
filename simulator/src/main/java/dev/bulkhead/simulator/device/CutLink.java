package dev.bulkhead.simulator.device;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Supplier;

/** The gateway drops every connection: at the next request, and at once when it is new. */
public record CutLink() implements Fault.OfGateway {
    @Override
    public Answer answer(ByteBuffer frame, Instant now, Supplier<Answer> units) {
        return new Answer.HangUp();
    }

    @Override
    public Admission admit(int others) {
        return Admission.REFUSED;
    }
}
