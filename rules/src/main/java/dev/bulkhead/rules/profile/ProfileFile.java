package dev.bulkhead.rules.profile;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.profile.Profile.Group;
import dev.bulkhead.rules.profile.Profile.Heartbeat;
import dev.bulkhead.rules.profile.Profile.Identity;
import dev.bulkhead.rules.profile.Profile.Model;
import dev.bulkhead.rules.profile.Profile.Output;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Repeats;
import dev.bulkhead.rules.profile.Profile.Scaling;
import dev.bulkhead.rules.profile.Profile.Source;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.profile.Profile.Verified;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A register map's file.
 *
 * <pre>
 * profile: example
 * title: …
 * source: …
 * verified: document        # or device, peer, derived, assumed: what it was held against
 * blocks:                   # or none: see PlanRows; table is holding where it isn't said
 *   - {table: input, at: 20, count: 6, rate: fast}
 * points:                   # as: see EncodingRow; or bit; or contacts
 *   - {name: value, at: 21, as: s16, scale: 0.1, offset: 0, none: 0x8000, role: room.lfl}
 *   - {name: V, at: 40084, as: u16, factor: V_SF, none: [0xFFFF, 0xFFFE]}   # × 10^V_SF
 *   - {name: model, at: 40, as: text, registers: 8}
 *   - {name: tripped, at: 0, bit: 2, role: breaker.tripped}
 *   - {name: position, at: 0, contacts: [0, 1], role: breaker.position}     # 52a, 52b
 * groups:
 *   - {name: breaker, count: 18, stride: 1, points: […], coilStride: 2, outputs: [{name: trip, at: 1}]}
 * identity:
 *   - {point: divisor, is: 10}
 *   - {point: Idx}          # must be the device's index in the site
 * heartbeat: {point: Hb, within: 10 s}   # with it all values stand still: nobody lives there
 * models:                   # of a SunSpec device, as this map has them; it may have them elsewhere
 *   - {id: 1, at: 40002, length: [66, 65]}
 *   - {id: 804, at: 40070, length: 46, each: 16, count: NMod}   # L is 46 + 16 × NMod
 *   - {id: 805, nth: 2, at: 41200, length: 42, each: 4, count: NCell}
 * </pre>
 */
public final class ProfileFile {
    private static final int LAST_ADDRESS = 65535;

    /** SunSpec's ID after the last model. */
    private static final int END_OF_CHAIN = 0xFFFF;

    /** A point and the line it is written on. */
    private record Written(Point point, Document.Table row) {}

    private final EncodingRow encodings;
    private final PlanRows plan;
    private final List<PlanRows.Row> rows = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final Map<String, Written> points = new LinkedHashMap<>();
    private final Set<String> groupNames = new LinkedHashSet<>();
    private final Map<Integer, String> coils = new HashMap<>();
    private final SequencedMap<Model, PlanRows.Row> models = new LinkedHashMap<>();

    private ProfileFile(EncodingRow encodings, PlanRows plan) {
        this.encodings = encodings;
        this.plan = plan;
    }

    /**
     * Reads a register map.
     *
     * @param file its name, for messages only
     * @param text its content
     */
    public static Document.Parsed<Profile> parse(String file, String text) {
        return Document.parse(
                file,
                text,
                top ->
                        new ProfileFile(EncodingRow.withDefaultsOf(top), PlanRows.of(top))
                                .read(top));
    }

    private Profile read(Document.Table top) {
        var id = new ProfileId(top.text("profile"));
        String title = top.text("title");
        var source =
                new Source(
                        top.text("source"),
                        top.find("verified").map(entry -> entry.asOneOf(Verified.class)));
        top.tablesIfAny("models").forEach(this::readModel);
        top.tablesIfAny("blocks").forEach(this::readBlock);
        points.putAll(readPoints(top.tablesIfAny("points")));
        points.values().forEach(written -> place(written, "", 1, 0));
        List<Group> groups = top.tablesIfAny("groups").stream().map(this::readGroup).toList();
        List<Identity> proofs =
                top.tablesIfAny("identity").stream().map(this::readIdentity).toList();
        Optional<Heartbeat> heartbeat = top.tableIfAny("heartbeat").map(this::readHeartbeat);
        PlanRows.Planned planned = planned(proofs);
        heartbeat.ifPresent(it -> checkFelt(top, it, planned.blocks()));
        checkModels(groups, planned.blocks());
        List<Identity> identities = new ArrayList<>();
        List<Point> own = new ArrayList<>(points.values().stream().map(Written::point).toList());
        for (Model model : models.keySet()) {
            own.add(wordAt(model.address(), model.idPoint()));
            own.add(wordAt(model.address() + 1, model.lengthPoint()));
            identities.add(
                    new Identity(model.idPoint(), Optional.of(Integer.toString(model.id()))));
        }
        identities.addAll(proofs);
        return new Profile(
                id,
                title,
                source,
                planned.blocks(),
                planned.indivisible(),
                own,
                groups,
                identities,
                heartbeat,
                List.copyOf(models.keySet()));
    }

