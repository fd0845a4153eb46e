package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import java.time.Duration;

/** What befalls the plant. Breakers are named as they really are, not as they are wired. */
public sealed interface Happening {

    /** A cell shorts inside. Module and cell count from 1. */
    record InternalShort(NodeId string, int module, int cell, double milliohms)
            implements Happening {}

    /** Every utility feed is lost; generators start if the plant's do. */
    record UtilityLost() implements Happening {}

    record UtilityRestored() implements Happening {}

    /** The generators stop if they run, and don't start from now on. */
    record GeneratorsFail() implements Happening {}

    /** From now on the breaker doesn't move, whatever tells it to. */
    record BreakerSticks(BreakerId breaker) implements Happening {}

    /** From now on its auxiliary contacts show this, wherever the breaker is. */
    record BreakerLies(BreakerId breaker, Position shown) implements Happening {}

    /** Somebody opens a breaker where it stands. */
    record OpenByHand(BreakerId breaker) implements Happening {}

    /** Somebody closes a breaker where it stands; one that has tripped doesn't close. */
    record CloseByHand(BreakerId breaker) implements Happening {}

    /** Somebody resets a breaker that has tripped, where it stands; it stays open. */
    record BreakerReset(BreakerId breaker) implements Happening {}

    record SetLocal(BreakerId breaker, boolean isLocal) implements Happening {}

    record RackedOut(BreakerId breaker) implements Happening {}

    record ControlSupplyLost(BreakerId breaker) implements Happening {}

    /** The trip pulse goes out and nothing comes of it. */
    record TripCircuitBroken(BreakerId breaker) implements Happening {}

    /**
     * The whole facility is switched off: utility, generators and UPS, and the battery breakers
     * where the plant's settings say that the cut reaches them, as far as they move. Nothing comes
     * back.
     */
    record FacilityCut() implements Happening {}

    /**
     * Somebody starts servers that are down, all of a load at once; those without supply stay down.
     */
    record ServersStarted(NodeId load) implements Happening {}

    /** A UPS stops for a reason of its own. */
    record UpsFails(NodeId ups) implements Happening {}

    /**
     * Somebody switches a UPS on again where it stands. It stops again if what stopped it lasts; a
     * facility cut lasts.
     */
    record UpsReset(NodeId ups) implements Happening {}

    record WaterLeak(RoomId room) implements Happening {}

    /**
     * Smoke, dust or exhaust comes into a room for a while, from elsewhere than its batteries.
     *
     * @param squareMetresPerSecond of extinction area; 0.24 m² in all take 120 m³ to 0.2 %/m
     */
    record SmokeEnters(RoomId room, double squareMetresPerSecond, Duration lasting)
            implements Happening {}

    /**
     * Gas that off-gas sensors answer to, and hydrogen and LFL sensors don't, comes into a room for
     * a while, from elsewhere.
     *
     * @param litresPerSecond of cell gas to which an off-gas sensor would answer as much
     */
    record GasEnters(RoomId room, double litresPerSecond, Duration lasting) implements Happening {}

    /** Somebody holds test gas to the off-gas sensor of a rack. */
    record BumpTest(NodeId string, Duration lasting) implements Happening {}

    /** A room's exhaust fan stops, or runs again. */
    record FanStops(RoomId room, boolean isStopped) implements Happening {}

    /** A room's cooling fails for a while; afterwards the room stays as warm as it became. */
    record CoolingFails(RoomId room, double kelvinPerHour, Duration lasting) implements Happening {}

    /** A room's cooling is back, and its air cools evenly to what it usually is. */
    record CoolingRuns(RoomId room, double kelvinPerHour) implements Happening {}

    /** Somebody resets a room's smoke and heat detectors. */
    record DetectorsReset(RoomId room) implements Happening {}

    /** A room's extinguishing agent goes off without a fire. */
    record AgentReleased(RoomId room) implements Happening {}

    /** A busbar's insulation to earth is poor for a while, or its monitor is disturbed. */
    record InsulationFalls(NodeId busbar, double kiloohms, Duration lasting) implements Happening {}
}
