package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.List;

/**
 * What battery rooms looked like while time went by.
 *
 * @param instants in order; every room has a frame for each
 */
public record Film(List<Instant> instants, List<OfRoom> rooms) {

    /** Nothing was filmed. */
    public static final Film NONE = new Film(List.of(), List.of());

    /**
     * One room.
     *
     * @param racks whose modules are shown; empty if only the hottest of the room is
     */
    public record OfRoom(RoomId room, List<Rack> racks, List<Frame> frames) {
        public OfRoom {
            racks = List.copyOf(racks);
            frames = List.copyOf(frames);
        }
    }

    /** A rack and how many modules it has, number 1 at the bottom. */
    public record Rack(NodeId id, int modules) {}

    /**
     * A room at an instant.
     *
     * @param trueCelsius of its hottest cell, which no sensor shows
     * @param sensedCelsius the highest that any thermistor shows
     * @param hydrogenPartsPerMillion of the room's air
     * @param lflPercent of the room's air
     * @param smokeStep of the room's detectors: 0 none, 1 alert, 2 action, 3 fire
     * @param isEnergised a busbar stands at 60 V or more
     * @param trueModules the hottest cell of each module, rack by rack
     * @param sensedModules what each module's thermistor shows, rack by rack
     */
    public record Frame(
            int trueCelsius,
            int sensedCelsius,
            int hydrogenPartsPerMillion,
            int lflPercent,
            int smokeStep,
            boolean isEnergised,
            List<Integer> trueModules,
            List<Integer> sensedModules) {
        public Frame {
            trueModules = List.copyOf(trueModules);
            sensedModules = List.copyOf(sensedModules);
        }
    }

    public Film {
        instants = List.copyOf(instants);
        rooms = List.copyOf(rooms);
        for (OfRoom room : rooms) {
            if (room.frames().size() != instants.size()) {
                throw new IllegalArgumentException(
                        room.room() + " has " + room.frames().size() + " frames");
            }
        }
    }
}
