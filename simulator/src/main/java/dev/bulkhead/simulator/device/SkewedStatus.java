package dev.bulkhead.simulator.device;

import java.time.Duration;

/**
 * Each register of states follows the truth only so often, and not when its neighbours do: what
 * changed at once is seen apart. Schneider's Galaxy VL vouches for one register at a time only
 * (990-6447J).
 */
public record SkewedStatus(Duration lag) implements Fault.OfValue {}
