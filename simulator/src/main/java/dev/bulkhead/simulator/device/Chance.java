package dev.bulkhead.simulator.device;

import java.time.Instant;
import java.util.SplittableRandom;

/** Chance without a course of its own: the same draw for the same seed, thing and instant. */
final class Chance {
    private Chance() {}

    /** From 0 to below 1. */
    static double draw(long seed, String what, Instant now) {
        long mixed = 31 * (31 * seed + what.hashCode()) + now.getEpochSecond();
        return new SplittableRandom(1_000_000_007 * mixed + now.getNano()).nextDouble();
    }
}
