package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lead-acid strings against the figures of standards and makers, claim by claim. */
final class BlocStackTest {
    private static final double NEW = 0.4;

    /** Five times a new string's; makers and IEEE 1188 want it looked into at two. */
    private static final double AGED = 2;

    private static ChargedString string(double volts, double celsius, double floatMilliamperes) {
        return new ChargedString(
                volts, celsius, "floatMilliamperesPerAmpereHour: " + floatMilliamperes);
    }

    /** accuoerlikon: recombination makes about 0.09 W per cell and 100 Ah in float service. */
    @Test
    void aFloatingCellMakesTheHeatThatAMakerGives() {
        ChargedString string = string(2.25, 25, NEW).floats(Duration.ofHours(1));

        double wattsPerCell = string.amperes() * 2.25;
        double per100AmpereHours = wattsPerCell * 100 / ChargedString.AMPERE_HOURS;
        assertEquals(0.09, per100AmpereHours, 0.09 * 0.05);
    }

    @Test
    void floatCurrentDoublesWithTenKelvin() {
        double at25 = string(2.25, 25, NEW).floats(Duration.ofHours(1)).amperes();
        double at35 = string(2.25, 35, NEW).floats(Duration.ofHours(1)).amperes();

        assertEquals(2, at35 / at25, 0.04);
    }

    /** IEEE 1635: 1.27e-7 m³/s of hydrogen for each ampere and cell. */
    @Test
    void anAmpereThatIsNotRecombinedMakesFaradaysHydrogen() {
        var string = new ChargedString(2.25, 25, "gasShare: 1").floats(Duration.ofHours(4));

        double litres = 1.27e-7 * 1e3 * 3600 * string.ampereHours() * ChargedString.CELLS;
        assertEquals(litres, string.hydrogenLitres(), litres * 0.02);
    }

    /** accuoerlikon: 0.77 W for each cell and ampere that gasses. */
    @Test
    void anAmpereThatIsNotRecombinedLeavesLittleHeat() {
        var string = new ChargedString(2.25, 25, "gasShare: 1").floats(Duration.ofHours(40));
        double before = string.warmJoules();
        double watts = (string.floats(Duration.ofHours(1)).warmJoules() - before) / 3600;

        double expected = 0.77 * ChargedString.CELLS * string.amperes();
        assertEquals(expected, watts, expected * 0.05);
    }

    /** EN 50272-2 ventilates for 1 mA/Ah of gas at float and 8 at boost. */
    @ParameterizedTest
    @CsvSource({"2.27, 1", "2.40, 8"})
    void noMoreGasThanItsRoomIsVentilatedFor(double volts, double milliamperesPerAmpereHour) {
        ChargedString string = string(volts, 25, NEW).floats(Duration.ofHours(1));

        double designed = 0.42 * milliamperesPerAmpereHour * 1e-3 * ChargedString.AMPERE_HOURS;
        assertTrue(
                string.hydrogenLitres() < designed * ChargedString.CELLS,
                () -> string.hydrogenLitres() + " L in an hour");
        assertTrue(string.hydrogenLitres() > designed * ChargedString.CELLS / 50);
    }

    @ParameterizedTest
    @CsvSource({"2.25, 25, 0.4", "2.25, 43, 0.4", "2.25, 43, 2", "2.35, 25, 2", "2.4375, 25, 0.4"})
    void whatTheManualsAllowDoesNotRunAway(double volts, double celsius, double milliamperes) {
        assertEquals(72, string(volts, celsius, milliamperes).hoursToRunaway(72));
    }

    /** C&D: no charging above 50 °C. Hot, or aged, and charged too high: within hours. */
    @ParameterizedTest
    @CsvSource({"2.4375, 50, 0.4, 4, 24", "2.35, 43, 2, 4, 24", "2.4375, 35, 2, 2, 12"})
    void heatAgeAndTooMuchVoltageRunAwayWithinHours(
            double volts, double celsius, double milliamperes, double least, double most) {
        double hours = string(volts, celsius, milliamperes).hoursToRunaway(72);

        assertTrue(hours > least && hours < most, () -> "hours: " + hours);
    }

    @Test
    void aStringThatIsDisconnectedCoolsDown() {
        ChargedString string = string(2.4375, 43, AGED);
        string.hoursToRunaway(24);
        assertTrue(string.hasRunAway());
        double hot = string.hottestCelsius();
        assertTrue(string.floats(Duration.ofHours(1)).hottestCelsius() > hot);

        string.carries(0, Duration.ofDays(1));

        assertEquals(43, string.hottestCelsius(), 1);
    }

    /** In the end it dries: more resistance, less current, less heat. */
    @Test
    void aStringThatRunsAwayDriesAndTakesLess() {
        ChargedString string = string(2.35, 43, AGED);
        double newOhms = string.string().ohms();
        string.floats(Duration.ofDays(2));
        assertEquals(40, string.amperes(), 0.01);
        assertTrue(string.hottestCelsius() > 90 && string.hottestCelsius() <= 108);

        string.floats(Duration.ofDays(3));

        assertTrue(string.string().ohms() > 10 * newOhms);
        assertTrue(string.amperes() < 5, () -> string.amperes() + " A");
    }

    /** A bloc of dead cells: the others share its voltage, 10^(0.058/0.2) times the current. */
    @Test
    void shortedCellsRaiseTheOthersVoltageAndCurrent() {
        ChargedString string = string(2.25, 25, NEW).floats(Duration.ofHours(1));
        double before = string.amperes();
        for (int cell = 1; cell <= 6; cell++) {
            string.string().stack().shortThrough(7, cell, 20, 1);
        }
        string.floats(Duration.ofHours(30));

        assertEquals(1.94, string.amperes() / before, 0.15);
        assertEquals(0, string.string().moduleMeanVolts(7), 0.01);
        assertEquals(540, string.string().volts(), 0.1);
        assertFalse(string.hasRunAway());
    }

    @Test
    void whatIsDischargedIsTakenUpAgain() {
        ChargedString string = string(2.25, 25, NEW);
        string.carries(-100, Duration.ofMinutes(30));
        assertEquals(75, string.string().chargePercent(), 3);
        assertTrue(string.string().volts() < 2.1 * ChargedString.CELLS);

        string.floats(Duration.ofHours(12));

        assertEquals(100, string.string().chargePercent(), 0.5);
        assertEquals(540, string.string().volts(), 0.1);
    }
}
