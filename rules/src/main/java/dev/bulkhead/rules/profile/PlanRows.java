package dev.bulkhead.rules.profile;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.profile.Profile.Identity;
import dev.bulkhead.rules.profile.Profile.Model;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.profile.ReadPlan.Limits;
import dev.bulkhead.rules.profile.ReadPlan.Wanted;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Document.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a register map says of how it is read, if it has no blocks.
 *
 * <pre>
 * mostRegisters: 26                                  # the device's own limit; 125
 * mostBits: 100                                      # likewise; 2000
 * bridge: 10                                         # read over so many registers nobody wants
 * unreadable: [{table: input, at: 30, count: 4}]     # in no request
 * points:
 *   - {name: V, at: 0, as: u16, rate: slow}          # fast, slow or once
 *   - {name: high, at: 4, as: u16, atomic: energy}   # with all others of this word in one request
 * </pre>
 *
 * A value and its scale factor are read in one request too, so that none is scaled by what the
 * factor was before; unless the factor is read once, by which a map says that it never changes, or
 * is a SunSpec model's, whose values wait for its header. Where nothing is said, a text and what
 * only proves the device are read once, a scale factor as often as what it scales, and everything
 * else fast: what votes or interlocks must not wait because a word was forgotten.
 */
final class PlanRows {
    /** What one read request may ask for: Modbus application protocol V1.1b3, 6.1 to 6.4. */
    private static final int MOST_REGISTERS = 125;

    private static final int MOST_BITS = 2000;
    private static final int LAST_ADDRESS = 65535;

    /**
     * Where reading what nobody wants costs what asking again does. On a serial line a request and
     * the frame of its answer are 13 characters and two silences of 3.5, and a register is two: so
     * ten, at any speed, for a device that answers at once. One that takes its time, or a network
     * between, makes asking again dearer, never cheaper.
     */
    private static final int BRIDGE = 10;

    /** A point of one item of a group, or of the device, and the line it is written on. */
    record Row(String scope, Point point, Document.Table row) {
        String name() {
            return scope + point.name();
        }

        Optional<String> factor() {
            return point.encoding() instanceof Encoding.Numeric number
                    ? number.scaling().scaleFactor()
                    : Optional.empty();
        }
    }

    record Planned(List<Block> blocks, List<Extent> indivisible) {}

    private final boolean isPlanned;
    private final Limits limits;

    private PlanRows(boolean isPlanned, Limits limits) {
        this.isPlanned = isPlanned;
        this.limits = limits;
    }

    static PlanRows of(Document.Table top) {
        boolean isPlanned = !top.has("blocks");
        if (!isPlanned) {
            for (String key : List.of("bridge", "unreadable")) {
                if (top.has(key)) {
                    top.wrong(
                            key,
                            "the blocks say what is read; leave out '%s' or them".formatted(key));
                }
            }
        }
        return new PlanRows(
                isPlanned,
                new Limits(
                        top.integer("mostRegisters", 1, MOST_REGISTERS, MOST_REGISTERS),
                        top.integer("mostBits", 1, MOST_BITS, MOST_BITS),
                        top.integer("bridge", 0, MOST_REGISTERS, BRIDGE),
                        top.tablesIfAny("unreadable").stream().map(PlanRows::extent).toList(),
                        List.of()));
    }

    private static Extent extent(Document.Table row) {
        return new Extent(
                row.oneOf("table", Table.class, Table.HOLDING),
                row.integer("at", 0, LAST_ADDRESS),
                row.integer("count", 1, LAST_ADDRESS + 1, 1));
    }

    boolean isPlanned() {
        return isPlanned;
    }

    /** How many registers or bits one request may ask for. */
    int most(Table table) {
        return limits.most(table);
    }

