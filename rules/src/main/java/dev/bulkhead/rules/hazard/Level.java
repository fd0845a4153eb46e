package dev.bulkhead.rules.hazard;

/** How far a room has failed. */
public enum Level {
    /** Nothing. */
    NORMAL,
    /** Something stands out; no vote. */
    WATCH,
    /** One kind of evidence votes. */
    SUSPECT,
    /** Two different kinds of evidence vote, from different devices and gateways. Latched. */
    FAILING
}
