package dev.bulkhead.simulator.device;

import static dev.bulkhead.simulator.device.HandSetPlant.breaker;
import static dev.bulkhead.simulator.device.HandSetPlant.module;
import static dev.bulkhead.simulator.device.HandSetPlant.node;
import static dev.bulkhead.simulator.device.HandSetPlant.room;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.rules.site.Wire;
import dev.bulkhead.simulator.ShippedProfiles;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Registers against words worked out by hand from the makers' maps. If these are wrong, every test
 * of the agent against this simulator proves nothing.
 */
class UnitImageTest {
    private final TwoRooms site = new TwoRooms();
    private final HandSetPlant plant = site.plant;

    @Test
    void aStringsFixedBlockIsThatOfModel804() {
        Subject string = node("A1-S01");
        plant.set(Role.RACK_CONTACTOR_CLOSED, string, true);
        plant.set(Role.RACK_STATE_OF_CHARGE, string, 93);
        plant.set(Role.RACK_CURRENT, string, -0.4);
        plant.set(Role.RACK_VOLTAGE, string, 557.6);
        plant.set(Role.RACK_CELL_VOLTAGE_MAX, string, 4.103);
        plant.set(Role.RACK_CELL_VOLTAGE_MIN, string, 4.098);
        plant.set(Role.RACK_CELL_VOLTAGE_AVERAGE, string, 4.1);
        plant.set(Role.RACK_TEMPERATURE_MAX, string, 24.6);
        plant.set(Role.RACK_TEMPERATURE_MIN, string, -3.9);
        plant.set(Role.RACK_TEMPERATURE_AVERAGE, string, 24.2);

        assertEquals(
                "0001 0000 0063 0103 60"
                        // ID 804, L 318, Idx 1, NMod 17, St enabled and contactor closed
                        + "0324 013E 0001 0011 0000 0003 "
                        // ConFail, NCellBal, SoC 930, DoD, NCyc, SoH, A -4, V 5576
                        + "FFFF FFFF 03A2 FFFF FFFF FFFF FFFF FFFC 15C8 "
                        // CellVMax 4103, CellVMin 4098, CellVAvg 4100, each but the last by module
                        + "1007 FFFF 1002 FFFF 1004 "
                        // ModTmpMax 246, ModTmpMin -39, ModTmpAvg 242, pad
                        + "00F6 FFFF FFD9 FFFF 00F2 8000 "
                        // ConSt, Evt1 none, Evt2, EvtVnd1, EvtVnd2, SetEna, SetCon
                        + "FFFF FFFF 0000 0000 FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF "
                        // SoC -1, SoH, DoD, A -1, V -1, CellV -3, ModTmp -1, pads
                        + "FFFF 8000 8000 FFFF FFFF FFFD FFFF 8000 8000 8000",
                spaced(site.ask("A1-bms", "0001 0000 0006 01 03 9C86 0030")));
    }

    /** The answer's header has nine bytes: sets the words after it apart again. */
    private static String spaced(String answer) {
        String digits = answer.replace(" ", "");
        String header = digits.substring(0, 18).replaceAll("(.{4})(?!$)", "$1 ");
        return header + digits.substring(18).replaceAll("(.{4})(?!$)", "$1 ");
    }

    @Test
    void aStringBeginsWithItsMarkAndEndsAfterItsLastModule() {
        assertEquals("5375 6E53 0001 0042", site.registers("A1-bms", 1, 40000, 4));
        // "Bulkhead simulated", "battery string", serial number "A1-S01-bms", unit 1, pad
        assertEquals("4275 6C6B", site.registers("A1-bms", 1, 40004, 2));
        assertEquals("6261 7474", site.registers("A1-bms", 1, 40020, 2));
        assertEquals("4131 2D53 3031 2D62 6D73 0000", site.registers("A1-bms", 1, 40052, 6));
        assertEquals("0001 8000", site.registers("A1-bms", 1, 40068, 2));
        assertEquals("FFFF 0000", site.registers("A1-bms", 1, 40390, 2));
        assertEquals("8302", site.registers("A1-bms", 1, 40391, 2));
        assertEquals("8302", site.registers("A1-bms", 1, 39999, 2));
    }

