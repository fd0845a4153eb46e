package dev.bulkhead.simulator.device;

/** Every point keeps the value it had when the fault came: a device that lost its sensors. */
public record StuckDevice() implements Fault.OfValue {}