    private PlanRows.Planned planned(List<Identity> identities) {
        if (plan.isPlanned()) {
            return plan.plan(rows, identities, models);
        }
        rows.forEach(plan::refuse);
        return new PlanRows.Planned(blocks, PlanRows.indivisible(rows, models.keySet(), blocks));
    }

    private static Point wordAt(int address, String name) {
        var word =
                new Profile.Stored(Profile.Raw.U16, Profile.Order.ABCD, Optional.empty(), Set.of());
        return new Point(
                name,
                Table.HOLDING,
                address,
                new Encoding.Numeric(word, Scaling.NONE, Optional.empty()),
                Optional.empty());
    }

    private void readModel(Document.Table row) {
        Optional<Entry> length = row.find("length");
        List<Integer> lengths =
                length
                        .map(entry -> entry.isList() ? entry.asList() : List.of(entry))
                        .orElse(List.of())
                        .stream()
                        .map(each -> each.asInteger(1, LAST_ADDRESS))
                        .toList();
        if (lengths.isEmpty()) {
            row.entry().wrong("'length' is missing; expected what the model's L is");
            lengths = List.of(1);
        }
        Optional<Integer> each = row.find("each").map(entry -> entry.asInteger(1, LAST_ADDRESS));
        Optional<String> count = row.find("count").map(Entry::asText);
        if (each.isPresent() != count.isPresent() || (each.isPresent() && lengths.size() > 1)) {
            row.entry().wrong("what repeats has one 'length' before it, an 'each' and a 'count'");
        }
        var model =
                new Model(
                        row.integer("id", 1, END_OF_CHAIN - 1),
                        row.find("nth")
                                .map(entry -> OptionalInt.of(entry.asInteger(1, LAST_ADDRESS)))
                                .orElse(OptionalInt.empty()),
                        row.integer("at", 0, LAST_ADDRESS - Profile.HEADER),
                        lengths,
                        each.flatMap(words -> count.map(it -> new Repeats(words, it))));
        if (models.keySet().stream().anyMatch(other -> other.name().equals(model.name()))) {
            row.wrong("id", "there is already a %s".formatted(model.name()));
        }
        if (!models.isEmpty() && models.lastEntry().getKey().address() >= model.address()) {
            row.wrong("at", "models are listed by their addresses");
        }
        models.put(model, new PlanRows.Row("", wordAt(model.address(), model.idPoint()), row));
    }

    /** Checks that all that is read is in one model, and that each model goes on proving itself. */
    private void checkModels(List<Group> groups, List<Block> read) {
        if (models.isEmpty()) {
            return;
        }
        List<Model> all = List.copyOf(models.keySet());
        for (PlanRows.Row row : rows) {
            boolean isRepeated = row.scope().endsWith("[1].");
            if (row.scope().isEmpty() || isRepeated) {
                Optional<Extent> part =
                        Profile.modelAt(all, row.point().address())
                                .flatMap(model -> part(model, isRepeated));
                if (part.filter(it -> it.contains(row.point().extent())).isEmpty()) {
                    String what = isRepeated ? "what repeats in a model" : "a model's fixed part";
                    row.row()
                            .wrong(
                                    "at",
                                    "point '%s' is not in %s".formatted(row.point().name(), what));
                }
            }
        }
        for (Model model : all) {
            List<Group> repeated = Chain.groupsOf(groups, all, model);
            Document.Table row = Site.known(models, model).row();
            model.repeats().ifPresent(repeats -> checkRepeats(row, model, repeats, repeated));
            int end = model.end(repeated.stream().mapToInt(Group::count).max().orElse(0));
            Profile.modelAt(all, end - 1)
                    .filter(next -> !next.equals(model))
                    .ifPresent(
                            next ->
                                    row.wrong(
                                            "at",
                                            "it ends after %s begins".formatted(next.name())));
            Optional<Block> header =
                    read.stream().filter(block -> PlanRows.header(model).isIn(block)).findFirst();
            boolean isLate =
                    read.stream()
                            .filter(
                                    block ->
                                            Profile.modelAt(all, block.address())
                                                    .equals(Optional.of(model)))
                            .anyMatch(
                                    block ->
                                            header.isEmpty()
                                                    || block.rate().compareTo(header.get().rate())
                                                            < 0);
            if (isLate) {
                row.wrong("at", "its ID and L are not read as often as what follows them");
            }
        }
    }

