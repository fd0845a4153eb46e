package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The shorted end cell of a row of eight 94 Ah NMC cells, against the reference runs: minutes from
 * short to vent, to runaway, and to 45 °C at the module's thermistor.
 */
final class CellStackTest {
    private static final double VOLTS = 4.05;

    private static PlantSettings.Cells shape() {
        return PlantSettings.Cells.usual();
    }

    @ParameterizedTest
    @CsvSource({
        "100, 39.9, 51.5, 37.1, 0.25",
        "50, 15.0, 18.4, 18.8, 0.12",
        "30, 8.3, 10.1, 10.7, 0.12",
        "20, 5.3, 6.5, 7.2, 0.12",
        "10, 2.6, 3.2, 4.1, 0.12"
    })
    void aShortVentsAndRunsAwayWhenTheReferenceRunsDo(
            double milliohms, double vent, double runaway, double warm, double tolerance) {
        var stack = new CellStack(shape(), Chemistry.NMC, 94, 1, 8);
        stack.watch(1, 1, 25).shortThrough(milliohms, VOLTS);
        double ventedMinutes = 0;
        double ranAwayMinutes = 0;
        double warmMinutes = 0;
        for (int half = 0; half < 2 * 3600; half++) {
            for (var event : stack.step(0.5, 0, 25, 25, new Emission())) {
                double minutes = (half * 0.5 + event.seconds()) / 60;
                if (event.cell() == 1) {
                    switch (event.turn()) {
                        case VENTING -> ventedMinutes = minutes;
                        case RUNAWAY -> ranAwayMinutes = minutes;
                    }
                }
            }
            if (warmMinutes == 0 && stack.thermistorCelsius(1) > 45) {
                warmMinutes = half * 0.5 / 60;
            }
        }
        assertEquals(vent, ventedMinutes, vent * tolerance, "vent");
        assertEquals(runaway, ranAwayMinutes, runaway * tolerance, "runaway");
        assertEquals(warm, warmMinutes, warm * tolerance, "thermistor at 45 °C");
    }

    @ParameterizedTest
    @CsvSource({"100, 32", "50, 64", "30, 105", "20, 156", "10, 300"})
    void aShortPullsItsCellsVoltageDownAtOnce(double milliohms, double sagMillivolts) {
        var stack = new CellStack(shape(), Chemistry.NMC, 94, 1, 8);
        stack.watch(1, 1, 25).shortThrough(milliohms, VOLTS);

        double sag = Chemistry.NMC.restingVolts(0.93) - stack.lowestVolts(1, 0.93);

        assertEquals(sagMillivolts, sag * 1e3, 1.0);
    }

    @ParameterizedTest
    @CsvSource({"30, true", "10, false"})
    void fireGoesFromCellToCellOnlyWithoutABarrier(double conductance, boolean spreads) {
        var usual = shape();
        var gap =
                new PlantSettings.Cells(
                        usual.kilograms(),
                        usual.joulesPerKilogramKelvin(),
                        usual.widthMetres(),
                        usual.heightMetres(),
                        usual.thicknessMetres(),
                        usual.milliohms(),
                        usual.jointMilliohms(),
                        usual.mismatchMilliohms(),
                        usual.chargePercent(),
                        usual.filmWattsPerSquareMetreKelvin(),
                        usual.emissivity(),
                        conductance,
                        usual.betweenModulesWattsPerSquareMetreKelvin(),
                        usual.flameShareAbove(),
                        usual.ventCelsius(),
                        usual.thermistorLag());
        var stack = new CellStack(gap, Chemistry.NMC, 94, 1, 8);
        stack.watch(1, 1, 25).shortThrough(20, VOLTS);
        double first = 0;
        double last = 0;
        int burnt = 0;
        for (int half = 0; half < 2 * 7200; half++) {
            for (var event : stack.step(0.5, 0, 25, 25, new Emission())) {
                if (event.turn() == CellStack.Turn.RUNAWAY) {
                    burnt++;
                    first = burnt == 1 ? half * 0.5 / 60 : first;
                    last = half * 0.5 / 60;
                }
            }
        }
        assertEquals(spreads ? 8 : 1, burnt, "cells burnt");
        if (spreads) {
            // The reference runs: 9.8 to 10.5 minutes from cell to cell.
            assertEquals(10.15, (last - first) / 7, 1.5, "minutes from cell to cell");
        }
    }
}
