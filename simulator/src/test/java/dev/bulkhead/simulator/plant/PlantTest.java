package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.plant.Occurrence.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The two-room site: DC side, breakers, mains, and one rack on fire. */
final class PlantTest {
    private static final long SEED = 7;
    private static final RoomId ROOM = new RoomId("A1");
    private static final NodeId BUSBAR = new NodeId("BB-A1-1");
    private static final NodeId STRING = new NodeId("A1-S02");
    private static final NodeId UPS = new NodeId("H1A");
    private static final BreakerId OUTER = new BreakerId("QB-A1-1");
    private static final List<BreakerId> INNER =
            Stream.of("QS-A1-01", "QS-A1-02").map(BreakerId::new).toList();
    private static final List<BreakerId> OTHERS =
            Stream.of("QB-A1-2", "QS-A1-03", "QS-A1-04").map(BreakerId::new).toList();

    private final Plant plant = ShippedPlants.plant("two-rooms", SEED);

    private void pass(Duration time) {
        plant.advanceTo(plant.now().plus(time));
    }

    private double number(Role role, NodeId node) {
        return ((Value.Quantity) plant.sense(role, new Subject.OfNode(node))).number();
    }

    private boolean flag(Role role, Subject of) {
        return ((Value.Flag) plant.sense(role, of)).isSet();
    }

    private boolean flag(Role role, NodeId node) {
        return flag(role, new Subject.OfNode(node));
    }

    private Value position(BreakerId breaker) {
        return plant.sense(Role.BREAKER_POSITION, new Subject.OfBreaker(breaker));
    }

    private void open(BreakerId breaker) {
        assertTrue(plant.select(breaker));
        assertTrue(plant.trip(breaker));
        pass(Duration.ofSeconds(1));
        assertEquals(new Value.At(Position.OPEN), position(breaker));
    }

    private Optional<Instant> first(Kind kind) {
        return plant.occurrences().stream()
                .filter(occurrence -> occurrence.kind() == kind)
                .map(Occurrence::at)
                .findFirst();
    }

    private double minutesTo(Kind kind) {
        return Duration.between(ShippedPlants.START, first(kind).orElseThrow()).toMillis() / 6e4;
    }

    @Test
    void stringsFloatWithNextToNoCurrent() {
        pass(Duration.ofMinutes(10));

        assertEquals(558, number(Role.BUSBAR_VOLTAGE, BUSBAR), 1);
        assertEquals(558, number(Role.RACK_VOLTAGE, STRING), 1);
        assertEquals(0, number(Role.RACK_CURRENT, STRING), 1);
        double spread =
                number(Role.RACK_CELL_VOLTAGE_MAX, STRING)
                        - number(Role.RACK_CELL_VOLTAGE_MIN, STRING);
        assertTrue(spread < 0.010, "cell spread " + spread);
        assertEquals(24, number(Role.RACK_TEMPERATURE_AVERAGE, STRING), 1);
        assertEquals(List.of(), plant.occurrences());
    }

    @Test
    void theBusbarStaysLiveUntilTheLastSourceIsOpenAndThenDiesWithinFiveSeconds() {
        open(OUTER);
        assertEquals(558, number(Role.BUSBAR_VOLTAGE, BUSBAR), 1, "fed from the strings");
        assertTrue(flag(Role.UPS_BATTERY_CIRCUIT_OPEN, UPS));
        assertTrue(flag(Role.UPS_LOAD_ON_INVERTER, UPS), "the UPS runs on its rectifier");
        open(INNER.getFirst());
        assertEquals(558, number(Role.BUSBAR_VOLTAGE, BUSBAR), 1, "fed from the last string");

        assertTrue(plant.select(INNER.getLast()));
        assertTrue(plant.trip(INNER.getLast()));
        pass(Duration.ofMillis(50));
        assertEquals(558, number(Role.BUSBAR_VOLTAGE, BUSBAR), 1);
        pass(Duration.ofSeconds(2));
        double falling = number(Role.BUSBAR_VOLTAGE, BUSBAR);
        assertTrue(falling > 60 && falling < 300, "falling through " + falling);
        pass(Duration.ofSeconds(3));
        assertTrue(number(Role.BUSBAR_VOLTAGE, BUSBAR) < 60);

        assertEquals(558, number(Role.RACK_VOLTAGE, STRING), 1, "the string itself stays live");
        assertEquals(0, number(Role.RACK_CURRENT, STRING));
        assertEquals(558, number(Role.UPS_BATTERY_VOLTAGE, UPS), 1, "the charger's own voltage");
    }