    @Test
    void aStringsModelsStandWhereverItsShapeSays() {
        Site rooms = TwoRooms.site();
        Device device = Site.known(rooms.devices(), new DeviceId("A1-S02-bms"));
        Profile profile =
                Objects.requireNonNull(ShippedProfiles.all().get(device.profile()), "no profile");
        plant.set(Role.RACK_VOLTAGE, node("A1-S02"), 557.6);
        plant.set(Role.MODULE_TEMPERATURE, module("A1-S02", 2), 24.6);
        var shape = new SunSpecMap.Shape(50000, List.of(3), List.of(7, 1), OptionalInt.of(2));
        var unit = new UnitImage(rooms, device, profile, plant, shape);

        assertEquals("5375 6E53 FA01 0003", words(unit, 50000, 4));
        assertEquals("0001 0042", words(unit, 50007, 2));
        assertEquals("FA01 0007", words(unit, 50075, 2));
        assertEquals("FA01 0001", words(unit, 50084, 2));
        assertEquals("0324 004E 0002 0002", words(unit, 50087, 4));
        assertEquals("15C8", words(unit, 50087 + 14, 1));
        assertEquals("00F6", words(unit, 50087 + 48 + 16 + 8, 1));
        assertEquals("FFFF 0000", words(unit, 50087 + 48 + 32, 2));
        assertEquals(Optional.empty(), unit.read(Profile.Table.HOLDING, 40000, 2, site.now));
    }

    @Test
    void aModuleIsModel805() {
        Device device =
                new Device(
                        new DeviceId("m"),
                        new ProfileId("sunspec-module"),
                        new GatewayId("A1-bms"),
                        200,
                        Optional.empty(),
                        OptionalInt.empty(),
                        List.of(),
                        List.of(
                                new Wire(
                                        "CellTmpMax",
                                        Role.RACK_TEMPERATURE_MAX,
                                        node("A1-S01"),
                                        false,
                                        Optional.empty())));
        Profile profile =
                Objects.requireNonNull(ShippedProfiles.all().get(device.profile()), "no profile");
        plant.set(Role.RACK_TEMPERATURE_MAX, node("A1-S01"), 24.6);
        var unit = new UnitImage(TwoRooms.site(), device, profile, plant);

        // ID 805, L 42 + 4 · 8, StrIdx, ModIdx, NCell 8
        assertEquals("0325 004A FFFF FFFF 0008", words(unit, 40070, 5));
        assertEquals("00F6", words(unit, 40070 + 16, 1));
        assertEquals("FFFF 0000", words(unit, 40070 + 44 + 32, 2));
    }

    private String words(UnitImage unit, int address, int count) {
        int[] words = unit.read(Profile.Table.HOLDING, address, count, site.now).orElseThrow();
        return Arrays.stream(words).mapToObj("%04X"::formatted).collect(Collectors.joining(" "));
    }

    @Test
    void aModulesBlockStandsSixteenRegistersAfterTheOneBefore() {
        plant.set(Role.MODULE_CELL_VOLTAGE_MIN, module("A1-S02", 3), 3.2504);
        plant.set(Role.MODULE_CELL_VOLTAGE_AVERAGE, module("A1-S02", 3), 4.0996);
        plant.set(Role.MODULE_TEMPERATURE, module("A1-S02", 3), 131.27);
        // ModNCell 8, min 3250, avg 4100, max 1313
        assertEquals(
                "0008 FFFF FFFF FFFF FFFF 0CB2 FFFF 1004 0521 FFFF 8000 FFFF 8000 8000 8000 8000",
                site.registers("A1-bms", 2, 40118 + 2 * 16, 16));
    }

    @Test
    void partOfAValueReadsAsThatPart() {
        assertEquals("6E53 0001", site.registers("A1-bms", 1, 40001, 2));
        assertEquals("6C6B 6865", site.registers("A1-bms", 1, 40005, 2));
    }

