package dev.bulkhead.simulator.device;

/** The gateway hangs up on all others when a client connects. */
public record LastMaster() implements Fault.OfGateway {
    @Override
    public Admission admit(int others) {
        return Admission.TAKEN_FOR_ALL_OTHERS;
    }
}
