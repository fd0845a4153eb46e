package dev.bulkhead.rules.site;

/**
 * A place where conductors meet: switchboard, transformer, PDU or static transfer switch. Fed from
 * any of its feeders.
 */
public record Bus(NodeId id, Kind kind, RoomId room, double ratedWatts) {
    /** What a bus is. */
    public enum Kind {
        SWITCHBOARD,
        TRANSFORMER,
        PDU,
        TRANSFER_SWITCH
    }
}
