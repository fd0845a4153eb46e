package dev.bulkhead.rules.alarm;

import dev.bulkhead.rules.alarm.Transition.Refused;
import dev.bulkhead.rules.alarm.Transition.Stay;
import dev.bulkhead.rules.alarm.Transition.To;

/**
 * The life of one alarm, by ISA-18.2 / IEC 62682 without shelving and suppression.
 *
 * <pre>
 *           alarm            acknowledge
 *   A ───────────────► B ───────────────► C
 *   ▲  ◄─ack─ D ◄─return┤ latching: E      │ return: A, latching: F
 *   │                   ▼                  ▼
 *   │                   E ──acknowledge──► F
 *   └──────────────reset───────────────────┘      D, E, F ──alarm──► B
 * </pre>
 */
final class AlarmLife {
    private AlarmLife() {}

    /** What an event makes of a state. UNKNOWN is no event: it changes nothing. */
    static Transition next(AlarmState state, AlarmEvent event, boolean isLatching) {
        return switch (event) {
            case ALARM -> alarm(state);
            case RETURN -> comeBack(state, isLatching);
            case ACKNOWLEDGE -> acknowledge(state);
            case RESET -> reset(state);
        };
    }

    private static Transition alarm(AlarmState state) {
        return switch (state) {
            case NORMAL, RETURNED_UNACKNOWLEDGED, LATCHED_UNACKNOWLEDGED, LATCHED_ACKNOWLEDGED ->
                    new To(AlarmState.UNACKNOWLEDGED);
            case UNACKNOWLEDGED, ACKNOWLEDGED -> new Stay();
        };
    }

    private static Transition comeBack(AlarmState state, boolean isLatching) {
        return switch (state) {
            case UNACKNOWLEDGED ->
                    new To(
                            isLatching
                                    ? AlarmState.LATCHED_UNACKNOWLEDGED
                                    : AlarmState.RETURNED_UNACKNOWLEDGED);
            case ACKNOWLEDGED ->
                    new To(isLatching ? AlarmState.LATCHED_ACKNOWLEDGED : AlarmState.NORMAL);
            case NORMAL, RETURNED_UNACKNOWLEDGED, LATCHED_UNACKNOWLEDGED, LATCHED_ACKNOWLEDGED ->
                    new Stay();
        };
    }

    private static Transition acknowledge(AlarmState state) {
        return switch (state) {
            case UNACKNOWLEDGED -> new To(AlarmState.ACKNOWLEDGED);
            case RETURNED_UNACKNOWLEDGED -> new To(AlarmState.NORMAL);
            case LATCHED_UNACKNOWLEDGED -> new To(AlarmState.LATCHED_ACKNOWLEDGED);
            case NORMAL -> new Refused("there is no such alarm");
            case ACKNOWLEDGED, LATCHED_ACKNOWLEDGED -> new Refused("it was acknowledged before");
        };
    }

    private static Transition reset(AlarmState state) {
        return switch (state) {
            case LATCHED_ACKNOWLEDGED -> new To(AlarmState.NORMAL);
            case NORMAL -> new Refused("there is no such alarm");
            case UNACKNOWLEDGED, ACKNOWLEDGED -> new Refused("its cause still stands");
            case LATCHED_UNACKNOWLEDGED -> new Refused("it must be acknowledged first");
            case RETURNED_UNACKNOWLEDGED -> new Refused("it isn't latched: acknowledging ends it");
        };
    }
}
