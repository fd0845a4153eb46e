package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.site.Role;
import java.time.Duration;

/** What an expression asks of the plant. */
sealed interface Use {
    Role role();

    /** The latest value. */
    record Latest(Role role) implements Use {}

    /** Seconds since the last measurement. */
    record Age(Role role) implements Use {}

    /**
     * Least squares over the last measurements, per minute.
     *
     * @param span the least time from the first to the last of them
     */
    record Rate(Role role, int count, Duration span) implements Use {}

    /** How far the value is from the median of its peers in the room. */
    record OverPeers(Role role) implements Use {}

    /** Whether a rack's current stayed below a fraction of its capacity for a time. */
    record Idle(Role role, double capacityFraction, Duration length) implements Use {}

    /** Whether any signal of a flag said yes when it was last measured. */
    record AnySet(Role role) implements Use {}

    /**
     * Whether every signal of a flag is known to have said no since a while before a flag of the
     * subject's own began to say yes.
     *
     * @param own the flag of the subject
     */
    record AllClearSince(Role role, Role own, Duration before) implements Use {}
}
