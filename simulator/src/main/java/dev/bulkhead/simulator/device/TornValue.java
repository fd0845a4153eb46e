package dev.bulkhead.simulator.device;

/** A number of several registers shows its first one as it was at the reading before. */
public record TornValue(String point) implements Fault.OfValue, Fault.OfPoint {}
