package dev.bulkhead.rules.condition;

/** What an expression comes to. */
sealed interface Answer {
    /** Shown to hold, or shown not to. */
    record Known(boolean holds) implements Answer {}

    /** Can't be told from what was measured. */
    record Unknown(String why) implements Answer {}

    default boolean isYes() {
        return this instanceof Known(boolean holds) && holds;
    }

    default boolean isNo() {
        return this instanceof Known(boolean holds) && !holds;
    }
}
