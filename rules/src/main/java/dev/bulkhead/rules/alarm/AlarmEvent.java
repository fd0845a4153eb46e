package dev.bulkhead.rules.alarm;

/** What can happen to an alarm. */
enum AlarmEvent {
    /** Its condition is breached. */
    ALARM,
    /** Its condition is measured clear. */
    RETURN,
    /** A person has seen it. */
    ACKNOWLEDGE,
    /** A person says the latched cause is dealt with. */
    RESET
}
