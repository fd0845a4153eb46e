package dev.bulkhead.simulator.device;

/** One point keeps the value it had when the fault came. */
public record StuckValue(String point) implements Fault.OfValue, Fault.OfPoint {}
