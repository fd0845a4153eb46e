package dev.bulkhead.simulator.scenario;

/** A process that can be killed. */
public enum Victim {
    AGENT,
    BROKER,
    /** What takes samples from the broker to the store. */
    BRIDGE,
    STORE
}