    @Test
    void openStringBreakersAloneLeaveTheBusbarLiveFromTheUps() {
        INNER.forEach(this::open);
        pass(Duration.ofMinutes(1));

        assertEquals(558, number(Role.BUSBAR_VOLTAGE, BUSBAR), 1);
        assertTrue(plant.isEnergised(ROOM));
    }

    @Test
    void aRoomIsDeadOnlyWhenEveryBusbarOfItIs() {
        open(OUTER);
        INNER.forEach(this::open);
        pass(Duration.ofSeconds(10));
        assertTrue(plant.isEnergised(ROOM));
        OTHERS.forEach(this::open);
        Instant opened = plant.now();
        pass(Duration.ofSeconds(10));
        assertFalse(plant.isEnergised(ROOM));

        double live =
                plant.ledger().energisedSeconds(ROOM, opened, opened.plus(Duration.ofSeconds(10)));
        assertTrue(live > 1 && live < 5, "live for " + live + " s more");
        assertEquals(0, plant.ledger().serversLost());
    }

    @Test
    void aTripWithoutASelectDoesNothing() {
        assertFalse(plant.trip(OUTER));
        pass(Duration.ofSeconds(1));

        assertEquals(new Value.At(Position.CLOSED), position(OUTER));
    }

    @Test
    void aSelectStandsForTenSecondsAndForOneTrip() {
        assertTrue(plant.select(OUTER));
        pass(Duration.ofMillis(10_001));
        assertFalse(plant.trip(OUTER));

        open(OUTER);
        assertFalse(plant.trip(OUTER));
        assertTrue(flag(Role.BREAKER_TRIPPED, new Subject.OfBreaker(OUTER)));
    }

    @Test
    void aTrippedBreakerClosesOnlyAfterItsResetAndOneOpenedByHandAtOnce() {
        open(OUTER);
        plant.apply(new Happening.CloseByHand(OUTER));
        assertEquals(new Value.At(Position.OPEN), position(OUTER));
        plant.apply(new Happening.BreakerReset(OUTER));
        assertFalse(flag(Role.BREAKER_TRIPPED, new Subject.OfBreaker(OUTER)));
        assertEquals(new Value.At(Position.OPEN), position(OUTER), "a reset closes nothing");
        plant.apply(new Happening.CloseByHand(OUTER));
        assertEquals(new Value.At(Position.CLOSED), position(OUTER));

        plant.apply(new Happening.OpenByHand(OUTER));
        pass(Duration.ofSeconds(1));
        plant.apply(new Happening.CloseByHand(OUTER));
        assertEquals(new Value.At(Position.CLOSED), position(OUTER));
    }

    @Test
    void bothContactsAreOpenWhileABreakerMoves() {
        plant.select(OUTER);
        plant.trip(OUTER);
        pass(Duration.ofMillis(20));
        assertEquals(new Value.At(Position.MOVING), position(OUTER));
        pass(Duration.ofMillis(30));
        assertEquals(new Value.At(Position.OPEN), position(OUTER));
    }

    @Test
    void aBreakerInLocalOrRackedOutOrWithoutControlSupplyCannotBeSelected() {
        plant.apply(new Happening.SetLocal(OUTER, true));
        plant.apply(new Happening.ControlSupplyLost(INNER.getFirst()));
        plant.apply(new Happening.RackedOut(INNER.getLast()));

        assertFalse(plant.select(OUTER));
        INNER.forEach(breaker -> assertFalse(plant.select(breaker)));
    }

    @Test
    void aStuckBreakerTakesTheTripAndStaysClosed() {
        plant.apply(new Happening.BreakerSticks(OUTER));
        assertTrue(plant.select(OUTER));
        assertTrue(plant.trip(OUTER));
        pass(Duration.ofSeconds(1));

        assertEquals(new Value.At(Position.CLOSED), position(OUTER));
        assertTrue(first(Kind.BREAKER_STUCK).isPresent());
    }

    @Test
    void aLyingBreakerShowsOpenAndTheBusbarTellsOtherwise() {
        plant.apply(new Happening.BreakerSticks(OUTER));
        plant.apply(new Happening.BreakerLies(OUTER, Position.OPEN));
        INNER.forEach(this::open);
        pass(Duration.ofSeconds(10));

        assertEquals(new Value.At(Position.OPEN), position(OUTER));
        assertEquals(558, number(Role.BUSBAR_VOLTAGE, BUSBAR), 1);
    }

