package dev.bulkhead.rules.site;

/**
 * A battery string in its rack.
 *
 * @param place position along the row; racks whose places differ by one are neighbours
 * @param ampereHours capacity, Ah
 * @param kind of its cells
 */
public record BatteryString(
        NodeId id,
        RoomId room,
        NodeId busbar,
        BreakerId breaker,
        int place,
        int modules,
        int cellsPerModule,
        double ampereHours,
        CellKind kind) {

    /** What a string's cells stand between, empty and full, V. */
    public enum CellKind {
        /** 136 in series at 408–571 V. */
        LITHIUM_ION(3.0, 4.2),
        /** 240 in series at 401 V, empty (Vertiv APM2), to 585 V, equalised (Series 610). */
        LEAD_ACID(1.67, 2.4375);

        private final double emptyVolts;
        private final double fullVolts;

        CellKind(double emptyVolts, double fullVolts) {
            this.emptyVolts = emptyVolts;
            this.fullVolts = fullVolts;
        }
    }

    /** The same rack or the one beside it. */
    public boolean isNear(BatteryString other) {
        return room.equals(other.room) && Math.abs(place - other.place) <= 1;
    }

    public int cells() {
        return modules * cellsPerModule;
    }

    /** What it stands at with nothing left in it, V. */
    public double emptyVolts() {
        return cells() * kind.emptyVolts;
    }

    public double fullVolts() {
        return cells() * kind.fullVolts;
    }
}
