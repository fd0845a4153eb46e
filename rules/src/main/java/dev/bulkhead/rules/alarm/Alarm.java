package dev.bulkhead.rules.alarm;

import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An alarm that isn't normal.
 *
 * @param since when it took this state
 * @param causes the signals that were last measured in breach; with doubled sensors it is active
 *     until all are measured clear
 * @param why the evidence of its last change, or who acted
 * @param firstCause the alarm this one follows from, which is told in its stead; empty where it is
 *     told itself
 */
public record Alarm(
        AlarmId id,
        RoomId room,
        AlarmState state,
        Instant since,
        Nature nature,
        SortedSet<String> causes,
        String why,
        Optional<AlarmId> firstCause) {
    public Alarm {
        causes = Collections.unmodifiableSortedSet(new TreeSet<>(causes));
    }

    /** The condition's name, or that under which it was raised. */
    public String condition() {
        int at = id.value().indexOf('@');
        return at < 0 ? id.value() : id.value().substring(0, at);
    }

    Alarm in(AlarmState next, Instant at, String reason) {
        return new Alarm(id, room, next, at, nature, causes, reason, firstCause);
    }

    Alarm from(SortedSet<String> standing) {
        return new Alarm(id, room, state, since, nature, standing, why, firstCause);
    }

    Alarm following(Optional<AlarmId> first) {
        return new Alarm(id, room, state, since, nature, causes, why, first);
    }
}
