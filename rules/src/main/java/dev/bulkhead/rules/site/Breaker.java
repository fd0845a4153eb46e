package dev.bulkhead.rules.site;

/**
 * A switch that interrupts.
 *
 * @param room where it stands
 * @param hasPosition whether its position can be read from afar
 */
public record Breaker(
        BreakerId id,
        Duty duty,
        RoomId room,
        Operation operation,
        boolean hasPosition,
        double ratedAmperes) {

    /** What a breaker separates. */
    public enum Duty {
        /** QB: a battery room's busbar from its UPS. */
        OUTER,
        /** QS: a battery string from its busbar. */
        STRING,
        /** A feeder of the AC network. */
        FEEDER,
        /** The facility's main: on no rung. */
        MAIN
    }

    /** How a breaker is moved. */
    public enum Operation {
        REMOTE,
        BY_HAND
    }
}