    /** Notes what a point says for a planner in a map that has blocks. */
    void refuse(Row row) {
        for (String key : List.of("rate", "atomic")) {
            if (row.row().has(key)) {
                row.row()
                        .wrong(
                                key,
                                "the blocks say what is read; leave out '%s' or them"
                                        .formatted(key));
            }
        }
    }

    /** The values as they stand, each with its scale factor, for a map that has blocks. */
    static List<Extent> indivisible(List<Row> rows, Set<Model> models, List<Block> blocks) {
        var extents = new ArrayList<Extent>();
        rows.forEach(row -> extents.add(row.point().extent()));
        models.forEach(model -> extents.add(header(model)));
        if (models.isEmpty()) {
            checkFactors(rows, blocks).forEach(extents::add);
        }
        return ReadPlan.joined(
                        extents.stream().map(extent -> new Wanted(extent, Rate.FAST)).toList())
                .stream()
                .map(Wanted::extent)
                .toList();
    }

    /** From each value to its scale factor, where both are in one block; elsewhere it is wrong. */
    private static List<Extent> checkFactors(List<Row> rows, List<Block> blocks) {
        Map<String, Row> byName = byName(rows);
        var hulls = new ArrayList<Extent>();
        for (Row row : rows) {
            Optional<Row> factor = factor(row, byName);
            Optional<Block> own = block(row, blocks);
            if (factor.isEmpty() || own.isEmpty()) {
                continue;
            }
            if (factor.get().point().extent().isIn(own.get())) {
                hulls.add(row.point().extent().with(factor.get().point().extent()));
            } else if (block(factor.get(), blocks)
                    .filter(it -> it.rate() != Rate.ONCE)
                    .isPresent()) {
                row.row()
                        .wrong(
                                "factor",
                                "'%s' is read apart from '%s', which it would scale wrongly after a change; read both in one block, or '%s' in one of 'rate: once' if it never changes"
                                        .formatted(
                                                factor.get().name(),
                                                row.name(),
                                                factor.get().name()));
            }
        }
        return hulls;
    }

    /** Where a value is read most often. */
    private static Optional<Block> block(Row row, List<Block> blocks) {
        return blocks.stream()
                .filter(row.point().extent()::isIn)
                .min(Comparator.comparing(Block::rate));
    }

    /** The scale factor of a value: of its own item, else of the device. */
    private static Optional<Row> factor(Row row, Map<String, Row> byName) {
        return row.factor()
                .flatMap(
                        name ->
                                Optional.ofNullable(byName.get(row.scope() + name))
                                        .or(() -> Optional.ofNullable(byName.get(name))));
    }

    private static Map<String, Row> byName(List<Row> rows) {
        Map<String, Row> byName = new HashMap<>();
        rows.forEach(row -> byName.putIfAbsent(row.name(), row));
        return byName;
    }

    /**
     * @param headers the IDs of models, which end with L: read together, and as often as anything
     *     in their model
     */
    Planned plan(List<Row> rows, List<Identity> identities, SequencedMap<Model, Row> headers) {
        List<Model> models = List.copyOf(headers.keySet());
        Limits bounded = limits.within(models.stream().map(Model::address).toList());
        Map<String, Rate> rates = rates(rows, identities);
        var wanted = new ArrayList<Wanted>();
        rows.forEach(row -> wanted.add(new Wanted(row.point().extent(), rate(row, rates))));
        together(rows, rates, models.isEmpty()).forEach(wanted::add);
        for (Model model : models) {
            Rate rate =
                    rows.stream()
                            .filter(row -> isIn(model, models, row))
                            .map(row -> rate(row, rates))
                            .min(Comparator.naturalOrder())
                            .orElse(Rate.ONCE);
            wanted.add(new Wanted(header(model), rate));
        }
        List<Wanted> joined = ReadPlan.joined(wanted);
        List<Row> all = Stream.concat(rows.stream(), headers.values().stream()).toList();
        joined.forEach(each -> check(each.extent(), all, bounded));
        return new Planned(
                ReadPlan.blocks(joined, bounded), joined.stream().map(Wanted::extent).toList());
    }

