package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.site.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A rack whose modules join as trouble comes near is the same rack as one that is worked out cell
 * by cell from the start, in steps a quarter as long: the tolerance stands in
 * docs/concepts/physics.md.
 */
final class CellStackPropertyTest {
    private static final int MODULES = 7;
    private static final int CELLS = 8;
    private static final int MINUTES = 40;
    private static final double START = 24;

    /** Of when any cell vents or runs away. */
    private static final double TIME_SHARE = 0.005;

    /** Of what any module's thermistor shows at any time: so much and so much of its rise. */
    private static final double KELVIN = 0.5;

    private static final double RISE_SHARE = 0.02;

    /** Of the heat in all modules at the end. */
    private static final double HEAT_SHARE = 0.005;

    /** What a run does to a rack: which cell shorts, what the string carries, the air. */
    private record Trial(
            PlantSettings.CellKind kind,
            Chemistry chemistry,
            double ampereHours,
            int module,
            int cell,
            double milliohms,
            double watts,
            double airRises) {
        static Trial drawn(long seed) {
            var random = new SplittableRandom(seed);
            boolean isNmc = random.nextBoolean();
            return new Trial(
                    isNmc ? PlantSettings.CellKind.NMC_94 : PlantSettings.CellKind.LFP_280,
                    isNmc ? Chemistry.NMC : Chemistry.LFP,
                    isNmc ? 94 : 280,
                    random.nextInt(1, MODULES + 1),
                    random.nextInt(1, CELLS + 1),
                    isNmc ? random.nextDouble(10, 50) : random.nextDouble(5, 15),
                    random.nextDouble(0, 30),
                    random.nextDouble(0, 10));
        }
    }

    private record Course(SequencedMap<String, Double> turns, List<double[]> thermistors) {
        /** By what the thermistors show in the end, K. */
        double heat() {
            return Arrays.stream(thermistors.getLast()).map(shown -> shown - START).sum();
        }
    }

    private static Course run(Trial trial, boolean isFine) {
        var stack =
                new CellStack(
                        trial.kind().cells(),
                        trial.chemistry(),
                        trial.ampereHours(),
                        MODULES,
                        CELLS,
                        START);
        for (int module = 1; isFine && module <= MODULES; module++) {
            stack.watch(module, 1);
        }
        stack.watch(trial.module(), trial.cell()).shortThrough(trial.milliohms(), 4);
        double step = isFine ? 0.125 : 0.5;
        SequencedMap<String, Double> turns = new LinkedHashMap<>();
        List<double[]> thermistors = new ArrayList<>();
        for (int minute = 0; minute < MINUTES; minute++) {
            double watts = minute >= 5 && minute < 10 ? trial.watts() : 0;
            double air = START + trial.airRises() * minute / MINUTES;
            for (double second = 0; second < 60; second += step) {
                for (var event : stack.step(step, watts, air, new Emission())) {
                    String what = event.module() + "/" + event.cell() + " " + event.turn();
                    turns.put(what, minute * 60 + second + event.seconds());
                }
            }
            double[] shown = new double[MODULES];
            for (int module = 1; module <= MODULES; module++) {
                shown[module - 1] = stack.thermistorCelsius(module);
            }
            thermistors.add(shown);
        }
        return new Course(turns, thermistors);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void modulesThatJoinLateAreAsIfTheyHadBeenWorkedOutFromTheStart(long seed) {
        Trial trial = Trial.drawn(seed);
        Course fine = run(trial, true);
        Course switched = run(trial, false);

        holdTurns(fine.turns(), switched.turns());
        holdTurns(switched.turns(), fine.turns());
        for (int minute = 0; minute < MINUTES; minute++) {
            for (int module = 0; module < MODULES; module++) {
                double expected = fine.thermistors().get(minute)[module];
                double shown = switched.thermistors().get(minute)[module];
                double tolerance = KELVIN + RISE_SHARE * Math.max(0, expected - START);
                assertEquals(expected, shown, tolerance, trial + ", minute " + minute);
            }
        }
        double heat = fine.heat();
        assertEquals(heat, switched.heat(), HEAT_SHARE * heat, "heat in all modules");
    }

    /**
     * What befell the cells, but for the last moments, which may fall on either side of the end.
     */
    private static void holdTurns(
            SequencedMap<String, Double> expected, SequencedMap<String, Double> shown) {
        expected.forEach(
                (what, seconds) -> {
                    double tolerance = TIME_SHARE * seconds;
                    if (seconds + tolerance < MINUTES * 60) {
                        assertEquals(seconds, Site.known(shown, what), tolerance, what);
                    }
                });
    }
}
