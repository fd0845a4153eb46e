package dev.bulkhead.simulator.plant;

import java.util.ArrayList;
import java.util.List;

/**
 * A row of eight cells at 25 °C, of which the end cell shorts at the start; as it went, in minutes.
 */
record CellRow(
        double heatWatts,
        double sagMillivolts,
        double vent,
        double warm,
        List<Double> runaways,
        double hottestCelsius) {

    /** A cell with what the reference runs gave it. */
    @SuppressWarnings(
            "ImmutableEnumChecker") // Its fields are final, and nothing they hold changes.
    enum Kind {
        NMC94(PlantSettings.CellKind.NMC_94, Chemistry.NMC, 94, 4.05),
        LFP280(PlantSettings.CellKind.LFP_280, Chemistry.LFP, 280, 3.33);

        private final PlantSettings.CellKind cell;
        private final Chemistry chemistry;
        private final double ampereHours;
        private final double volts;

        Kind(PlantSettings.CellKind cell, Chemistry chemistry, double ampereHours, double volts) {
            this.cell = cell;
            this.chemistry = chemistry;
            this.ampereHours = ampereHours;
            this.volts = volts;
        }

        /** The reference runs' vent opens at 130 °C. */
        private PlantSettings.Cells withGap(double conductance) {
            PlantSettings.Cells cells = cell.cells();
            return new PlantSettings.Cells(
                    cells.kilograms(),
                    cells.joulesPerKilogramKelvin(),
                    cells.widthMetres(),
                    cells.heightMetres(),
                    cells.thicknessMetres(),
                    cells.milliohms(),
                    cells.jointMilliohms(),
                    cells.mismatchMilliohms(),
                    cells.chargePercent(),
                    cells.filmWattsPerSquareMetreKelvin(),
                    cells.emissivity(),
                    conductance,
                    cells.betweenModulesWattsPerSquareMetreKelvin(),
                    cells.flameShareAbove(),
                    130,
                    cells.thermistorLag());
        }
    }

    /** Runs a row for so many hours; {@code conductance} of the gaps in W/m²K. */
    static CellRow run(Kind kind, double milliohms, double conductance, int hours) {
        PlantSettings.Cells shape = kind.withGap(conductance);
        var stack = new CellStack(shape, kind.chemistry, kind.ampereHours, 1, 8, 25);
        Cell shorted = stack.watch(1, 1);
        shorted.shortThrough(milliohms, kind.volts);
        double sag = kind.chemistry.restingVolts(0.93) - stack.lowestVolts(1, 0.93);
        double heat = 0;
        double vent = 0;
        double warm = 0;
        double hottest = 0;
        List<Double> runaways = new ArrayList<>();
        for (int half = 0; half < hours * 7200; half++) {
            double minutes = half / 120.0;
            for (Stack.CellEvent event : stack.step(0.5, 0, 25, new Emission())) {
                double at = minutes + event.seconds() / 60;
                switch (event.turn()) {
                    case VENTING -> vent = event.cell() == 1 ? at : vent;
                    case RUNAWAY, RUNAWAY_UNDER_CHARGE -> runaways.add(at);
                }
            }
            heat = half == 0 ? (shorted.celsius() - 25) * shape.joulesPerKelvin() / 0.5 : heat;
            warm = warm == 0 && stack.thermistorCelsius(1) > 45 ? minutes : warm;
            for (int cell = 1; cell <= 8; cell++) {
                hottest = Math.max(hottest, stack.watch(1, cell).celsius());
            }
        }
        return new CellRow(heat, sag * 1e3, vent, warm, runaways, hottest);
    }

    /** From one cell to the next, on average; 0 where fewer than two ran away. */
    double meanGap() {
        int gaps = runaways.size() - 1;
        return gaps < 1 ? 0 : (runaways.getLast() - runaways.getFirst()) / gaps;
    }
}
