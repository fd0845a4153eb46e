package dev.bulkhead.simulator.device;

import java.util.Optional;

/** The gateway drops every connection: at the next request, and at once when it is new. */
public record CutLink() implements Fault.OfGateway {
    @Override
    public Optional<Answer> instead() {
        return Optional.of(new Answer.HangUp());
    }

    @Override
    public Admission admit(int others) {
        return Admission.REFUSED;
    }
}
