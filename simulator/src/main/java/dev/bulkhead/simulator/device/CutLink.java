package dev.bulkhead.simulator.device;

/** The gateway drops every connection: at the next request, and at once when it is new. */
public record CutLink() implements Fault.OfGateway {
    @Override
    public Answer answer() {
        return new Answer.HangUp();
    }
}
