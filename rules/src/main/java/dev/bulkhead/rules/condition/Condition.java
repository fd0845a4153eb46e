package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.site.Role;
import java.time.Duration;
import java.util.Optional;

/**
 * A test of a pack, over roles.
 *
 * @param when what must be shown for a breach
 * @param clear what must be shown to leave it; without it, that {@code when} doesn't hold
 * @param gate when it may be judged at all
 * @param dwell how long measurements must show the breach, from the first to the last
 * @param samples how many distinct measurements must show it
 * @param kind what evidence it is; only that concerns a room's level
 * @param vote how long it counts as a vote after it was last seen; empty: it doesn't vote
 */
public record Condition(
        ConditionId id,
        Role.Of of,
        Expression when,
        Optional<Expression> clear,
        Optional<Expression> gate,
        Duration dwell,
        int samples,
        Optional<Kind> kind,
        Optional<Duration> vote,
        Priority priority,
        boolean isLatching,
        String title,
        String guidance) {
    public Condition {
        if (vote.isPresent() && kind.isEmpty()) {
            throw new IllegalArgumentException(id + " votes, so it needs a kind of evidence");
        }
        if (samples < 1 || dwell.isNegative()) {
            throw new IllegalArgumentException(id + ": " + samples + " samples, " + dwell);
        }
    }

    @Override
    public String toString() {
        return id.value();
    }
}
