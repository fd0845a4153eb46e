package dev.bulkhead.rules.alarm;

/** What became of a person's act on an alarm. */
public sealed interface Answer {
    /** Done. */
    record Changed(AlarmChange change) implements Answer {}

    /** Not done. */
    record Refused(String why) implements Answer {}
}
