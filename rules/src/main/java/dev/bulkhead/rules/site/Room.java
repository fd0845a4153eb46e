package dev.bulkhead.rules.site;

import java.util.List;

/**
 * A room of the building.
 *
 * @param volumeCubicMetres free air, for gas; 0 where it doesn't matter
 * @param staysLive what is fed from outside and stays live when the room is isolated
 */
public record Room(RoomId id, String title, double volumeCubicMetres, List<String> staysLive) {
    public Room {
        staysLive = List.copyOf(staysLive);
    }
}
