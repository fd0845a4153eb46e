package dev.bulkhead.rules.alarm;

/** The states of ISA-18.2 / IEC 62682, by their letters. */
public enum AlarmState {
    /** A: all is well. */
    NORMAL(false),
    /** B: active, nobody has seen it. */
    UNACKNOWLEDGED(true),
    /** C: active, seen. */
    ACKNOWLEDGED(true),
    /** D: gone, nobody saw it. */
    RETURNED_UNACKNOWLEDGED(false),
    /** E: gone but latched, nobody saw it. */
    LATCHED_UNACKNOWLEDGED(false),
    /** F: gone but latched, seen; needs a reset. */
    LATCHED_ACKNOWLEDGED(false);

    private final boolean isActive;

    AlarmState(boolean isActive) {
        this.isActive = isActive;
    }

    /** Whether what it warns of was last measured to stand. */
    public boolean isActive() {
        return isActive;
    }

    public boolean isLatched() {
        return this == LATCHED_UNACKNOWLEDGED || this == LATCHED_ACKNOWLEDGED;
    }
}
