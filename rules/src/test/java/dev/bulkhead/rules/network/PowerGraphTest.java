package dev.bulkhead.rules.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PowerGraphTest {
    private static final Site TWO_ROOMS = TestSites.site("two-rooms");
    private static final Site REBUILT = TestSites.site("pangyo-rebuilt");

    private final PowerGraph twoRooms = PowerGraph.of(TWO_ROOMS);
    private final PowerGraph rebuilt = PowerGraph.of(REBUILT);

    @Test
    void asDocumentedEveryLoadIsLiveFromBothUtilitiesAndNoGenerator() {
        Energised live = twoRooms.live(Switching.AS_DOCUMENTED);

        for (Load load : TWO_ROOMS.loads().values()) {
            var from = live.from(load.id());
            assertTrue(from.contains(new NodeId("UTILITY-A")), load + " from " + from);
            assertTrue(from.contains(new NodeId("UTILITY-B")), load + " from " + from);
            assertFalse(from.contains(new NodeId("GENERATOR-1")), load + " from " + from);
        }
    }

    @Test
    void generatorsCarryOnceEveryUtilityIsDead() {
        var oneDead = Switching.of(Map.of(), Set.of(new NodeId("UTILITY-A")));
        var bothDead =
                Switching.of(Map.of(), Set.of(new NodeId("UTILITY-A"), new NodeId("UTILITY-B")));
        var hall = new NodeId("H1-RACKS-1");

        assertFalse(twoRooms.live(oneDead).from(hall).contains(new NodeId("GENERATOR-1")));
        assertTrue(twoRooms.live(bothDead).from(hall).contains(new NodeId("GENERATOR-1")));
    }

    @Test
    void aBreakerBetweenItsEndsIsNotCountedOnToCarry() {
        var moving =
                Switching.of(
                        Map.of(new BreakerId("QS-A1-01"), Position.MOVING), supplies(TWO_ROOMS));

        var from = twoRooms.live(moving).from(new NodeId("BB-A1-1"));

        assertEquals(Set.of(new NodeId("A1-S02")), from);
    }

    @Test
    void anyRoomAloneIsolatedAndTheUtilityLostDropsNobody() {
        for (RoomId room : REBUILT.batteryRooms()) {
            assertEquals(0, dead(new HashSet<>(REBUILT.boundaryOf(room))), room.value());
        }
    }

    @Test
    void roomA1AndH1BBothGoneAndTheUtilityLostDropsHallOne() {
        var gone = new HashSet<>(REBUILT.boundaryOf(new RoomId("A1")));
        REBUILT.busbars().values().stream()
                .filter(busbar -> busbar.ups().equals(new NodeId("H1B")))
                .forEach(busbar -> gone.add(busbar.outer()));

        assertEquals(4000, dead(gone));
    }

    @Test
    void roomsOpenedOneAfterAnotherDropNoHallBeforeBothItsSidesAreGone() {
        var gone = new HashSet<BreakerId>();
        var withoutBattery = new HashSet<NodeId>();
        for (RoomId room : REBUILT.batteryRooms()) {
            gone.addAll(REBUILT.boundaryOf(room));
            REBUILT.busbarsIn(room).forEach(busbar -> withoutBattery.add(busbar.ups()));
            long hallsWithoutBoth =
                    REBUILT.loads().values().stream()
                            .map(load -> load.hall().value())
                            .distinct()
                            .filter(hall -> withoutBattery.contains(new NodeId(hall + "A")))
                            .filter(hall -> withoutBattery.contains(new NodeId(hall + "B")))
                            .count();
            assertEquals(4000 * hallsWithoutBoth, dead(gone), "up to room " + room);
        }
        assertEquals(32000, dead(gone));
    }

    /** Servers without supply while no supply gives anything: the seconds before generators. */
    private int dead(Set<BreakerId> open) {
        Energised live = rebuilt.live(new Switching(open, supplies(REBUILT), Set.of()));
        return REBUILT.loads().values().stream()
                .filter(load -> !live.isLive(load.id()))
                .mapToInt(Load::servers)
                .sum();
    }

    private static Set<NodeId> supplies(Site site) {
        return site.supplies().keySet();
    }

    @Test
    void aUpsWithItsInputCutCountsAsLostThoughItsBatteryCarriesItForMinutes() {
        var inputs = Set.of(new BreakerId("Q-H1A-IN"), new BreakerId("Q-H1B-IN"));

        Outage outage =
                twoRooms.lossOf(inputs, Switching.AS_DOCUMENTED, twoRooms.zoneOf(new RoomId("A1")));

        assertEquals(1000, outage.servers());
        assertEquals(outage.all(), outage.elsewhere());
    }

    @Test
    void aUpsOnBatteryLosesItsLoadsWithItsBattery() {
        var onBattery =
                new Switching(
                        Set.of(new BreakerId("Q-H1B-OUT")), Set.of(), Set.of(new NodeId("H1A")));
        var outer = Set.of(new BreakerId("QB-A1-1"));
        var zone = twoRooms.zoneOf(new RoomId("A1"));

        assertEquals(1000, twoRooms.lossOf(outer, onBattery, zone).servers());
        assertEquals(0, twoRooms.lossOf(outer, Switching.AS_DOCUMENTED, zone).servers());
    }

    @Test
    void withOneSideLostItsSiblingCarriesTheWholeHall() {
        var watts = rebuilt.upsWatts(Switching.AS_DOCUMENTED, Set.of());
        var alone = rebuilt.upsWatts(Switching.AS_DOCUMENTED, Set.of(new NodeId("H1A")));

        // 125 racks × 32 servers × 333 W; the racks behind a transfer switch draw from its first
        // feeder, so the halves are not quite even.
        assertEquals(1_332_000, Site.known(alone, new NodeId("H1B")), 1);
        assertEquals(
                1_332_000,
                Site.known(watts, new NodeId("H1A")) + Site.known(watts, new NodeId("H1B")),
                1);
        assertEquals(666_000, Site.known(watts, new NodeId("H2A")), 1);
        assertEquals(Site.known(watts, new NodeId("H2B")), Site.known(alone, new NodeId("H2B")), 1);
    }

    @Test
    void aLoadKnowsTheUpsItHangsOn() {
        Set<String> names =
                twoRooms.upsOf(new NodeId("H1-RACKS-STS")).stream()
                        .map(NodeId::value)
                        .collect(Collectors.toSet());

        assertEquals(Set.of("H1A", "H1B"), names);
    }
}
