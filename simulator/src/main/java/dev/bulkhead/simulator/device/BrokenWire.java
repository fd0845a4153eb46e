package dev.bulkhead.simulator.device;

/** A terminal's wire is broken: a loop carries no current, a contact reads open. */
public record BrokenWire(String point) implements Fault.OfValue, Fault.OfPoint {}