    private static Optional<Extent> part(Model model, boolean isRepeated) {
        int fixed = Profile.HEADER + Collections.min(model.lengths());
        return isRepeated
                ? model.repeats().map(it -> new Extent(Table.HOLDING, model.end(0), it.each()))
                : Optional.of(new Extent(Table.HOLDING, model.address(), fixed));
    }

    private void checkRepeats(
            Document.Table row, Model model, Repeats repeats, List<Group> repeated) {
        Written counted = points.get(repeats.counted());
        if (counted == null) {
            row.wrong("count", unknownPoint(repeats.counted()));
        } else if (!isPlain(counted.point())
                || !part(model, false).orElseThrow().contains(counted.point().extent())) {
            row.wrong(
                    "count",
                    "point '%s' is no plain whole number of %s"
                            .formatted(repeats.counted(), model.name()));
        }
        repeated.stream()
                .filter(group -> group.stride() != repeats.each())
                .forEach(
                        group ->
                                row.wrong(
                                        "each",
                                        "each is %d; the stride of '%s' is %d"
                                                .formatted(
                                                        repeats.each(),
                                                        group.name(),
                                                        group.stride())));
    }

    private void readBlock(Document.Table row) {
        Table table = row.oneOf("table", Table.class, Table.HOLDING);
        int address = row.integer("at", 0, LAST_ADDRESS);
        int count = row.integer("count", 1, plan.most(table));
        if (address + count - 1 > LAST_ADDRESS) {
            row.wrong("count", "the block ends past address " + LAST_ADDRESS);
        }
        blocks.stream()
                .filter(other -> other.table() == table)
                .filter(other -> address < other.address() + other.count())
                .filter(other -> other.address() < address + count)
                .findFirst()
                .ifPresent(
                        other ->
                                row.wrong(
                                        "at",
                                        "the block overlaps that of %d at %d"
                                                .formatted(other.count(), other.address())));
        List<Model> all = List.copyOf(models.keySet());
        if (!Profile.modelAt(all, address).equals(Profile.modelAt(all, address + count - 1))) {
            row.wrong("count", "the block is in more than one model");
        }
        blocks.add(new Block(table, address, count, row.oneOf("rate", Profile.Rate.class)));
    }

    private Map<String, Written> readPoints(List<Document.Table> rows) {
        Map<String, Written> read = new LinkedHashMap<>();
        Set<Role.Of> kinds = new LinkedHashSet<>();
        for (Document.Table row : rows) {
            Point point = readPoint(row);
            if (read.putIfAbsent(point.name(), new Written(point, row)) != null) {
                row.wrong("name", "there is already a point '%s'".formatted(point.name()));
            }
            point.role()
                    .map(Role::of)
                    .filter(kind -> kinds.add(kind) && kinds.size() > 1)
                    .ifPresent(
                            _ -> row.wrong("role", "a role of another thing than those before it"));
        }
        return read;
    }

    private Point readPoint(Document.Table row) {
        String name = row.text("name");
        if (name.contains(".") || name.contains("[")) {
            row.wrong("name", "a point's name has no '.' and no '['");
        }
        Table table = row.oneOf("table", Table.class, Table.HOLDING);
        int address = row.integer("at", 0, LAST_ADDRESS);
        Encoding encoding = encodings.read(row, table);
        return new Point(name, table, address, encoding, readRole(row, encoding));
    }

    private static Optional<Role> readRole(Document.Table row, Encoding encoding) {
        Optional<Entry> written = row.find("role");
        if (written.isEmpty()) {
            return Optional.empty();
        }
        Optional<Role> role =
                written.get().asWord(Role.texts(), Role::unknown).flatMap(Role::named);
        if (role.isEmpty()) {
            return role;
        }
        // What a loop means, only the site can say.
        boolean fits =
                encoding.gives().equals(Optional.of(role.get().type()))
                        && !(encoding instanceof Encoding.Loop);
        if (!fits) {
            String expected = role.get().type().words();
            written.get().wrong("%s is %s; this point is not".formatted(role.get(), expected));
        }
        return role;
    }

