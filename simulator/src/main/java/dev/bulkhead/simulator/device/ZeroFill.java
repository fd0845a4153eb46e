package dev.bulkhead.simulator.device;

/**
 * A read that begins at a register the device has shows zero for those it hasn't, where exception 2
 * would be right. Schneider's Galaxy VL does so (990-6447J).
 */
public record ZeroFill() implements Fault.OfValue {}
