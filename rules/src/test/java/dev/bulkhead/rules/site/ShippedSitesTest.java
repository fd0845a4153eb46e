package dev.bulkhead.rules.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShippedSitesTest {
    private static final Set<Role> GAS =
            EnumSet.of(
                    Role.RACK_OFF_GAS,
                    Role.ROOM_OFF_GAS_REFERENCE,
                    Role.ROOM_HYDROGEN,
                    Role.ROOM_LFL);
    private static final Set<Role> SMOKE =
            EnumSet.of(Role.ROOM_SMOKE_ALERT, Role.ROOM_SMOKE_ACTION, Role.ROOM_SMOKE_FIRE);
    private static final Set<Role> BMS =
            EnumSet.of(
                    Role.RACK_VOLTAGE,
                    Role.RACK_CELL_VOLTAGE_MIN,
                    Role.RACK_TEMPERATURE_MAX,
                    Role.MODULE_TEMPERATURE,
                    Role.MODULE_CELL_VOLTAGE_MIN);

    @ParameterizedTest
    @ValueSource(strings = {"two-rooms", "two-rooms-vrla", "pangyo-rebuilt", "pangyo-2022"})
    void aShippedSiteHasNoMistake(String name) {
        var parsed = SiteFile.parse("site.yaml", TestSites.siteText(name), TestSites.profiles());

        assertEquals(List.of(), parsed.lines());
        assertEquals(name, parsed.orElseThrow().name());
    }

    @Test
    void pangyoRebuiltAddsUp() {
        Site site = TestSites.site("pangyo-rebuilt");

        assertEquals(32_000, site.servers());
        assertEquals(10_656_000, watts(site), 1e-6);
        assertEquals(128, site.strings().size());
        assertEquals(2_176, modules(site));
        assertEquals(17_408, cells(site));
        assertEquals(16, site.ups().size());
        assertEquals(
                List.of("A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4"),
                site.batteryRooms().stream().map(RoomId::value).toList());
        assertEquals(240, site.devices().size());
        assertEquals(1_000, site.loads().values().stream().mapToInt(Load::racks).sum());
        assertEquals(
                640,
                site.loads().values().stream()
                        .filter(load -> load.cords().size() == 1)
                        .mapToInt(Load::servers)
                        .sum());
        for (RoomId room : site.batteryRooms()) {
            assertEquals(2 + 16, site.boundaryOf(room).size(), room.value());
        }
    }

    @Test
    void pangyoRebuiltBacksItsUpsAsDesigned() {
        Map<String, List<String>> backed = new LinkedHashMap<>();
        Site site = TestSites.site("pangyo-rebuilt");
        for (RoomId room : site.batteryRooms()) {
            backed.put(
                    room.value(),
                    site.busbarsIn(room).map(busbar -> busbar.ups().value()).toList());
        }

        assertEquals(
                Map.of(
                        "A1", List.of("H1A", "H2A"),
                        "A2", List.of("H3A", "H4A"),
                        "A3", List.of("H5A", "H6A"),
                        "A4", List.of("H7A", "H8A"),
                        "B1", List.of("H2B", "H3B"),
                        "B2", List.of("H4B", "H5B"),
                        "B3", List.of("H6B", "H7B"),
                        "B4", List.of("H8B", "H1B")),
                backed);
    }

    /** Else two rooms lost together would take more than one hall with them. */
    @Test
    void anyTwoRoomsOfPangyoRebuiltShareAtMostOneHall() {
        Site site = TestSites.site("pangyo-rebuilt");
        for (RoomId one : site.batteryRooms()) {
            for (RoomId other : site.batteryRooms()) {
                if (!one.equals(other)) {
                    Set<String> shared = halls(site, one);
                    shared.retainAll(halls(site, other));
                    assertTrue(shared.size() <= 1, one + " and " + other + " share " + shared);
                }
            }
        }
    }

    @Test
    void twoRoomsIsSmall() {
        Site site = TestSites.site("two-rooms");

        assertEquals(2_000, site.servers());
        assertEquals(8, site.strings().size());
        assertEquals(4, site.ups().size());
        assertEquals(36, site.devices().size());
        assertEquals(2, site.batteryRooms().size());
    }

    @Test
    void pangyo2022IsAsRecorded() {
        Site site = TestSites.site("pangyo-2022");

        assertEquals(32_000, site.servers());
        assertEquals(55, site.stringsIn(new RoomId("BR-1")).count());
        assertEquals(
                605, site.stringsIn(new RoomId("BR-1")).mapToInt(BatteryString::modules).sum());
        assertEquals(22, site.ups().size());
        FireZone zone = site.zoneOf(new RoomId("BR-1")).orElseThrow();
        assertEquals(List.of(new RoomId("BR-1"), new RoomId("CV-1")), zone.rooms());
        assertEquals(22, zone.crossedBy().size());
        assertTrue(
                site.breakers().values().stream()
                        .allMatch(b -> b.operation() == Breaker.Operation.BY_HAND));
        assertTrue(
                site.boundaryOf(new RoomId("BR-1")).stream()
                        .noneMatch(id -> Site.known(site.breakers(), id).hasPosition()));
        assertEquals(
                1,
                site.breakers().values().stream()
                        .filter(breaker -> breaker.duty() == Breaker.Duty.MAIN)
                        .count());
        assertEquals(0, site.devices().size());
    }

    /** One gateway that lies must not look like two kinds of evidence, nor prove itself right. */
    @ParameterizedTest
    @ValueSource(strings = {"two-rooms", "two-rooms-vrla", "pangyo-rebuilt"})
    void kindsOfEvidenceComeOverDifferentGateways(String name) {
        Site site = TestSites.site(name);
        SignalTable signals = SignalTable.of(site, TestSites.profiles());
        for (RoomId room : site.batteryRooms()) {
            Set<GatewayId> position = gateways(signals, room, EnumSet.of(Role.BREAKER_POSITION));
            Set<GatewayId> proof = gateways(signals, room, EnumSet.of(Role.BUSBAR_VOLTAGE));
            Set<GatewayId> outer = new HashSet<>();
            site.boundaryOf(room).stream()
                    .map(Subject.OfBreaker::new)
                    .flatMap(breaker -> signals.of(breaker, Role.BREAKER_POSITION).stream())
                    .forEach(signal -> outer.add(signal.gateway()));
            Set<GatewayId> gas = gateways(signals, room, GAS);
            Set<GatewayId> smoke = gateways(signals, room, SMOKE);
            Set<GatewayId> bms = gateways(signals, room, BMS);

            assertEquals(1, proof.size());
            assertApart(position, proof);
            assertApart(outer, proof);
            assertApart(gas, bms);
            assertApart(smoke, bms);
            assertApart(smoke, gas);
            assertTrue(
                    site.devices().values().stream()
                            .filter(device -> proof.contains(device.gateway()))
                            .allMatch(device -> device.id().value().endsWith("-busbars")),
                    "nothing but busbar voltage on " + proof);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"two-rooms", "two-rooms-vrla", "pangyo-rebuilt"})
    void everySignalIsOfWhatItsRoleSays(String name) {
        Site site = TestSites.site(name);
        for (Signal signal : SignalTable.of(site, TestSites.profiles()).all()) {
            Role.Of of =
                    switch (signal.of()) {
                        case Subject.OfRoom _ -> Role.Of.ROOM;
                        case Subject.OfModule _ -> Role.Of.MODULE;
                        case Subject.OfBreaker _ -> Role.Of.BREAKER;
                        case Subject.OfNode(NodeId node) when site.strings().containsKey(node) ->
                                Role.Of.RACK;
                        case Subject.OfNode(NodeId node) when site.busbars().containsKey(node) ->
                                Role.Of.BUSBAR;
                        case Subject.OfNode _ -> Role.Of.UPS;
                    };
            assertEquals(signal.role().of(), of, signal.id().value());
        }
    }

    @Test
    void signalsOfModulesBreakersAndTerminalsHaveTheirSubject() {
        SignalTable signals = TestSites.signals("two-rooms");

        assertEquals(
                "A1-S02-bms.module[17].ModCellTmpMax",
                only(
                        signals.of(
                                new Subject.OfModule(new NodeId("A1-S02"), 17),
                                Role.MODULE_TEMPERATURE)));
        assertEquals(
                "A1-breakers.breaker[3].position",
                only(
                        signals.of(
                                new Subject.OfBreaker(new BreakerId("QS-A1-01")),
                                Role.BREAKER_POSITION)));
        assertEquals(
                "B1-offgas.di4",
                only(signals.of(new Subject.OfNode(new NodeId("B1-S04")), Role.RACK_OFF_GAS)));
        assertEquals(
                "A1-busbars.ai2",
                only(signals.of(new Subject.OfNode(new NodeId("BB-A1-2")), Role.BUSBAR_VOLTAGE)));
        assertEquals(
                new RoomId("A1"),
                signals.of(new Subject.OfNode(new NodeId("BB-A1-2")), Role.BUSBAR_VOLTAGE)
                        .getFirst()
                        .room());
        assertEquals(2, signals.of(room("A1"), Role.ROOM_HYDROGEN).size());
        assertEquals(8, signals.of(room("A1"), Role.ROOM_HEAT).size());
    }

    /** Every breaker that Bulkhead may open is on a panel, every busbar has its proof. */
    @ParameterizedTest
    @ValueSource(strings = {"two-rooms", "two-rooms-vrla", "pangyo-rebuilt"})
    void everyRoomCanBeIsolatedAndProven(String name) {
        Site site = TestSites.site(name);
        SignalTable signals = SignalTable.of(site, TestSites.profiles());
        for (RoomId room : site.batteryRooms()) {
            for (BreakerId breaker : site.boundaryOf(room)) {
                var subject = new Subject.OfBreaker(breaker);
                assertEquals(1, signals.of(subject, Role.BREAKER_POSITION).size(), breaker.value());
            }
            site.busbarsIn(room)
                    .forEach(
                            busbar -> {
                                var subject = new Subject.OfNode(busbar.id());
                                assertEquals(1, signals.of(subject, Role.BUSBAR_VOLTAGE).size());
                                RoomId outside = Site.known(site.breakers(), busbar.outer()).room();
                                assertNotEquals(room, outside);
                            });
        }
    }

    private static Subject room(String name) {
        return new Subject.OfRoom(new RoomId(name));
    }

    private static String only(List<Signal> signals) {
        assertEquals(1, signals.size());
        return signals.getFirst().id().value();
    }

    private static void assertApart(Set<GatewayId> some, Set<GatewayId> others) {
        assertTrue(!some.isEmpty() && !others.isEmpty(), some + " " + others);
        Set<GatewayId> shared = new HashSet<>(some);
        shared.retainAll(others);
        assertEquals(Set.of(), shared);
    }

    private static Set<GatewayId> gateways(SignalTable signals, RoomId room, Set<Role> roles) {
        return signals.all().stream()
                .filter(signal -> signal.room().equals(room) && roles.contains(signal.role()))
                .map(Signal::gateway)
                .collect(Collectors.toSet());
    }

    private static Set<String> halls(Site site, RoomId room) {
        return site.busbarsIn(room)
                .map(busbar -> busbar.ups().value().substring(0, 2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static double watts(Site site) {
        return site.loads().values().stream().mapToDouble(Load::watts).sum();
    }

    private static int modules(Site site) {
        return site.strings().values().stream().mapToInt(BatteryString::modules).sum();
    }

    private static int cells(Site site) {
        return site.strings().values().stream().mapToInt(BatteryString::cells).sum();
    }
}
