package dev.bulkhead.simulator.plant;

import java.util.List;

/**
 * How long a part may carry more than it is made for. Time at an overload uses up a part of what is
 * allowed there, so that a step up or down counts what went before; time without one gives it back.
 */
final class Overload {
    /**
     * An inverter: up to 105 % for ever, 125 % ten minutes, 150 % a minute, above that 200 ms
     * (APM2's manual). Above 200 % half a period of 50 Hz is an assumption: there its current limit
     * holds, and a NeWave manual says "at once" from 150 % on.
     */
    private static final List<Step> INVERTER =
            List.of(new Step(1.25, 600), new Step(1.50, 60), new Step(2.00, 0.2));

    private static final double INVERTER_FREE = 1.05;
    private static final double INVERTER_BEYOND = 0.01;

    /**
     * A static bypass: up to 110 % for ever, 125 % two minutes, 150 % ten seconds, above that five
     * periods (Staco FirstLine, form 003-2323 rev. B, p. 28, which says so for 700 %).
     */
    private static final List<Step> BYPASS = List.of(new Step(1.25, 120), new Step(1.50, 10));

    private static final double BYPASS_FREE = 1.10;
    private static final double BYPASS_BEYOND = 0.1;

    /** How long it takes to cool, from used up to fresh. Assumption. */
    private static final double COOLS_SECONDS = 600;

    /** From float rounding, not from any device. */
    private static final double SPENT = 1 - 1e-9;

    private record Step(double upTo, double seconds) {}

    private final double free;
    private final List<Step> steps;
    private final double beyond;
    private double used;

    private Overload(double free, List<Step> steps, double beyond) {
        this.free = free;
        this.steps = steps;
        this.beyond = beyond;
    }

    static Overload ofInverter() {
        return new Overload(INVERTER_FREE, INVERTER, INVERTER_BEYOND);
    }

    static Overload ofBypass() {
        return new Overload(BYPASS_FREE, BYPASS, BYPASS_BEYOND);
    }

    /**
     * Carries a load for a while.
     *
     * @param share of the rating; 1 is full load
     */
    void carry(double share, double seconds) {
        used += share > free ? seconds / allowedSeconds(share) : -seconds / COOLS_SECONDS;
        used = Math.clamp(used, 0, 1);
    }

    private double allowedSeconds(double share) {
        for (Step step : steps) {
            if (share <= step.upTo()) {
                return step.seconds();
            }
        }
        return beyond;
    }

    /** How long it can go on like this; endless where it needn't end. */
    double secondsLeft(double share) {
        return share > free ? (1 - used) * allowedSeconds(share) : Double.POSITIVE_INFINITY;
    }

    boolean isSpent() {
        return used >= SPENT;
    }
}
