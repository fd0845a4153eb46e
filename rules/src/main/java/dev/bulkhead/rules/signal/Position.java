package dev.bulkhead.rules.signal;

/** What a breaker's two auxiliary contacts say. */
public enum Position {
    /** 52a open, 52b closed. */
    OPEN,
    /** 52a closed, 52b open. */
    CLOSED,
    /** Both open: between the ends. */
    MOVING,
    /** Both closed: can't be. */
    BAD
}
