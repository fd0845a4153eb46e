package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/concepts/physics.md, worked out anew: what the plant gives beside what the
 * literature and the reference runs give. {@code make physics} writes them into the document.
 */
final class PhysicsTableTest {
    private static final Path DOCUMENT = Path.of("../docs/concepts/physics.md");
    private static final String BEGIN = "<!-- worked out by make physics: begin -->\n";
    private static final String END = "<!-- worked out by make physics: end -->\n";

    /** A propagation gap is the mean of seven, held against the range of the reference's seven. */
    private static final double SHORT_TOLERANCE = 0.10;

    private static final double OVEN_TOLERANCE = 0.05;
    private static final double CRITICAL_KELVIN = 3;
    private static final double GAS_TOLERANCE = 0.05;

    private final StringBuilder out = new StringBuilder();

    /** If it fails, the physics changed: run make physics, and read what it did to the numbers. */
    @Test
    void theDocumentSaysWhatThePlantGives() throws IOException {
        criticalOvens();
        ovens();
        gaps();
        shorts();
        gas();
        String text = Files.readString(DOCUMENT);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        if (Boolean.getBoolean("physics.write")) {
            Files.writeString(DOCUMENT, text.substring(0, begin) + out + text.substring(end));
        } else {
            assertEquals(text.substring(begin, end), out.toString(), "run: make physics");
        }
    }

    private void line(Object... cells) {
        for (Object cell : cells) {
            out.append("| ").append(cell).append(' ');
        }
        out.append("|\n");
    }

    private void head(String title, String... names) {
        out.append("\n**").append(title).append("**\n\n");
        line((Object[]) names);
        out.append("|---".repeat(names.length)).append("|\n");
    }

