package dev.bulkhead.rules.site;

/**
 * A battery string in its rack.
 *
 * @param place position along the row; racks whose places differ by one are neighbours
 * @param ampereHours capacity, Ah
 */
public record BatteryString(
        NodeId id,
        RoomId room,
        NodeId busbar,
        BreakerId breaker,
        int place,
        int modules,
        int cellsPerModule,
        double ampereHours) {

    /** The same rack or the one beside it. */
    public boolean isNear(BatteryString other) {
        return room.equals(other.room) && Math.abs(place - other.place) <= 1;
    }

    public int cells() {
        return modules * cellsPerModule;
    }
}
