package dev.bulkhead.simulator.device;

/** The gateway takes requests and neither passes them on nor answers. */
public record FrozenGateway() implements Fault.OfGateway {
    @Override
    public Answer answer() {
        return new Answer.Silence();
    }
}
