package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shorted end cell of a row of eight, against the reference runs. */
final class CellStackTest {
    /** Minutes from short to vent, to runaway, and to 45 °C at the module's thermistor. */
    @ParameterizedTest
    @CsvSource({
        "NMC94, 100, 39.9, 51.5, 37.1, 0.25",
        "NMC94, 50, 15.0, 18.4, 18.8, 0.12",
        "NMC94, 30, 8.3, 10.1, 10.7, 0.12",
        "NMC94, 20, 5.3, 6.5, 7.2, 0.12",
        "NMC94, 10, 2.6, 3.2, 4.1, 0.12",
        "LFP280, 20, 22.6, 30.9, 30.2, 0.12",
        "LFP280, 10, 10.3, 14.0, 14.9, 0.12",
        "LFP280, 5, 5.1, 6.9, 8.1, 0.12"
    })
    void aShortVentsAndRunsAwayWhenTheReferenceRunsDo(
            CellRow.Kind kind,
            double milliohms,
            double vent,
            double runaway,
            double warm,
            double tolerance) {
        CellRow row = CellRow.run(kind, milliohms, 30, 1);

        assertEquals(vent, row.vent(), vent * tolerance, "vent");
        assertEquals(runaway, row.runaways().getFirst(), runaway * tolerance, "runaway");
        assertEquals(warm, row.warm(), warm * tolerance, "thermistor at 45 °C");
    }

    @ParameterizedTest
    @CsvSource({
        "NMC94, 100, 32",
        "NMC94, 50, 64",
        "NMC94, 30, 105",
        "NMC94, 20, 156",
        "NMC94, 10, 300",
        "LFP280, 50, 20",
        "LFP280, 20, 49",
        "LFP280, 10, 97",
        "LFP280, 5, 188"
    })
    void aShortPullsItsCellsVoltageDownAtOnce(
            CellRow.Kind kind, double milliohms, double sagMillivolts) {
        assertEquals(sagMillivolts, CellRow.run(kind, milliohms, 30, 0).sagMillivolts(), 1.0);
    }

    @ParameterizedTest
    @CsvSource({"30, 8", "10, 1"})
    void fireGoesFromCellToCellOnlyWithoutABarrier(double conductance, int burnt) {
        CellRow row = CellRow.run(CellRow.Kind.NMC94, 20, conductance, 2);

        assertEquals(burnt, row.runaways().size(), "cells burnt");
        if (burnt > 1) {
            // The reference runs: 9.8 to 10.5 minutes from cell to cell.
            assertEquals(10.15, row.meanGap(), 1.5, "minutes from cell to cell");
        }
    }
}
