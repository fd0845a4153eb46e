package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that truly happened in the plant.
 *
 * @param room where, if in one room
 * @param subject what it happened to, as the site names it
 * @param text for people
 */
public record Occurrence(
        Instant at, Kind kind, Optional<RoomId> room, String subject, String text) {

    /** What kind of thing happened. */
    public enum Kind {
        SHORT,
        VENTING,
        /** A room's first flame. */
        IGNITION,
        RUNAWAY,
        DEVICE_SILENT,
        AGENT_DISCHARGED,
        WATER_LEAK,
        SMOKE_ENTERED,
        GAS_ENTERED,
        BUMP_TEST,
        DETECTORS_RESET,
        FAN_STOPPED,
        FAN_RUNS,
        COOLING_FAILED,
        COOLING_RUNS,
        INSULATION_FELL,
        BREAKER_OPENED,
        BREAKER_CLOSED,
        BREAKER_STUCK,
        BREAKER_RESET,
        FUSE_BLOWN,
        FEEDER_BURNT,
        BUSBAR_DEAD,
        UTILITY_LOST,
        UTILITY_RESTORED,
        GENERATORS_CARRY,
        GENERATORS_FAILED,
        UPS_ON_RECTIFIER,
        UPS_ON_BATTERY,
        UPS_ON_BYPASS,
        UPS_OFF,
        UPS_RESET,
        SUPPLY_LOST,
        SERVERS_STARTED,
        FACILITY_CUT
    }

    @Override
    public String toString() {
        return at + " " + text;
    }
}
