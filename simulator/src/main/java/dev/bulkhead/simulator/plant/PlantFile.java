package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.Document.Table;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads {@code plant.yaml}: how the real plant behaves and where it differs from its site file.
 * What it leaves out is as in {@link PlantSettings#usual()}. All mistakes are found at once.
 */
public final class PlantFile {
    /**
     * Of lithium-ion cells, in kg/m³: about 2100, widely. Reactions heat a cell by its volume, and
     * its mass takes the heat up: a cell of air would go past all numbers.
     */
    private static final double LEAST_DENSITY = 1000;

    private static final double MOST_DENSITY = 5000;

    private final Site site;

    private PlantFile(Site site) {
        this.site = site;
    }

    /**
     * Reads a plant.
     *
     * @param file its name, for messages only
     * @param site the facility it is the truth of
     */
    public static Document.Parsed<PlantSettings> parse(String file, String text, Site site) {
        return Document.parse(file, text, new PlantFile(site)::read);
    }

    private PlantSettings read(Table top) {
        String name = top.text("plant");
        if (!name.equals("?") && !name.equals(site.name())) {
            top.find("plant")
                    .ifPresent(
                            entry ->
                                    entry.wrong(
                                            "plant is of '"
                                                    + name
                                                    + "'; the site is "
                                                    + site.name()));
        }
        PlantSettings usual = PlantSettings.usual();
        Chemistry chemistry = top.oneOf("chemistry", Chemistry.class, usual.chemistry());
        checkCells(top, chemistry);
        PlantSettings.Cells cells = in(top, "cells", usual.cells(), PlantFile::cells);
        Optional<Table> gear = top.tableIfAny("switchgear");
        Optional<Table> power = top.tableIfAny("backup");
        PlantSettings.Switchgear switchgear = switchgear(gear, chemistry, cells);
        PlantSettings.Backup backup =
                power.map(table -> backup(table, chemistry))
                        .orElse(PlantSettings.Backup.of(chemistry));
        Stream.of(
                        gear.flatMap(table -> table.find("floatVoltsPerCell")),
                        power.flatMap(table -> table.find("emptyVoltsPerCell")))
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(
                        said ->
                                checkFloat(
                                        said,
                                        switchgear.floatVoltsPerCell(),
                                        backup.emptyVoltsPerCell()));
        return new PlantSettings(
                chemistry,
                cells,
                in(top, "leadAcid", usual.leadAcid(), PlantFile::leadAcid),
                in(top, "air", usual.air(), PlantFile::air),
                in(top, "detectors", usual.detectors(), PlantFile::detectors),
                switchgear,
                backup,
                in(top, "spread", usual.spread(), PlantFile::spread),
                in(top, "deviations", usual.deviations(), this::deviations));
    }

    /** By the cells of its site an agent tells a live busbar from a dead one. */
    private void checkCells(Table top, Chemistry chemistry) {
        site.strings().values().stream()
                .filter(string -> string.kind() != chemistry.kind())
                .findFirst()
                .ifPresent(
                        string ->
                                top.wrong(
                                        "chemistry",
                                        "chemistry is %s; string '%s' of the site is %s"
                                                .formatted(
                                                        Document.spelled(chemistry),
                                                        string.id(),
                                                        Document.spelled(string.kind()))));
    }

    private static <T> T in(Table top, String key, T usual, Function<Table, T> reader) {
        return top.tableIfAny(key).map(reader).orElse(usual);
    }

    private static PlantSettings.Cells cells(Table table) {
        PlantSettings.Cells cells = cellsAsWritten(table);
        double density = cells.kilograms() / cells.cubicMetres();
        if (!(density >= LEAST_DENSITY && density <= MOST_DENSITY)) {
            table.entry()
                    .wrong(
                            String.format(
                                    Locale.ROOT,
                                    "a cell of %.0f kg/m³ by its mass and sizes; expected %.0f to"
                                            + " %.0f",
                                    density,
                                    LEAST_DENSITY,
                                    MOST_DENSITY));
        }
        return cells;
    }

    private static PlantSettings.Cells cellsAsWritten(Table table) {
        var usual =
                table.oneOf("like", PlantSettings.CellKind.class, PlantSettings.CellKind.NMC_94)
                        .cells();
        return new PlantSettings.Cells(
                table.number("massKilograms", 0.01, 50, usual.kilograms()),
                table.number(
                        "heatJoulesPerKilogramKelvin", 300, 3000, usual.joulesPerKilogramKelvin()),
                table.number("widthMetres", 0.01, 2, usual.widthMetres()),
                table.number("heightMetres", 0.01, 2, usual.heightMetres()),
                table.number("thicknessMetres", 0.002, 0.5, usual.thicknessMetres()),
                table.number("milliohms", 0.01, 100, usual.milliohms()),
                table.number("jointMilliohms", 0, 100, usual.jointMilliohms()),
                table.number("mismatchMilliohms", 0, 100, usual.mismatchMilliohms()),
                table.number("chargePercent", 1, 100, usual.chargePercent()),
                table.number(
                        "filmWattsPerSquareMetreKelvin",
                        0,
                        100,
                        usual.filmWattsPerSquareMetreKelvin()),
                table.number("emissivity", 0, 1, usual.emissivity()),
                table.number(
                        "betweenCellsWattsPerSquareMetreKelvin",
                        0,
                        1000,
                        usual.betweenCellsWattsPerSquareMetreKelvin()),
                table.number(
                        "betweenModulesWattsPerSquareMetreKelvin",
                        0,
                        1000,
                        usual.betweenModulesWattsPerSquareMetreKelvin()),
                table.number("flameShareAbove", 0, 1, usual.flameShareAbove()),
                table.number("ventCelsius", 60, 300, usual.ventCelsius()),
                positive(table, "thermistorLag", usual.thermistorLag()));
    }

    private static PlantSettings.LeadAcid leadAcid(Table table) {
        var usual = PlantSettings.LeadAcid.usual();
        return new PlantSettings.LeadAcid(
                table.number(
                        "floatMilliamperesPerAmpereHour",
                        0.01,
                        100,
                        usual.floatMilliamperesPerAmpereHour()),
                table.number("gasShare", 0, 1, usual.gasShare()),
                table.number(
                        "recombinedMilliamperesPerAmpereHour",
                        0,
                        1000,
                        usual.recombinedMilliamperesPerAmpereHour()),
                table.number("waterGramsPerAmpereHour", 1, 50, usual.waterGramsPerAmpereHour()),
                table.number("boilsCelsius", 90, 130, usual.boilsCelsius()));
    }

    private static PlantSettings.Air air(Table table) {
        var usual = PlantSettings.Air.usual();
        return new PlantSettings.Air(
                table.number("celsius", -20, 60, usual.celsius()),
                table.number("humidityPercent", 0, 100, usual.humidityPercent()),
                table.number("changesPerHour", 0, 100, usual.changesPerHour()),
                table.number("closedChangesPerHour", 0, 100, usual.closedChangesPerHour()),
                table.number("rackCubicMetres", 0.01, 10, usual.rackCubicMetres()),
                positive(table, "rackExchange", usual.rackExchange()),
                table.number("spillShare", 0, 1, usual.spillShare()),
                table.number("ceilingMetresAboveRack", 0.2, 20, usual.ceilingMetresAboveRack()),
                table.number("wallWattsPerKelvin", 0, 1e6, usual.wallWattsPerKelvin()));
    }

    /** A string that is held below where its UPS gives up carries no load at all. */
    private static void checkFloat(Entry said, double floats, double empty) {
        if (floats < empty) {
            said.wrong(
                    "floatVoltsPerCell is "
                            + floats
                            + " V, below emptyVoltsPerCell, "
                            + empty
                            + " V");
        }
    }

    private static PlantSettings.Detectors detectors(Table table) {
        PlantSettings.Detectors detectors = anyDetectors(table);
        checkStep(
                table,
                "smokeBackgroundPercentPerMetre",
                detectors.smokeBackgroundPercentPerMetre(),
                "smokeAlertPercentPerMetre",
                detectors.smokeAlertPercentPerMetre());
        checkStep(
                table,
                "smokeAlertPercentPerMetre",
                detectors.smokeAlertPercentPerMetre(),
                "smokeActionPercentPerMetre",
                detectors.smokeActionPercentPerMetre());
        checkStep(
                table,
                "smokeActionPercentPerMetre",
                detectors.smokeActionPercentPerMetre(),
                "smokeFirePercentPerMetre",
                detectors.smokeFirePercentPerMetre());
        return detectors;
    }

    private static void checkStep(
            Table table, String lower, double low, String higher, double high) {
        if (low > high) {
            table.wrong(
                    table.has(lower) ? lower : higher,
                    lower + " is " + low + " %/m, above " + higher + ", " + high + " %/m");
        }
    }

    private static PlantSettings.Detectors anyDetectors(Table table) {
        var usual = PlantSettings.Detectors.usual();
        return new PlantSettings.Detectors(
                table.number("offGasPartsPerMillion", 1, 1e6, usual.offGasPartsPerMillion()),
                positive(table, "gasLag", usual.gasLag()),
                table.duration("smokeTransport", usual.smokeTransport()),
                table.number(
                        "smokeBackgroundPercentPerMetre",
                        0,
                        1,
                        usual.smokeBackgroundPercentPerMetre()),
                table.number(
                        "smokeAlertPercentPerMetre", 0.001, 20, usual.smokeAlertPercentPerMetre()),
                table.number(
                        "smokeActionPercentPerMetre",
                        0.001,
                        20,
                        usual.smokeActionPercentPerMetre()),
                table.number(
                        "smokeFirePercentPerMetre", 0.001, 20, usual.smokeFirePercentPerMetre()),
                table.number("heatCelsius", 40, 200, usual.heatCelsius()),
                positive(table, "heatLag", usual.heatLag()),
                table.duration("agentDelay", usual.agentDelay()));
    }

    /** The charger floats strings as their chemistry wants, unless the file says otherwise. */
    private static PlantSettings.Switchgear switchgear(
            Optional<Table> table, Chemistry chemistry, PlantSettings.Cells cells) {
        var usual = PlantSettings.Switchgear.usual();
        double floats = chemistry.floatVolts(cells.chargePercent() / 100);
        return new PlantSettings.Switchgear(
                table.map(t -> positive(t, "opening", usual.opening())).orElse(usual.opening()),
                table.map(t -> positive(t, "selectHolds", usual.selectHolds()))
                        .orElse(usual.selectHolds()),
                table.map(t -> t.number("bleederKiloohms", 0.1, 1e4, usual.bleederKiloohms()))
                        .orElse(usual.bleederKiloohms()),
                table.map(t -> t.number("busbarMicrofarads", 0.01, 1e5, usual.busbarMicrofarads()))
                        .orElse(usual.busbarMicrofarads()),
                table.map(t -> t.number("floatVoltsPerCell", 1, 5, floats)).orElse(floats),
                table.map(t -> t.number("fuseAmperes", 1, 1e5, usual.fuseAmperes()))
                        .orElse(usual.fuseAmperes()),
                table.map(t -> t.flag("openedByFacilityCut", usual.openedByFacilityCut()))
                        .orElse(usual.openedByFacilityCut()));
    }

    private static PlantSettings.Backup backup(Table table, Chemistry chemistry) {
        var usual = PlantSettings.Backup.of(chemistry);
        return new PlantSettings.Backup(
                table.flag("generatorsStart", usual.generatorsStart()),
                table.duration("generatorStart", usual.generatorStart()),
                table.number("efficiency", 0.5, 1, usual.efficiency()),
                table.number("emptyVoltsPerCell", 1, 4, usual.emptyVoltsPerCell()),
                table.number("chargeRate", 0.001, 2, usual.chargeRate()),
                table.duration("rideThrough", usual.rideThrough()),
                table.duration("bypassTransfer", usual.bypassTransfer()),
                table.duration("batteryTransfer", usual.batteryTransfer()),
                table.number("upsStopsCelsius", 30, 100, usual.upsStopsCelsius()),
                table.number("inrush", 1, 20, usual.inrush()),
                table.duration("inrushLasts", usual.inrushLasts()));
    }

    private static PlantSettings.Spread spread(Table table) {
        return new PlantSettings.Spread(
                table.find("bmsSilent").map(Entry::asDuration),
                table.find("nextRack").map(Entry::asDuration),
                table.find("ceilingLag")
                        .map(_ -> positive(table, "ceilingLag", Duration.ofMinutes(1))),
                table.find("feedersFail").map(Entry::asDuration));
    }

    private static Duration positive(Table table, String key, Duration usual) {
        Duration duration = table.duration(key, usual);
        if (duration.isZero()) {
            table.find(key).ifPresent(entry -> entry.wrong(key + " is 0; expected more than that"));
            return usual;
        }
        return duration;
    }

    private PlantSettings.Deviations deviations(Table table) {
        return new PlantSettings.Deviations(
                swaps(table, "swappedUnits", text -> device(text), "device"),
                swaps(table, "miswiredBreakers", text -> breaker(text), "breaker"),
                breakers(table, "stuckBreakers"),
                breakers(table, "localBreakers"));
    }

    private Optional<DeviceId> device(String text) {
        return Optional.of(new DeviceId(text)).filter(site.devices()::containsKey);
    }

    private Optional<BreakerId> breaker(String text) {
        return Optional.of(new BreakerId(text)).filter(site.breakers()::containsKey);
    }

    private List<BreakerId> breakers(Table table, String key) {
        List<BreakerId> found = new ArrayList<>();
        for (Entry entry : table.listIfAny(key)) {
            known(entry, text -> breaker(text), "breaker").ifPresent(found::add);
        }
        return found;
    }

    /** Pairs that stand in each other's place. */
    private static <T> SequencedMap<T, T> swaps(
            Table table, String key, Function<String, Optional<T>> find, String kind) {
        SequencedMap<T, T> swaps = new LinkedHashMap<>();
        for (Entry entry : table.listIfAny(key)) {
            List<Entry> pair = entry.asList();
            if (entry.isList() && pair.size() != 2) {
                entry.wrong(key + " has " + pair.size() + "; a pair was expected");
            } else if (pair.size() == 2) {
                Optional<T> first = known(pair.getFirst(), find, kind);
                Optional<T> second = known(pair.getLast(), find, kind);
                if (first.isPresent() && second.isPresent()) {
                    swap(swaps, entry, first.get(), second.get());
                }
            }
        }
        return swaps;
    }

    private static <T> void swap(SequencedMap<T, T> swaps, Entry entry, T first, T second) {
        if (first.equals(second) || swaps.containsKey(first) || swaps.containsKey(second)) {
            entry.wrong(first + " and " + second + ": expected two that are in no other pair");
            return;
        }
        swaps.put(first, second);
        swaps.put(second, first);
    }

    private static <T> Optional<T> known(
            Entry entry, Function<String, Optional<T>> find, String kind) {
        String text = entry.asText();
        Optional<T> found = text.equals("?") ? Optional.empty() : find.apply(text);
        if (found.isEmpty() && !text.equals("?")) {
            entry.wrong("the site has no " + kind + " " + text);
        }
        return found;
    }
}
