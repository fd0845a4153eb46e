package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.RoomId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A stretch of a facility's life as it was drawn: its scenario, and of each thing in it what it
 * touches and for how long.
 */
public record Life(Scenario scenario, List<Spell> spells) {
    public Life {
        spells = List.copyOf(spells);
    }

    /** The same fire, and nothing else. */
    public Life fireAlone() {
        return new Life(scenario.shortsAlone(), spells.stream().filter(Spell::isFire).toList());
    }

    /**
     * One thing that is so for a while.
     *
     * @param kind its key in a scenario's file, of a device's fault the fault's name
     * @param until empty: to the end
     * @param rooms the battery rooms whose judgement or isolation it may touch
     * @param devices that it touches; none for what truly happens
     * @param effect on what these devices say
     * @param text what, and of what
     */
    public record Spell(
            String kind,
            Duration from,
            Optional<Duration> until,
            Set<RoomId> rooms,
            Set<DeviceId> devices,
            Effect effect,
            String text) {
        /** The kind of the one thing for which a room must be isolated. */
        public static final String FIRE = "internal-short";

        public static final String OPEN_BY_HAND = "open-by-hand";

        /** What is really there and looks like a beginning fire. */
        public static final Set<String> LOOKALIKES =
                Set.of(
                        "water-leak",
                        "smoke-source",
                        "gas-source",
                        "exhaust",
                        "bump-test",
                        "fan-stops",
                        "cooling-fails",
                        "agent-released",
                        "insulation-falls");

        /** What a thing does to what devices say. */
        public enum Effect {
            /** What they say is true, if they say anything. */
            TRUE,
            /** They say something else than what is true. */
            FALSE,
            /** They say nothing that may be taken for an answer. */
            MUTE
        }

        public Spell {
            rooms = Set.copyOf(rooms);
            devices = Set.copyOf(devices);
        }

        public boolean isFire() {
            return kind.equals(FIRE);
        }

        /** Whether it is really there, looks like a beginning fire and is none. */
        public boolean looksLikeAFire() {
            return LOOKALIKES.contains(kind);
        }

        /** Whether sensors tell of trouble in its rooms that isn't in their batteries. */
        public boolean tellsOfTrouble() {
            return effect == Effect.FALSE || looksLikeAFire();
        }

        /** Whether it stands at any time between two others, ends included. */
        public boolean isWithin(Duration first, Duration last) {
            return from.compareTo(last) <= 0
                    && until.filter(end -> end.compareTo(first) < 0).isEmpty();
        }
    }
}