    private Group readGroup(Document.Table row) {
        String name = row.text("name");
        if (!groupNames.add(name)) {
            row.wrong("name", "there is already a group '%s'".formatted(name));
        }
        int count = row.integer("count", 1, 10_000);
        int stride = row.integer("stride", 1, 10_000);
        int coilStride = row.integer("coilStride", 1, 10_000, 1);
        Map<String, Written> members = readPoints(row.tables("points"));
        for (Written written : members.values()) {
            if (isOfBits(written.point().table())) {
                written.row().wrong("table", "a group's points are in a table of registers");
            } else {
                place(written, name, count, stride);
                checkStride(written, count, stride);
            }
        }
        checkPositions(row, members);
        List<Output> outputs = readOutputs(row, LAST_ADDRESS - (count - 1) * coilStride);
        List<Point> own = members.values().stream().map(Written::point).toList();
        var group = new Group(name, count, stride, coilStride, own, outputs);
        checkCoils(row, group);
        return group;
    }

    /** A value that ends in the next item's is half of each. */
    private static void checkStride(Written written, int count, int stride) {
        int length = written.point().encoding().length();
        if (count > 1 && length > stride) {
            written.row()
                    .wrong(
                            "at",
                            "point '%s' takes %d registers, and the next item's stands %d further"
                                    .formatted(written.point().name(), length, stride));
        }
    }

    /** Where one coil is two outputs, selecting a breaker could trip its neighbour. */
    private void checkCoils(Document.Table row, Group group) {
        for (int item = 1; item <= group.count(); item++) {
            for (Output output : group.outputs()) {
                int coil = output.address() + (item - 1) * group.coilStride();
                String name = group.qualified(item, output.name());
                String other = coils.putIfAbsent(coil, name);
                if (other != null) {
                    row.wrong("outputs", "coil %d is %s and %s".formatted(coil, other, name));
                    return;
                }
            }
        }
    }

    /** The read-back after a trip needs both contacts: one code for "open" proves less. */
    private static void checkPositions(Document.Table row, Map<String, Written> members) {
        if (row.has("outputs")) {
            members.values().stream()
                    .filter(member -> member.point().encoding() instanceof Encoding.Listed)
                    .filter(member -> isOfPosition(member.point()))
                    .forEach(
                            member ->
                                    member.row()
                                            .wrong(
                                                    "values",
                                                    "a breaker with outputs tells its position by contacts"));
        }
    }

    private static boolean isOfPosition(Point point) {
        return point.encoding().gives().equals(Optional.of(Role.Type.POSITION));
    }

    private static List<Output> readOutputs(Document.Table row, int lastAddress) {
        Map<String, Output> outputs = new LinkedHashMap<>();
        for (Document.Table line : row.tablesIfAny("outputs")) {
            var output = new Output(line.text("name"), line.integer("at", 0, LAST_ADDRESS));
            if (outputs.putIfAbsent(output.name(), output) != null) {
                line.wrong("name", "there is already an output '%s'".formatted(output.name()));
            }
            if (output.address() > lastAddress) {
                line.wrong("at", "the last item's coil is past address " + LAST_ADDRESS);
            }
        }
        return List.copyOf(outputs.values());
    }

    private Identity readIdentity(Document.Table row) {
        String name = row.text("point");
        Optional<String> written = row.find("is").map(Entry::asText);
        Written point = points.get(name);
        if (point == null) {
            row.wrong("point", unknownPoint(name));
            return new Identity(name, written);
        }
        Encoding encoding = point.point().encoding();
        Optional<String> expected =
                encoding instanceof Encoding.Text ? written : written.map(ProfileFile::inDecimal);
        String kind =
                switch (encoding) {
                    case Encoding.Numeric _ ->
                            expected.map(text -> text.matches("-?[0-9]{1,20}")).orElse(true)
                                    ? ""
                                    : "a whole number";
                    case Encoding.Bit _ ->
                            expected.map(text -> text.matches("[01]")).orElse(false)
                                    ? ""
                                    : "0 or 1";
                    case Encoding.Text(int registers, var _) ->
                            expected.map(text -> text.length() <= 2 * registers).orElse(false)
                                    ? ""
                                    : "a text of up to %d characters".formatted(2 * registers);
                    case Encoding.Loop _, Encoding.Contacts _, Encoding.Listed _ ->
                            "a number, a bit or a text";
                };
        if (!kind.isEmpty()) {
            row.wrong(
                    "is",
                    "point '%s' proves a device by %s%s"
                            .formatted(
                                    name,
                                    kind,
                                    written.map("; 'is' is '%s'"::formatted).orElse("")));
        }
        return new Identity(name, expected);
    }

