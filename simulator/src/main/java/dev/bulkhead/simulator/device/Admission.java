package dev.bulkhead.simulator.device;

/** What a gateway does with a client that connects. */
public enum Admission {
    TAKEN,
    /** It is hung up on. */
    REFUSED,
    /** It is taken, and all others are hung up on. */
    TAKEN_FOR_ALL_OTHERS
}
