package dev.bulkhead.simulator.device;

/** The gateway hangs up on whoever connects while another client is connected. */
public record SingleMaster() implements Fault.OfGateway {
    @Override
    public Admission admit(int others) {
        return others == 0 ? Admission.TAKEN : Admission.REFUSED;
    }
}
