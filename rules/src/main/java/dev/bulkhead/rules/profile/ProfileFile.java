package dev.bulkhead.rules.profile;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.profile.Profile.Group;
import dev.bulkhead.rules.profile.Profile.Heartbeat;
import dev.bulkhead.rules.profile.Profile.Identity;
import dev.bulkhead.rules.profile.Profile.Output;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Scaling;
import dev.bulkhead.rules.profile.Profile.Source;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.profile.Profile.Verified;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * </pre>
 */
public final class ProfileFile {
    private static final int LAST_ADDRESS = 65535;

    /** A point and the line it is written on. */
    private record Written(Point point, Document.Table row) {}

    private final EncodingRow encodings;
    private final PlanRows plan;
    private final List<PlanRows.Row> rows = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final Map<String, Written> points = new LinkedHashMap<>();
    private final Set<String> groupNames = new LinkedHashSet<>();

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
        top.tablesIfAny("blocks").forEach(this::readBlock);
        points.putAll(readPoints(top.tablesIfAny("points")));
        points.values().forEach(written -> place(written, "", 1, 0));
        List<Group> groups = top.tablesIfAny("groups").stream().map(this::readGroup).toList();
        List<Identity> identities =
                top.tablesIfAny("identity").stream().map(this::readIdentity).toList();
        Optional<Heartbeat> heartbeat = top.tableIfAny("heartbeat").map(this::readHeartbeat);
        List<Point> own = points.values().stream().map(Written::point).toList();
        if (plan.isPlanned()) {
            PlanRows.Planned planned = plan.plan(rows, identities);
            return new Profile(
                    id,
                    title,
                    source,
                    planned.blocks(),
                    planned.indivisible(),
                    own,
                    groups,
                    identities,
                    heartbeat);
        }
        rows.forEach(plan::refuse);
        List<Extent> indivisible = PlanRows.indivisible(rows);
        return new Profile(
                id, title, source, blocks, indivisible, own, groups, identities, heartbeat);
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
        String text = written.get().asText();
        Optional<Role> role = Role.named(text);
        if (role.isEmpty()) {
            written.get().wrong(Role.unknown(text));
            return role;
        }
        // What a loop means, only the site can say.
        boolean fits =
                encoding.gives().equals(Optional.of(role.get().type()))
                        && !(encoding instanceof Encoding.Loop);
        if (!fits) {
            String expected = role.get().type().words();
            written.get().wrong("%s is %s; this point is not".formatted(text, expected));
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
            }
        }
        checkPositions(row, members);
        List<Output> outputs = readOutputs(row, LAST_ADDRESS - (count - 1) * coilStride);
        List<Point> own = members.values().stream().map(Written::point).toList();
        return new Group(name, count, stride, coilStride, own, outputs);
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
        Optional<Entry> is = row.find("is");
        Optional<String> expected = is.map(Entry::asText);
        Written written = points.get(name);
        if (written == null) {
            row.wrong("point", unknownPoint(name));
            return new Identity(name, expected);
        }
        String kind =
                switch (written.point().encoding()) {
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
            row.wrong("is", "point '%s' proves a device by %s".formatted(name, kind));
        }
        return new Identity(name, expected);
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
        } else if (!(written.point().encoding() instanceof Encoding.Numeric number)
                || number.stored().raw().isFloating()
                || !number.scaling().equals(Scaling.NONE)) {
            row.wrong("factor", "point '%s' is no plain whole number".formatted(factor));
        }
    }

    private String unknownPoint(String name) {
        return "there is no point '%s'%s".formatted(name, Document.nearest(name, points.keySet()));
    }

    static boolean isOfBits(Table table) {
        return table == Table.COIL || table == Table.DISCRETE;
    }
}