    private static boolean isIn(Model model, List<Model> models, Row row) {
        return Profile.modelAt(models, row.point().address()).equals(Optional.of(model));
    }

    static Extent header(Model model) {
        return new Extent(Table.HOLDING, model.address(), Profile.HEADER);
    }

    private static Rate rate(Row row, Map<String, Rate> rates) {
        return rates.getOrDefault(row.name(), Rate.FAST);
    }

    private static Map<String, Rate> rates(List<Row> rows, List<Identity> identities) {
        Set<String> proofs = identities.stream().map(Identity::point).collect(Collectors.toSet());
        var rates = new HashMap<String, Rate>();
        var factors = new HashMap<String, Rate>();
        for (Row row : rows) {
            boolean isOnce =
                    row.point().encoding() instanceof Encoding.Text
                            || (proofs.contains(row.name()) && row.point().role().isEmpty());
            Rate otherwise = isOnce ? Rate.ONCE : Rate.FAST;
            Rate rate = row.row().oneOf("rate", Rate.class, otherwise);
            rates.put(row.name(), rate);
            row.factor()
                    .ifPresent(
                            factor ->
                                    factors.merge(
                                            factor,
                                            rate,
                                            (one, other) ->
                                                    one.compareTo(other) < 0 ? one : other));
        }
        rows.stream()
                .filter(row -> !row.row().has("rate") && factors.containsKey(row.name()))
                .forEach(row -> rates.put(row.name(), factors.getOrDefault(row.name(), Rate.FAST)));
        return rates;
    }

    /** What is to be read in one request because only together it means something. */
    private static List<Wanted> together(
            List<Row> rows, Map<String, Rate> rates, boolean withFactors) {
        Map<String, Row> byName = byName(rows);
        Map<String, Row> byWord = new HashMap<>();
        var together = new ArrayList<Wanted>();
        for (Row row : rows) {
            factor(row, byName)
                    .filter(
                            factor ->
                                    withFactors
                                            ? rate(factor, rates) != Rate.ONCE
                                            : rate(factor, rates) == rate(row, rates))
                    .flatMap(factor -> hull(row, factor, "factor"))
                    .ifPresent(hull -> together.add(new Wanted(hull, rate(row, rates))));
            Optional<String> word = row.row().find("atomic").map(Entry::asText);
            if (word.isPresent()) {
                Row first = byWord.computeIfAbsent(row.scope() + word.get(), _ -> row);
                hull(first, row, "atomic")
                        .ifPresent(hull -> together.add(new Wanted(hull, rate(row, rates))));
            }
        }
        return together;
    }

    private static Optional<Extent> hull(Row row, Row other, String key) {
        if (row.point().table() == other.point().table()) {
            return Optional.of(row.point().extent().with(other.point().extent()));
        }
        row.row()
                .wrong(
                        key,
                        "'%s' and '%s' are in different tables, which no request reads together"
                                .formatted(row.point().name(), other.point().name()));
        return Optional.empty();
    }

    private void check(Extent extent, List<Row> rows, Limits bounded) {
        Row first =
                rows.stream()
                        .filter(row -> extent.contains(row.point().extent()))
                        .findFirst()
                        .orElseThrow();
        if (extent.count() > most(extent.table())) {
            first.row()
                    .wrong(
                            "at",
                            "%s must be read in one request, which takes at most %d; 'rate: once' at a scale factor sets it apart"
                                    .formatted(extent, most(extent.table())));
        } else if (!limits.isReadable(extent)) {
            first.row()
                    .wrong(
                            "at",
                            "%s must be read in one request, and some of it is unreadable"
                                    .formatted(extent));
        } else if (!bounded.isWithin(extent)) {
            first.row()
                    .wrong(
                            "at",
                            "%s must be read in one request, and is not all in one model"
                                    .formatted(extent));
        }
    }
}
