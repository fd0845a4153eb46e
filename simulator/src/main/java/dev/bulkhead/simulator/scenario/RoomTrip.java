package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.plant.Plant;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What decides, without any agent, that a battery room is to be tripped. It sees what its own
 * sensors show, each room by itself, and remembers what it saw at earlier looks.
 */
sealed interface RoomTrip {
    /** Between two looks. */
    Duration cycle();

    /** Looks at a room once; why it is to be tripped, or empty while it isn't. */
    Optional<String> look(RoomId room);

    /**
     * A battery management system that trips its room when a module is too hot. Two readings in a
     * row count, so that one wrong conversion trips nothing (foxBMS counts diagnostic events for
     * the same reason). It measures in its racks and asks nobody over the network; one that has
     * burnt measures nothing.
     */
    final class BmsThreshold implements RoomTrip {
        /**
         * The limit that rules of thumb and many data sheets of modules have; the figure.
         */
        static final double LIMIT_CELSIUS = 60;

        private final Plant plant;
        private final Duration cycle;
        private final Map<RoomId, Set<String>> hotBefore = new HashMap<>();

        BmsThreshold(Plant plant, Duration cycle) {
            this.plant = plant;
            this.cycle = cycle;
        }

        @Override
        public Duration cycle() {
            return cycle;
        }

        @Override
        public Optional<String> look(RoomId room) {
            var hot = new TreeSet<String>();
            plant.site()
                    .stringsIn(room)
                    .filter(string -> plant.bmsAnswers(string.id()))
                    .forEach(string -> hotModules(string, hot));
            Set<String> before = hotBefore.put(room, hot);
            return hot.stream()
                    .filter(module -> before != null && before.contains(module))
                    .findFirst()
                    .map(module -> module + " above " + LIMIT_CELSIUS + " °C at two readings");
        }

        private void hotModules(BatteryString string, Set<String> hot) {
            IntStream.rangeClosed(1, string.modules())
                    .filter(module -> celsius(string.id(), module) > LIMIT_CELSIUS)
                    .forEach(module -> hot.add(string.id() + "/" + module));
        }

        private double celsius(NodeId string, int module) {
            return plant.sense(Role.MODULE_TEMPERATURE, new Subject.OfModule(string, module))
                            instanceof Value.Quantity(double celsius)
                    ? celsius
                    : Double.NEGATIVE_INFINITY;
        }
    }

    /**
     * A fire panel that trips a room on smoke in two zones: both detectors of the room at their
     * fire step, without a break for as long as people have to abort.
     */
    final class PanelInterlock implements RoomTrip {
        /** A panel's scan of its loop. */
        private static final Duration SCAN = Duration.ofSeconds(1);

        /** What people have to press abort, as with an extinguishing agent. */
        static final Duration DELAY = Duration.ofSeconds(30);

        private final Plant plant;
        private final Map<RoomId, Integer> scansAtFire = new HashMap<>();

        PanelInterlock(Plant plant) {
            this.plant = plant;
        }

        @Override
        public Duration cycle() {
            return SCAN;
        }

        @Override
        public Optional<String> look(RoomId room) {
            boolean isAtFire =
                    isSet(Role.ROOM_SMOKE_FIRE, room) && !isSet(Role.ROOM_AGENT_ABORTED, room);
            int scans = isAtFire ? scansAtFire.merge(room, 1, Integer::sum) : 0;
            if (!isAtFire) {
                scansAtFire.remove(room);
            }
            // The first scan at fire is second 0.
            return scans > DELAY.dividedBy(SCAN)
                    ? Optional.of(
                            "two zones of smoke at their fire step for " + DELAY.toSeconds() + " s")
                    : Optional.empty();
        }

        private boolean isSet(Role role, RoomId room) {
            return plant.sense(role, new Subject.OfRoom(room)) instanceof Value.Flag(boolean isSet)
                    && isSet;
        }
    }
}
