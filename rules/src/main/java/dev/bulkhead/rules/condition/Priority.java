package dev.bulkhead.rules.condition;

/** How urgent an alarm is; the most urgent first. */
public enum Priority {
    HIGH,
    MEDIUM,
    LOW
}
