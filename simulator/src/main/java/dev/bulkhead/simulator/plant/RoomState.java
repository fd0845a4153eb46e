package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A battery room: its racks, their air, and what has happened there. */
final class RoomState {
    private final Room room;
    private final RoomAir air;
    private final List<StringState> strings;
    private Optional<Long> ignition = Optional.empty();
    private boolean hasLeak;
    private boolean hasToldDischarge;

    RoomState(Room room, PlantSettings settings, List<StringState> strings) {
        this.room = room;
        this.strings = List.copyOf(strings);
        List<BatteryString> racks = strings.stream().map(StringState::string).toList();
        // A room without a volume is a room where gas doesn't matter; 300 m³ keeps it finite.
        double volume = room.volumeCubicMetres() > 0 ? room.volumeCubicMetres() : 300;
        this.air = new RoomAir(settings, volume, racks);
    }

    /** A cell of a rack that vented or ran away. */
    record Trouble(StringState string, Stack.CellEvent event) {}

    List<Trouble> step(double seconds) {
        List<Trouble> troubles = new ArrayList<>();
        List<Emission> emissions = new ArrayList<>();
        for (StringState string : strings) {
            var emission = new Emission();
            for (Stack.CellEvent event : string.step(seconds, air.celsius(), emission)) {
                troubles.add(new Trouble(string, event));
            }
            emissions.add(emission);
        }
        air.step(seconds, emissions);
        return troubles;
    }

    Room room() {
        return room;
    }

    RoomAir air() {
        return air;
    }

    List<StringState> strings() {
        return strings;
    }

    boolean hasOffGas(NodeId string) {
        return air.hasOffGas(rack(string));
    }

    /** The place of a rack in the room's order. */
    int rack(NodeId string) {
        for (int rack = 0; rack < strings.size(); rack++) {
            if (strings.get(rack).string().id().equals(string)) {
                return rack;
            }
        }
        throw new IllegalArgumentException("room " + room.id() + " has no rack " + string);
    }

    boolean isAblaze() {
        return ignition.isPresent();
    }

    Optional<Long> ignition() {
        return ignition;
    }

    void ignite(long at) {
        ignition = Optional.of(at);
    }

    void leak() {
        hasLeak = true;
    }

    boolean hasLeak() {
        return hasLeak;
    }

    /** Whether the agent has gone off since this was last asked. */
    boolean tellsDischarge() {
        boolean news = air.hasDischarged() && !hasToldDischarge;
        hasToldDischarge |= news;
        return news;
    }
}
