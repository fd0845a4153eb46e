package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.site.BreakerId;
import java.util.List;

/**
 * What the documents say of isolating a room on one rung.
 *
 * @param title the finding in a line
 * @param isRemotelyOperable every breaker it needs can be opened from afar
 * @param isProvable afterwards it can be shown that the room is dead
 * @param reasons why it is so, with names
 * @param breakers what is to be opened
 */
public record Finding(
        Rung rung,
        String title,
        boolean isRemotelyOperable,
        boolean isProvable,
        List<String> reasons,
        List<BreakerId> breakers,
        Loss loss) {
    public Finding {
        reasons = List.copyOf(reasons);
        breakers = List.copyOf(breakers);
    }
}
