package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * 40 blocs of 6 lead-acid cells of 200 Ah on a charger of constant voltage that gives 40 A at most,
 * in air of a constant temperature; {@code celsius} is the blocs' own at first.
 */
final class ChargedString {
    static final int CELLS = 240;
    static final double AMPERE_HOURS = 200;
    private static final double CHARGER_AMPERES = 40;
    private static final double STEP_SECONDS = 5;
    private static final double RACK_WARMER_KELVIN = 1;

    private final double volts;
    private final double airCelsius;
    private final StringState string;
    private final List<Stack.Turn> turns = new ArrayList<>();
    private double gasLitres;
    private double warmJoules;
    private double ampereHours;
    private double seconds;

    /**
     * @param lead what the plant's file says under leadAcid, as in "gasShare: 1"
     */
    ChargedString(double voltsPerCell, double celsius, String lead) {
        this.volts = voltsPerCell * CELLS;
        this.airCelsius = celsius - RACK_WARMER_KELVIN;
        String text =
                """
                plant: two-rooms-vrla
                chemistry: vrla
                cells: {like: vrla-200}
                leadAcid: {%s}
                air: {celsius: %s}
                switchgear: {floatVoltsPerCell: %s}
                """
                        .formatted(lead, airCelsius, voltsPerCell);
        var settings =
                PlantFile.parse("plant.yaml", text, ShippedPlants.site("two-rooms-vrla"))
                        .orElseThrow();
        var id = new NodeId("S");
        this.string =
                new StringState(
                        new BatteryString(
                                id,
                                new RoomId("R"),
                                new NodeId("BB"),
                                new BreakerId("QS"),
                                1,
                                40,
                                6,
                                AMPERE_HOURS,
                                BatteryString.CellKind.LEAD_ACID),
                        settings,
                        new SplittableRandom(1));
    }

    StringState string() {
        return string;
    }

    /** On the charger. */
    ChargedString floats(Duration time) {
        return pass(time, true, 0);
    }

    /** Off the charger; charging positive. */
    ChargedString carries(double amperes, Duration time) {
        return pass(time, false, amperes);
    }

    private ChargedString pass(Duration time, boolean isCharged, double amperes) {
        for (double gone = 0; gone < time.toSeconds(); gone += STEP_SECONDS) {
            double taken = (volts - string.restingVolts()) / string.ohms();
            string.carry(isCharged ? Math.min(CHARGER_AMPERES, taken) : amperes);
            var out = new Emission();
            string.step(STEP_SECONDS, airCelsius, out).forEach(event -> turns.add(event.turn()));
            gasLitres += out.gasLitres();
            warmJoules += out.warmJoules();
            ampereHours += string.amperes() * STEP_SECONDS / 3600;
            seconds += STEP_SECONDS;
        }
        return this;
    }

    /** Hours on the charger until a bloc runs away; the limit if none does. */
    double hoursToRunaway(int limit) {
        while (!hasRunAway() && seconds < limit * 3600.0) {
            floats(Duration.ofMinutes(5));
        }
        return seconds / 3600;
    }

    boolean hasRunAway() {
        return turns.contains(Stack.Turn.RUNAWAY_UNDER_CHARGE);
    }

    double amperes() {
        return string.amperes();
    }

    double hottestCelsius() {
        double most = 0;
        for (int bloc = 1; bloc <= 40; bloc++) {
            most = Math.max(most, string.hottestCelsius(bloc));
        }
        return most;
    }

    double hydrogenLitres() {
        return gasLitres * Chemistry.VRLA.gas.hydrogen();
    }

    double warmJoules() {
        return warmJoules;
    }

    double ampereHours() {
        return ampereHours;
    }
}