    @Test
    void aMainsFailureDischargesEveryStringUntilTheGeneratorsCarry() {
        pass(Duration.ofSeconds(5));
        plant.apply(new Happening.UtilityLost());
        pass(Duration.ofSeconds(14));
        assertTrue(flag(Role.UPS_ON_BATTERY, UPS));
        for (NodeId string : plant.site().strings().keySet()) {
            assertTrue(number(Role.RACK_CURRENT, string) < -100, string + " discharges");
        }
        assertTrue(number(Role.BUSBAR_VOLTAGE, BUSBAR) < 550);
        pass(Duration.ofSeconds(6));
        assertTrue(flag(Role.UPS_RECTIFIER_INPUT, UPS));
        assertTrue(number(Role.RACK_CURRENT, STRING) > 0, "charging");
        assertEquals(0, plant.ledger().serversLost());
    }

    @Test
    void withoutGeneratorsTheBatteriesLastTheirTimeAndThenEverythingIsLost() {
        var site = plant.site();
        var usual = ShippedPlants.settings("two-rooms", site);
        var backup = usual.backup();
        var settings =
                new PlantSettings(
                        usual.chemistry(),
                        usual.cells(),
                        usual.leadAcid(),
                        usual.air(),
                        usual.detectors(),
                        usual.switchgear(),
                        new PlantSettings.Backup(
                                false,
                                backup.generatorStart(),
                                backup.efficiency(),
                                backup.emptyVoltsPerCell(),
                                backup.chargeRate(),
                                backup.rideThrough(),
                                backup.bypassTransfer(),
                                backup.batteryTransfer(),
                                backup.upsStopsCelsius(),
                                backup.inrush(),
                                backup.inrushLasts()),
                        usual.spread(),
                        usual.deviations());
        var dark = new Plant(site, settings, SEED, ShippedPlants.START);
        dark.apply(new Happening.UtilityLost());
        dark.advanceTo(dark.now().plus(Duration.ofMinutes(5)));
        var string = new Subject.OfNode(STRING);
        double first = ((Value.Quantity) dark.sense(Role.RACK_TEMPERATURE_MAX, string)).number();
        dark.advanceTo(dark.now().plus(Duration.ofMinutes(2)));
        double later = ((Value.Quantity) dark.sense(Role.RACK_TEMPERATURE_MAX, string)).number();
        double amperes = ((Value.Quantity) dark.sense(Role.RACK_CURRENT, string)).number();
        double rate = (later - first) / 2;
        double full = rate * 350 * 350 / (amperes * amperes);
        assertTrue(full > 3 && full < 4, "at 350 A a module would warm " + full + " K/min");
        assertEquals(0, dark.ledger().serversLost());

        dark.advanceTo(dark.now().plus(Duration.ofHours(1)));
        assertEquals(site.servers(), dark.ledger().serversLost());
    }

    @Test
    void aHardShortVentsInFiveToSixMinutesAndItsBmsShowsNextToNothing() {
        plant.apply(new Happening.InternalShort(STRING, 9, 4, 20));
        var module = new Subject.OfModule(STRING, 9);
        pass(Duration.ofSeconds(1));
        double average = number(Role.RACK_CELL_VOLTAGE_AVERAGE, STRING);
        assertEquals(0.157, average - number(Role.RACK_CELL_VOLTAGE_MIN, STRING), 0.01, "sag");
        pass(Duration.ofMinutes(5));
        double warm = ((Value.Quantity) plant.sense(Role.MODULE_TEMPERATURE, module)).number();
        assertTrue(warm < 45, "thermistor before runaway: " + warm);
        assertEquals(0, number(Role.RACK_CURRENT, STRING), 0.05 * 67, "still nearly idle");
        pass(Duration.ofMinutes(10));

        double vent = minutesTo(Kind.VENTING);
        assertTrue(vent > 5 && vent < 6, "vents after " + vent + " min");
        assertEquals(6.6, minutesTo(Kind.IGNITION), 0.6);
    }

