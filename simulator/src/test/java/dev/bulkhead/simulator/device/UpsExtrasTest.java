package dev.bulkhead.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.site.Role;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Registers that NUT's drivers read; words worked out by hand from their register facts. */
class UpsExtrasTest {
    private final TwoRooms site =
            new TwoRooms(
                    "{id: u2000, profile: huawei-ups2000, gateway: A1-ups, unit: 90, of: H1A}",
                    "{id: dc, profile: adelsystem-cbi, gateway: A1-ups, unit: 91, of: H1A}");

    private void set(boolean hasMains, double amperes) {
        var ups = HandSetPlant.node("H1A");
        site.plant.set(Role.UPS_RECTIFIER_INPUT, ups, hasMains);
        site.plant.set(Role.UPS_ON_BATTERY, ups, !hasMains);
        site.plant.set(Role.UPS_LOAD_ON_INVERTER, ups, true);
        site.plant.set(Role.UPS_LOAD_PERCENT, ups, 46);
        site.plant.set(Role.UPS_BATTERY_VOLTAGE, ups, 500);
        site.plant.set(Role.UPS_BATTERY_CURRENT, ups, amperes);
        site.plant.set(Role.BANK_STATE_OF_CHARGE, HandSetPlant.node("BB-A1-1"), 50);
    }

    private String registers(int unit, int address, int count) {
        return site.registers("A1-ups", unit, address, count);
    }

    /** 134 Ah half full at 201 A: 1,200 s. */
    @Test
    void chargeAndTimeLeftAreThePlants() {
        set(false, -201);
        assertEquals("0032", registers(1, 0x1064, 1));
        assertEquals("0014", registers(1, 0x1077, 1));
        assertEquals("0005 0032 0000 04B0", registers(90, 12002, 4));
        assertEquals("01F4", registers(91, 22, 1));
        assertEquals("0014", registers(91, 103, 1));
    }

    @Test
    void onMainsThereIsMainsAndNoTimeLeft() {
        set(true, 0.4);
        assertEquals("FFFF", registers(1, 0x1077, 1));
        assertEquals("08FC", registers(90, 11000, 1));
        // Charging, half full, for a day.
        assertEquals("0003 0032 0001 5180", registers(90, 12002, 4));
        assertEquals("00E6", registers(91, 29, 1));
        set(false, -201);
        assertEquals("0000", registers(90, 11000, 1));
        assertEquals("0000", registers(91, 29, 1));
    }

    /** 15 January 2026, 06:00 UTC. */
    @Test
    void aClockIsThePlants() {
        assertEquals("0000 0F06 0100 001A", registers(1, 0x1360, 4));
    }

    @Test
    void aUps2000NamesItselfByItsListOfDevices() {
        String words = "1=UPS2000;2=simulated;3=simulated;4=u2000;5=1;6=1";
        String asked = "0001 0000 0005 5A 2B 0E 03 87";
        String answer =
                new String(TwoRooms.bytes(site.ask("A1-ups", asked)), StandardCharsets.ISO_8859_1);
        assertEquals(words, answer.substring(answer.length() - words.length()));
        assertEquals(
                "0001 0000 0041 5A2B 0E03 0300 0002 8704 0000 0001 8831",
                site.ask("A1-ups", asked).substring(0, 54));
        assertEquals("0001 0000 0003 5AAB 01", site.ask("A1-ups", "0001 0000 0005 5A 2B 0E 01 00"));
        assertEquals("0001 0000 0003 01AB 01", site.ask("A1-ups", "0001 0000 0005 01 2B 0E 03 87"));
    }
}
