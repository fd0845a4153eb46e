package dev.bulkhead.simulator.device;

import java.util.Optional;

/** The gateway takes requests and neither passes them on nor answers. */
public record FrozenGateway() implements Fault.OfGateway {
    @Override
    public Optional<Answer> instead() {
        return Optional.of(new Answer.Silence());
    }
}
