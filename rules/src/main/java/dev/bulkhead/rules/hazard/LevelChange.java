package dev.bulkhead.rules.hazard;

import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.List;

/**
 * A room's level changed.
 *
 * @param votes those that stand; where it became FAILING, the two that made it so come first
 */
public record LevelChange(Instant at, RoomId room, Level from, Level to, List<Vote> votes) {
    public LevelChange {
        votes = List.copyOf(votes);
    }
}
