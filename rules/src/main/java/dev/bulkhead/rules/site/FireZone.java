package dev.bulkhead.rules.site;

import java.util.List;

/**
 * What burns together: its rooms with all that stands in them, and the conductors that pass
 * through.
 */
public record FireZone(ZoneId id, String title, List<RoomId> rooms, List<FeederId> crossedBy) {
    public FireZone {
        rooms = List.copyOf(rooms);
        crossedBy = List.copyOf(crossedBy);
    }
}
