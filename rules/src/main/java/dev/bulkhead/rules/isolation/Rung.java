package dev.bulkhead.rules.isolation;

/** How much of a fire zone is made dead. The facility's main switch is on no rung. */
public enum Rung {
    /** The room's battery DC breakers: outer breakers, then string breakers. May be armed. */
    BATTERY,
    /** Everything in and through the fire zone. People only. */
    ZONE
}