    @Test
    void aBankIsModel802Then803() {
        Subject bank = node("BB-A1-1");
        plant.set(Role.BANK_STATE_OF_CHARGE, bank, 93);
        plant.set(Role.BANK_HEARTBEAT, bank, 77);
        plant.set(Role.BANK_VOLTAGE, bank, 557.6);
        plant.set(Role.BANK_CURRENT, bank, -350.4);
        plant.set(Role.BANK_STRINGS_CONNECTED, bank, 2);
        plant.set(Role.BANK_TEMPERATURE_MAX, bank, 24.6);
        assertEquals(
                // ID 802, L 62, 2 × 67 Ah, 69,251 Wh in hundreds, rates, self-discharge, limits
                "0322 003E 0086 02B5 FFFF FFFF FFFF FFFF FFFF FFFF FFFF "
                        // SoC 930, DoD, SoH, NCyc, ChaSt, LOCAL, Hb 77, CtrlHb, AlmRst
                        + "03A2 FFFF FFFF FFFF FFFF FFFF 0001 004D FFFF 0000 "
                        // lithium-ion, State, StateVnd, WarrDt, no events
                        + "0004 FFFF FFFF FFFF FFFF 0000 0000 0000 0000 0000 0000 0000 0000 "
                        // V 5576, extremes, A -350, limits, W, requests and settings
                        + "15C8 FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF "
                        + "FEA2 FFFF FFFF 8000 FFFF 8000 FFFF FFFF "
                        // AHRtg 0, WHRtg 2, W..Max 2, -, SoC -1, -, -, V -1, CellV -3, A 0, AMax 0,
                        // W 2
                        + "0000 0002 0002 8000 FFFF 8000 8000 FFFF FFFD 0000 0000 0002",
                site.registers("A1-bms", 101, 40070, 64));
        assertEquals(
                // ID 803, L 90, 2 strings, both connected, ModTmpMax 246
                "0323 005A 0002 0002 00F6 FFFF FFFF 8000 FFFF FFFF 8000 "
                        + "FFFF FFFF FFFF FFFF FFFF 8000 FFFF 8000 FFFF 8000 FFFF "
                        // CellV -3, ModTmp -1, A 0, SoH, SoC -1, V -1
                        + "FFFD FFFF 0000 8000 FFFF FFFF",
                site.registers("A1-bms", 101, 40134, 28));
        // The first slot has 17 modules and is enabled; the third is empty; the end after the
        // eighth.
        assertEquals("0011 0000 0001", site.registers("A1-bms", 101, 40162, 3));
        assertEquals("FFFF 0000", site.registers("A1-bms", 101, 40162 + 2 * 32, 2));
    }

    @Test
    void aBreakersContactsOpposeEachOther() {
        Subject breaker = breaker("QB-A1-2");
        plant.set(Role.BREAKER_RACKED_IN, breaker, true);
        plant.set(Role.BREAKER_TRIP_CIRCUIT_HEALTHY, breaker, true);
        plant.set(Role.BREAKER_CONTROL_SUPPLY_HEALTHY, breaker, true);
        assertEquals("0001 0071", site.registers("A1-field", 6, 0, 2));
        plant.set(breaker, Position.MOVING);
        assertEquals("0070", site.registers("A1-field", 6, 1, 1));
        plant.set(breaker, Position.BAD);
        assertEquals("0073", site.registers("A1-field", 6, 1, 1));
        plant.set(breaker, Position.OPEN);
        plant.set(Role.BREAKER_TRIPPED, breaker, true);
        plant.set(Role.BREAKER_LOCAL, breaker, true);
        assertEquals("007E", site.registers("A1-field", 6, 1, 1));
        assertEquals("0001", site.registers("A1-field", 6, 100, 1));
    }

    @Test
    void onlySelectThenTripReachesTheBreaker() {
        site.write("A1-field", 6, 3);
        assertEquals("0001", site.registers("A1-field", 6, 1, 1));
        assertEquals("00", site.read("A1-field", 6, 1, 2, 2));
        site.write("A1-field", 6, 2);
        assertEquals("01", site.read("A1-field", 6, 1, 2, 2));
        site.write("A1-field", 6, 3);
        assertEquals("0006", site.registers("A1-field", 6, 1, 1));
        assertEquals(List.of("trip QB-A1-2", "select QB-A1-2", "trip QB-A1-2"), plant.acts);
    }

    @Test
    void anOutputEndsByItself() {
        site.write("A1-field", 6, 0);
        site.now = site.now.plus(Duration.ofMillis(9_999));
        assertEquals("01", site.read("A1-field", 6, 1, 0, 2));
        site.write("A1-field", 6, 1);
        assertEquals("02", site.read("A1-field", 6, 1, 0, 2));
        site.now = site.now.plus(Duration.ofMillis(499));
        assertEquals("02", site.read("A1-field", 6, 1, 0, 2));
        site.now = site.now.plus(Duration.ofMillis(1));
        assertEquals("00", site.read("A1-field", 6, 1, 0, 2));
    }

    @Test
    void anOutputIsNeverSwitchedOffAndNothingElseIsWritten() {
        assertEquals(
                "0001 0000 0003 0685 03", site.ask("A1-field", "0001 0000 0006 06 05 0000 0000"));
        assertEquals(
                "0001 0000 0003 0685 03", site.ask("A1-field", "0001 0000 0006 06 05 0000 FF01"));
        assertEquals(
                "0001 0000 0003 0685 02", site.ask("A1-field", "0001 0000 0006 06 05 000C FF00"));
        assertEquals(
                "0001 0000 0003 0185 02", site.ask("A1-bms", "0001 0000 0006 01 05 0000 FF00"));
        assertEquals(List.of(), plant.acts);
    }

