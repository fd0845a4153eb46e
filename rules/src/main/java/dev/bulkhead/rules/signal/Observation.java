package dev.bulkhead.rules.signal;

/**
 * A reading of a signal.
 *
 * @param signal index in the table of signals
 */
public record Observation(int signal, Reading reading) {}