    @Test
    void gasInTheRackComesFirstThenSmokeThenTheNeighboursAndTheRoom() {
        plant.apply(new Happening.InternalShort(STRING, 9, 4, 20));
        Optional<Instant> rack = Optional.empty();
        Optional<Instant> neighbour = Optional.empty();
        Optional<Instant> reference = Optional.empty();
        Optional<Instant> smoke = Optional.empty();
        var room = new Subject.OfRoom(ROOM);
        for (int second = 0; second < 900; second++) {
            pass(Duration.ofSeconds(1));
            rack = since(rack, flag(Role.RACK_OFF_GAS, STRING));
            neighbour = since(neighbour, flag(Role.RACK_OFF_GAS, new NodeId("A1-S01")));
            reference = since(reference, flag(Role.ROOM_OFF_GAS_REFERENCE, room));
            smoke = since(smoke, flag(Role.ROOM_SMOKE_ALERT, room));
        }
        Instant vent = first(Kind.VENTING).orElseThrow();
        assertTrue(Duration.between(vent, rack.orElseThrow()).toSeconds() <= 60, "rack " + rack);
        assertTrue(rack.orElseThrow().isBefore(smoke.orElseThrow()), "smoke " + smoke);
        assertTrue(rack.orElseThrow().isBefore(neighbour.orElseThrow()));
        assertTrue(rack.orElseThrow().isBefore(reference.orElseThrow()));
        assertFalse(flag(Role.RACK_OFF_GAS, new NodeId("B1-S01")), "the other room");
        assertTrue(flag(Role.ROOM_SMOKE_FIRE, room));
        assertTrue(flag(Role.ROOM_AGENT_DISCHARGED, room));
    }

    private Optional<Instant> since(Optional<Instant> before, boolean isSet) {
        return before.isEmpty() && isSet ? Optional.of(plant.now()) : before;
    }

    @Test
    void aFireGoesFromModuleToModuleAndSilencesItsOwnBmsOnly() {
        var bms = new DeviceId("A1-S02-bms");
        plant.apply(new Happening.InternalShort(STRING, 9, 4, 20));
        assertTrue(plant.answers(bms));
        pass(Duration.ofHours(2));

        assertFalse(plant.answers(bms));
        assertTrue(plant.answers(new DeviceId("A1-S01-bms")));
        long modules =
                plant.occurrences().stream()
                        .filter(occurrence -> occurrence.kind() == Kind.RUNAWAY)
                        .map(occurrence -> occurrence.subject().split(" ", -1)[0])
                        .distinct()
                        .count();
        assertTrue(modules >= 3, "modules alight after two hours: " + modules);
        assertTrue(
                plant.occurrences().stream()
                        .filter(occurrence -> occurrence.kind() == Kind.RUNAWAY)
                        .allMatch(occurrence -> occurrence.subject().startsWith("A1-S02/")));
        assertTrue(plant.isEnergised(ROOM), "left alone, the room stays live");
        assertEquals(0, plant.ledger().serversLost());
    }

    @Test
    void isolationTakesAwayTheCurrentThatFeedsABurningString() {
        plant.apply(new Happening.InternalShort(STRING, 9, 4, 20));
        pass(Duration.ofMinutes(7));
        assertTrue(number(Role.RACK_CURRENT, STRING) > 10, "charger and neighbours feed it");
        open(OUTER);
        assertTrue(number(Role.RACK_CURRENT, STRING) > 3, "its neighbour still feeds it");
        INNER.forEach(this::open);
        assertEquals(0, number(Role.RACK_CURRENT, STRING));
        pass(Duration.ofHours(2));
        assertTrue(first(Kind.FUSE_BLOWN).isEmpty());
    }

    @Test
    void aStringLeftOnItsBusbarBurnsUntilItsFuseBlows() {
        plant.apply(new Happening.InternalShort(STRING, 9, 4, 20));
        pass(Duration.ofHours(3));

        assertTrue(minutesTo(Kind.FUSE_BLOWN) > minutesTo(Kind.IGNITION));
        // Of two strings the sound one carries nearly all that the burning one takes.
        assertEquals(0, number(Role.RACK_CURRENT, STRING));
        assertTrue(number(Role.BANK_STRINGS_CONNECTED, BUSBAR) <= 1);
        assertEquals(0, plant.ledger().serversLost());
    }

