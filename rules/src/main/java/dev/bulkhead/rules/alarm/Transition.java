package dev.bulkhead.rules.alarm;

/** What an event makes of an alarm's state. */
sealed interface Transition {
    /** It becomes another. */
    record To(AlarmState state) implements Transition {}

    /** It stays; nothing is wrong with that. */
    record Stay() implements Transition {}

    /** A person asked for what can't be. */
    record Refused(String why) implements Transition {}
}
