package dev.bulkhead.simulator.device;

/** One point says "no value", in the way its register map has for it. */
public record SentinelValue(String point) implements Fault.OfValue, Fault.OfPoint {}