    @Test
    void whereRacksStandCloseFireReachesTheNextRackAndTheZoneStopsWhatSharesIt() {
        Plant old = ShippedPlants.plant("pangyo-2022", SEED);
        var string = old.site().strings().values().iterator().next();
        old.apply(new Happening.InternalShort(string.id(), 5, 4, 20));
        old.advanceTo(old.now().plus(Duration.ofMinutes(75)));

        var kinds = old.occurrences().stream().map(Occurrence::kind).toList();
        assertEquals(11, kinds.stream().filter(Kind.UPS_OFF::equals).count());
        assertTrue(kinds.indexOf(Kind.UPS_OFF) < kinds.indexOf(Kind.FEEDER_BURNT));
        assertTrue(kinds.indexOf(Kind.FEEDER_BURNT) < kinds.indexOf(Kind.SUPPLY_LOST));
        long racks =
                old.occurrences().stream()
                        .filter(occurrence -> occurrence.kind() == Kind.RUNAWAY)
                        .map(occurrence -> occurrence.subject().split("/", -1)[0])
                        .distinct()
                        .count();
        assertEquals(2, racks, "an end rack has one neighbour");
    }

    @Test
    void theHeatUnderASharedCeilingStopsUpsFourteenMinutesAfterTheFirstFlame() {
        Plant old = ShippedPlants.plant("pangyo-2022", SEED);
        old.apply(new Happening.InternalShort(new NodeId("BR1-S28"), 6, 6, 20));
        old.advanceTo(old.now().plus(Duration.ofMinutes(30)));

        Instant flame = old.ignition(new RoomId("BR-1")).orElseThrow();
        List<Occurrence> stops =
                old.occurrences().stream().filter(o -> o.kind() == Kind.UPS_OFF).toList();
        assertEquals(11, stops.size());
        for (Occurrence stop : stops) {
            assertEquals(Optional.of(new RoomId("CV-1")), stop.room());
            assertEquals(14, Duration.between(flame, stop.at()).toSeconds() / 60.0, 0.5);
        }
        assertEquals(0, old.ledger().serversLost(), "the B sides carry");

        old.apply(new Happening.UpsReset(new NodeId("A1")));
        old.advanceTo(old.now().plusSeconds(1));
        var isOn = new Value.Flag(true);
        var unit = new Subject.OfNode(new NodeId("A1"));
        assertNotEquals(isOn, old.sense(Role.UPS_INVERTER_ON, unit), "as hot as before");
    }

    @Test
    void theSameSeedGivesTheSamePlantHoweverOftenItIsLookedAt() {
        assertEquals(trace(Duration.ofSeconds(60), 11), trace(Duration.ofMillis(300), 11));
        assertEquals(trace(Duration.ofSeconds(1), 12), trace(Duration.ofSeconds(1), 12));
    }

    private static List<Object> trace(Duration look, long seed) {
        Plant plant = ShippedPlants.plant("two-rooms", seed);
        plant.advanceTo(ShippedPlants.START.plusMillis(1234));
        plant.apply(new Happening.InternalShort(STRING, 9, 4, 20));
        var end = ShippedPlants.START.plus(Duration.ofMinutes(12));
        while (plant.now().isBefore(end)) {
            Instant next = plant.now().plus(look);
            plant.advanceTo(next.isBefore(end) ? next : end);
        }
        List<Object> trace = new ArrayList<>(plant.occurrences());
        for (Role role : Role.values()) {
            subject(role).forEach(of -> trace.add(plant.sense(role, of)));
        }
        return trace;
    }

    private static List<Subject> subject(Role role) {
        return switch (role.of()) {
            case ROOM -> List.of(new Subject.OfRoom(ROOM));
            case RACK -> List.of(new Subject.OfNode(STRING));
            case MODULE ->
                    List.of(new Subject.OfModule(STRING, 9), new Subject.OfModule(STRING, 1));
            case BUSBAR -> List.of(new Subject.OfNode(BUSBAR));
            case UPS -> List.of(new Subject.OfNode(UPS));
            case BREAKER -> List.of(new Subject.OfBreaker(OUTER));
        };
    }

    @Test
    void everyRoleIsSensedWithAValueOfItsTypeAndRange() {
        for (Role role : Role.values()) {
            for (Subject of : subject(role)) {
                Value value = plant.sense(role, of);
                boolean fits =
                        switch (value) {
                            case Value.Quantity(double number) ->
                                    role.type() == Role.Type.NUMBER
                                            && number >= role.low()
                                            && number <= role.high();
                            case Value.Flag _ -> role.type() == Role.Type.FLAG;
                            case Value.At _ -> role.type() == Role.Type.POSITION;
                        };
                assertTrue(fits, role + " is " + value);
            }
        }
    }
}