    /** A number that is of digits after 0x, as other keys have it; all else as it stands. */
    private static String inDecimal(String text) {
        return text.matches("0x[0-9a-fA-F]{1,16}")
                ? Long.toUnsignedString(Long.parseUnsignedLong(text.substring(2), 16))
                : text;
    }

    private Heartbeat readHeartbeat(Document.Table row) {
        String name = row.text("point");
        Duration within = row.duration("within");
        Written written = points.get(name);
        if (written == null) {
            row.wrong("point", unknownPoint(name));
        } else if (!(written.point().encoding() instanceof Encoding.Numeric)) {
            row.wrong("point", "a heartbeat is a number; '%s' is not".formatted(name));
        }
        if (!within.isPositive()) {
            row.wrong("within", "expected more than 0 s");
        }
        return new Heartbeat(name, within);
    }

    /** One that is read once on each connection can't be seen to stand still. */
    private void checkFelt(Document.Table top, Heartbeat heartbeat, List<Block> read) {
        Optional.ofNullable(points.get(heartbeat.point()))
                .map(written -> written.point().extent())
                .filter(
                        extent ->
                                read.stream()
                                        .filter(block -> block.rate() != Profile.Rate.ONCE)
                                        .noneMatch(extent::isIn))
                .ifPresent(
                        _ ->
                                top.wrong(
                                        "heartbeat",
                                        "heartbeat '%s' is read once; expected fast or slow"
                                                .formatted(heartbeat.point())));
    }

    /** Checks that a point of every item is read in one request. */
    private void checkRead(Written written, int count, int stride) {
        Point point = written.point();
        int length = point.encoding().length();
        IntStream.rangeClosed(1, count)
                .filter(item -> !isRead(point, point.address() + (item - 1) * stride, length))
                .findFirst()
                .ifPresent(
                        item ->
                                written.row()
                                        .wrong(
                                                "at",
                                                "point '%s'%s is in no block"
                                                        .formatted(
                                                                point.name(),
                                                                count > 1
                                                                        ? " of item " + item
                                                                        : "")));
    }

    /** Writes out where a point stands, item by item. */
    private void place(Written written, String group, int count, int stride) {
        Point point = written.point();
        for (int item = 1; item <= count; item++) {
            String scope = group.isEmpty() ? "" : "%s[%d].".formatted(group, item);
            rows.add(new PlanRows.Row(scope, point.movedBy((item - 1) * stride), written.row()));
        }
        if (point.address() + (count - 1) * stride + point.encoding().length() - 1 > LAST_ADDRESS) {
            written.row()
                    .wrong(
                            "at",
                            "point '%s' ends past address %d"
                                    .formatted(point.name(), LAST_ADDRESS));
        }
        if (!plan.isPlanned()) {
            checkRead(written, count, stride);
        }
        if (point.encoding() instanceof Encoding.Numeric number) {
            number.scaling().scaleFactor().ifPresent(factor -> checkFactor(written.row(), factor));
        }
    }

    private boolean isRead(Point point, int address, int length) {
        return blocks.stream().anyMatch(block -> block.covers(point.table(), address, length));
    }

    private void checkFactor(Document.Table row, String factor) {
        Written written = points.get(factor);
        if (written == null) {
            row.wrong("factor", unknownPoint(factor));
        } else if (!isPlain(written.point())) {
            row.wrong("factor", "point '%s' is no plain whole number".formatted(factor));
        }
    }

    private static boolean isPlain(Point point) {
        return point.encoding() instanceof Encoding.Numeric number
                && !number.stored().raw().isFloating()
                && number.scaling().equals(Scaling.NONE);
    }

    private String unknownPoint(String name) {
        return "there is no point '%s'%s".formatted(name, Document.nearest(name, points.keySet()));
    }

    static boolean isOfBits(Table table) {
        return table == Table.COIL || table == Table.DISCRETE;
    }
}