    @Test
    void aLoopSaysItsSpanInMicroamperesAndStopsShortOfAFault() {
        Subject busbar = node("BB-A1-1");
        plant.set(Role.BUSBAR_VOLTAGE, busbar, 557.6);
        // 4000 + 557.6 / 800 × 16000 = 15152; nothing is connected to the last terminal.
        assertEquals("3B30", site.registers("A1-proof", 1, 0, 1));
        assertEquals("0000", site.registers("A1-proof", 1, 7, 1));
        plant.set(Role.BUSBAR_VOLTAGE, busbar, 0);
        assertEquals("0FA0", site.registers("A1-proof", 1, 0, 1));
        plant.set(Role.BUSBAR_VOLTAGE, busbar, -50);
        assertEquals("0ED8", site.registers("A1-proof", 1, 0, 1));
        plant.set(Role.BUSBAR_VOLTAGE, busbar, 950);
        assertEquals("5014", site.registers("A1-proof", 1, 0, 1));
        assertEquals("0002", site.registers("A1-proof", 1, 100, 1));
    }

    @Test
    void anInvertedContactOpensToSayYes() {
        plant.set(Role.ROOM_FAN_RUNNING, room("A1"), true);
        // di1, di2 reference sensors quiet; di3 to di13 closed; fan runs; damper shut; agent
        // closed.
        assertEquals("FCBF 01", site.read("A1-field", 2, 2, 0, 17));
        plant.set(Role.ROOM_HEAT, room("A1"), true);
        plant.set(Role.ROOM_OFF_GAS_REFERENCE, room("A1"), true);
        assertEquals("03BC 01", site.read("A1-field", 2, 2, 0, 17));
        plant.set(Role.RACK_OFF_GAS, node("A1-S03"), true);
        assertEquals("0400 0000", site.read("A1-field", 1, 2, 0, 32));
    }

    @Test
    void smokeGasAndUpsAreAsTheirMakersSay() {
        plant.set(Role.ROOM_SMOKE_ALERT, room("A1"), true);
        plant.set(Role.ROOM_SMOKE_ACTION, room("A1"), true);
        plant.set(Role.ROOM_SMOKE_FIRE, room("A1"), true);
        plant.set(Role.ROOM_SMOKE_FAULT, room("A1"), true);
        assertEquals("0040 0000 0000 0000 0000 000B", site.registers("A1-air", 1, 7, 6));

        plant.set(Role.ROOM_HYDROGEN, room("A1"), 0.374);
        assertEquals("0025 0600", site.registers("A1-field", 3, 0, 2));
        plant.set(Role.ROOM_HYDROGEN, room("A1"), -0.02);
        assertEquals("FFFE 0600", site.registers("A1-field", 3, 0, 2));

        plant.set(Role.ROOM_LFL, room("A1"), 12.5);
        assertEquals("007D 0000 000A", site.registers("A1-field", 5, 21, 3));

        Subject ups = node("H1A");
        plant.set(Role.UPS_RECTIFIER_INPUT, ups, true);
        plant.set(Role.UPS_INVERTER_ON, ups, true);
        plant.set(Role.UPS_LOAD_ON_INVERTER, ups, true);
        plant.set(Role.UPS_BATTERY_CIRCUIT_OPEN, ups, true);
        plant.set(Role.UPS_BATTERY_ROOM_ALARM, ups, true);
        plant.set(Role.UPS_LOAD_PERCENT, ups, 44);
        plant.set(Role.UPS_BATTERY_VOLTAGE, ups, 557.6);
        plant.set(Role.UPS_BATTERY_CURRENT, ups, -4000);
        assertEquals("0203", site.registers("A1-ups", 1, 0x1000, 1));
        assertEquals("000B", site.registers("A1-ups", 1, 0x1020, 1));
        assertEquals("8000 0800", site.registers("A1-ups", 1, 0x1042, 2));
        assertEquals("002C", site.registers("A1-ups", 1, 0x1063, 1));
        // 557.6 V; minutes: on mains; the current's tenths end at -32767, 0x8000 being no value.
        assertEquals("15C8 0000 FFFF FFFF 8001", site.registers("A1-ups", 1, 0x1074, 5));
    }

    @Test
    void aSwappedUnitAnswersAsItself() {
        var swapped =
                Serving.gateways(
                        TwoRooms.site(),
                        ShippedProfiles.all(),
                        plant,
                        device ->
                                device.value().equals("A1-S01-bms")
                                        ? new DeviceId("A1-S02-bms")
                                        : device);
        var gateway = Site.known(swapped, new GatewayId("A1-bms"));
        assertEquals(
                "0001 0000 0005 0103 0200 02",
                TwoRooms.hex(
                        gateway.answer(
                                ByteBuffer.wrap(TwoRooms.bytes("0001 0000 0006 01 03 9C88 0001")),
                                site.now)));
    }
}
