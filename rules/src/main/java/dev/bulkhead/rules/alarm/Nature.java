package dev.bulkhead.rules.alarm;

import dev.bulkhead.rules.condition.Condition;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.condition.Priority;
import java.util.Optional;

/**
 * What sort of alarm one is.
 *
 * @param isLatching it needs a person's reset
 * @param kind what evidence it is; empty where it says nothing of a room's failing
 */
public record Nature(Priority priority, boolean isLatching, Optional<Kind> kind) {
    public static Nature of(Condition condition) {
        return new Nature(condition.priority(), condition.isLatching(), condition.kind());
    }
}