    private static String tenths(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String number(double value) {
        return value < 100 ? tenths(value) : String.format(Locale.ROOT, "%.0f", value);
    }

    /** Bold where it lies outside. */
    private static String within(double low, double high, double ours) {
        return ours >= low && ours <= high ? number(ours) : "**" + number(ours) + "**";
    }

    private static String near(double reference, double share, double ours) {
        return within(reference * (1 - share), reference * (1 + share), ours);
    }

    private void criticalOvens() {
        head(
                "Critical oven temperature of an 18650 cell, °C (±3 K)",
                "cathode",
                "literature",
                "reference runs",
                "ours");
        critical(Chemistry.LCO, 148, 146.9);
        critical(Chemistry.NMC, 168, 166.8);
        critical(Chemistry.LFP, 201, 196.9);
    }

    private void critical(Chemistry chemistry, double literature, double reference) {
        double ours = Oven.critical(chemistry);
        line(
                chemistry,
                literature,
                reference,
                StrictMath.abs(ours - reference) <= CRITICAL_KELVIN
                        ? tenths(ours)
                        : "**" + tenths(ours) + "**");
    }

    private void ovens() {
        head(
                "The same cell in an oven (±5 %)",
                "cathode", "oven, °C", "peak, °C: reference", "ours", "at s: reference", "ours");
        oven(Chemistry.LCO, 155, 422, 2020);
        oven(Chemistry.LCO, 180, 473, 1002);
        mildOven(Chemistry.LCO, 146, 209);
        mildOven(Chemistry.NMC, 160, 173);
        oven(Chemistry.NMC, 180, 728, 1297);
        oven(Chemistry.NMC, 200, 754, 847);
        mildOven(Chemistry.LFP, 180, 199);
        oven(Chemistry.LFP, 200, 338, 1291);
        oven(Chemistry.LFP, 220, 402, 795);
    }

    private void oven(Chemistry chemistry, int celsius, double peak, double seconds) {
        Oven.Peak ours = Oven.peak(chemistry, celsius);
        line(
                chemistry,
                celsius,
                number(peak),
                near(peak, OVEN_TOLERANCE, ours.celsius()),
                number(seconds),
                near(seconds, OVEN_TOLERANCE, ours.seconds()));
    }

    private void mildOven(Chemistry chemistry, int celsius, double peak) {
        double ours = Oven.peak(chemistry, celsius).celsius();
        line(
                chemistry,
                celsius,
                number(peak) + ", no runaway",
                near(peak, OVEN_TOLERANCE, ours),
                "",
                "");
    }

    /** From cell to cell. */
    private record Gap(double low, double high) {
        static final Gap NONE = new Gap(0, 0);

        String text() {
            return high == 0 ? "none" : number(low) + "–" + number(high);
        }

        String hold(CellRow row) {
            String ours = within(low, high, row.meanGap());
            return row.meanGap() == 0 ? ours.replace("0.0", "none") : ours;
        }
    }

    private void gaps() {
        head(
                "From cell to cell in a row of eight, min (the reference's range; ours is the mean)",
                "gap, W/m²K",
                "LFP 280 Ah: reference",
                "ours",
                "NMC 94 Ah: reference",
                "ours");
        gap(10, Gap.NONE, Gap.NONE);
        gap(30, new Gap(28, 29), new Gap(9.8, 10.5));
        gap(60, new Gap(12, 13.6), new Gap(4.1, 4.9));
        gap(100, new Gap(6.5, 8.2), new Gap(2.1, 2.9));
        CellRow lfp = CellRow.run(CellRow.Kind.LFP280, 10, 200, 2);
        var reference = new Gap(2.6, 4.3);
        line(200, reference.text(), reference.hold(lfp), "", "");
        CellRow nmc = CellRow.run(CellRow.Kind.NMC94, 20, 60, 2);
        line(
                "hottest, °C",
                "610–670",
                within(610, 670, lfp.hottestCelsius()),
                "960–1000",
                within(960, 1000, nmc.hottestCelsius()));
    }

    private void gap(int conductance, Gap ofLfp, Gap ofNmc) {
        CellRow lfp = CellRow.run(CellRow.Kind.LFP280, 10, conductance, 5);
        CellRow nmc = CellRow.run(CellRow.Kind.NMC94, 20, conductance, 2);
        line(conductance, ofLfp.text(), ofLfp.hold(lfp), ofNmc.text(), ofNmc.hold(nmc));
    }

    private void shorts() {
        head(
                "Internal short of the end cell, gaps of 30 W/m²K, vent at 130 °C (reference / ours, ±10 %)",
                "cell",
                "short, mΩ",
                "heat, W",
                "sag, mV",
                "vents, min",
                "runs away, min",
                "thermistor at 45 °C, min");
        shorted(CellRow.Kind.NMC94, 100, 163, 32, 39.9, 51.5, 37.1);
        shorted(CellRow.Kind.NMC94, 50, 323, 64, 15.0, 18.4, 18.8);
        shorted(CellRow.Kind.NMC94, 30, 533, 105, 8.3, 10.1, 10.7);
        shorted(CellRow.Kind.NMC94, 20, 789, 156, 5.3, 6.5, 7.2);
        shorted(CellRow.Kind.NMC94, 10, 1519, 300, 2.6, 3.2, 4.1);
        shorted(CellRow.Kind.LFP280, 50, 220, 20, 86, 153, 68);
        shorted(CellRow.Kind.LFP280, 20, 546, 49, 22.6, 30.9, 30.2);
        shorted(CellRow.Kind.LFP280, 10, 1077, 97, 10.3, 14.0, 14.9);
        shorted(CellRow.Kind.LFP280, 5, 2100, 188, 5.1, 6.9, 8.1);
    }

    private void shorted(
            CellRow.Kind kind,
            int milliohms,
            double heat,
            double sag,
            double vent,
            double runaway,
            double warm) {
        CellRow row = CellRow.run(kind, milliohms, 30, 3);
        line(
                kind,
                milliohms,
                both(heat, row.heatWatts()),
                both(sag, row.sagMillivolts()),
                both(vent, row.vent()),
                both(runaway, row.runaways().isEmpty() ? 0 : row.runaways().getFirst()),
                both(warm, row.warm()));
    }

    private static String both(double reference, double ours) {
        return number(reference) + " / " + near(reference, SHORT_TOLERANCE, ours);
    }

    private void gas() {
        head(
                "All gas of one cell in a sealed room of 300 m³ (reference / ours, ±5 %)",
                "cell",
                "hydrogen, ppm",
                "cells for 1 % hydrogen",
                "cells for 25 % of the flammable limit");
        diluted(CellRow.Kind.NMC94, Chemistry.NMC, 94, 188, 53, 28);
        diluted(CellRow.Kind.LFP280, Chemistry.LFP, 280, 378, 26, 21);
    }

    private void diluted(
            CellRow.Kind kind,
            Chemistry chemistry,
            double ampereHours,
            double hydrogen,
            double cellsForHydrogen,
            double cellsForLimit) {
        RoomAir air = sealedRoom(chemistry);
        var emission = new Emission();
        emission.vent(ampereHours * chemistry.gasLitresPerAmpereHour);
        air.step(1, List.of(emission));
        for (int minute = 0; minute < 60; minute++) {
            air.step(60, List.of(new Emission()));
        }
        double percent = air.hydrogenPercent();
        line(
                kind,
                gas(hydrogen, percent * 1e4),
                gas(cellsForHydrogen, 1 / percent),
                gas(cellsForLimit, 25 / air.flammablePercent()));
    }

    private static RoomAir sealedRoom(Chemistry chemistry) {
        var usual = PlantSettings.usual();
        var air = usual.air();
        var settings =
                new PlantSettings(
                        chemistry,
                        usual.cells(),
                        usual.leadAcid(),
                        new PlantSettings.Air(
                                air.celsius(),
                                air.humidityPercent(),
                                0,
                                0,
                                air.rackCubicMetres(),
                                air.rackExchange(),
                                air.spillShare(),
                                air.ceilingMetresAboveRack(),
                                air.wallWattsPerKelvin()),
                        usual.detectors(),
                        usual.switchgear(),
                        usual.backup(),
                        usual.spread(),
                        usual.deviations());
        Site site = ShippedPlants.site("two-rooms");
        return new RoomAir(settings, 300, List.of(site.strings().firstEntry().getValue()));
    }

    private static String gas(double reference, double ours) {
        return number(reference) + " / " + near(reference, GAS_TOLERANCE, ours);
    }
}
