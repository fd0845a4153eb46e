package dev.bulkhead.rules.condition;

import java.time.Duration;

/** A kind of evidence. Two of the same kind are one. */
public enum Kind {
    /** Cells vent from half a minute to more than an hour before runaway (proposal). */
    GAS(Duration.ofMinutes(90)),
    VOLTAGE(Duration.ofMinutes(60)),
    TEMPERATURE(Duration.ofMinutes(10)),
    SMOKE(Duration.ofMinutes(15)),
    LIQUID(Duration.ofMinutes(30)),
    /** Proposal: a ground fault that matters is measured again within this. */
    ELECTRICAL(Duration.ofMinutes(15));

    private final Duration window;

    Kind(Duration window) {
        this.window = window;
    }

    /** How long a vote of this kind counts after it was last seen, where a pack says nothing. */
    public Duration window() {
        return window;
    }
}
