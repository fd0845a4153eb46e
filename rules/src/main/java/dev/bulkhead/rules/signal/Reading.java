package dev.bulkhead.rules.signal;

import java.time.Instant;

/** What the agent knows of one signal at one instant. */
public sealed interface Reading {
    /** Measured: when the request was sent. Silent: when silence was found. In agent time. */
    Instant at();

    /**
     * The device answered, and the value can be meant.
     *
     * @param at when the request was sent: nothing newer than this is known
     * @param sequence of the sample it came in
     */
    record Measured(Instant at, long sequence, Value value) implements Reading {}

    /** The device has not answered since {@code lastHeard}; the epoch if it never did. */
    record Silent(Instant at, Instant lastHeard) implements Reading {}

    /** The device answered something that is no measurement. */
    record Invalid(Instant at, long sequence, String reason) implements Reading {}
}
