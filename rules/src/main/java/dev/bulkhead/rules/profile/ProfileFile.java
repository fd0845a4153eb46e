package dev.bulkhead.rules.profile;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Group;
import dev.bulkhead.rules.profile.Profile.Identity;
import dev.bulkhead.rules.profile.Profile.Output;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Raw;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
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
 * blocks:                   # table is holding where it isn't said; rate fast, slow or once
 *   - {table: input, at: 20, count: 6, rate: fast}
 * points:                   # as: u16, s16, u32, s32, f32, loop or text; or bit; or contacts
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
 * </pre>
 */
public final class ProfileFile {
    /** What one read request may ask for: Modbus application protocol V1.1b3, 6.1 to 6.4. */
    private static final int MOST_REGISTERS = 125;

    private static final int MOST_BITS = 2000;
    private static final int LAST_ADDRESS = 65535;

    /** What a point may be written as. */
    private enum As {
        U16,
        S16,
        U32,
        S32,
        F32,
        LOOP,
        TEXT
    }

    /** A point and the line it is written on. */
    private record Written(Point point, Document.Table row) {}

    private final List<Block> blocks = new ArrayList<>();
    private final Map<String, Written> points = new LinkedHashMap<>();
    private final Set<String> groupNames = new LinkedHashSet<>();

    private ProfileFile() {}

    /**
     * Reads a register map.
     *
     * @param file its name, for messages only
     * @param text its content
     */
    public static Document.Parsed<Profile> parse(String file, String text) {
        return Document.parse(file, text, new ProfileFile()::read);
    }

    private Profile read(Document.Table top) {
        var id = new ProfileId(top.text("profile"));
        String title = top.text("title");
        String source = top.text("source");
        top.tables("blocks").forEach(this::readBlock);
        points.putAll(readPoints(top.tablesIfAny("points")));
        points.values().forEach(written -> checkRead(written, 1, 0));
        List<Group> groups = top.tablesIfAny("groups").stream().map(this::readGroup).toList();
        List<Identity> identities =
                top.tablesIfAny("identity").stream().map(this::readIdentity).toList();
        List<Point> own = points.values().stream().map(Written::point).toList();
        return new Profile(id, title, source, blocks, own, groups, identities);
    }

    private void readBlock(Document.Table row) {
        Table table = row.oneOf("table", Table.class, Table.HOLDING);
        int address = row.integer("at", 0, LAST_ADDRESS);
        int count = row.integer("count", 1, isOfBits(table) ? MOST_BITS : MOST_REGISTERS);
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

    private static Map<String, Written> readPoints(List<Document.Table> rows) {
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

    private static Point readPoint(Document.Table row) {
        String name = row.text("name");
        if (name.contains(".") || name.contains("[")) {
            row.wrong("name", "a point's name has no '.' and no '['");
        }
        Table table = row.oneOf("table", Table.class, Table.HOLDING);
        int address = row.integer("at", 0, LAST_ADDRESS);
        Encoding encoding = readEncoding(row, table);
        return new Point(name, table, address, encoding, readRole(row, encoding));
    }

    private static Encoding readEncoding(Document.Table row, Table table) {
        Optional<Entry> bit = row.find("bit");
        if (bit.isPresent()) {
            return new Encoding.Bit(bit.get().asInteger(0, isOfBits(table) ? 0 : 15));
        }
        if (isOfBits(table)) {
            row.entry().wrong("'bit' is missing; a table of bits has nothing else");
            return new Encoding.Bit(0);
        }
        Optional<Entry> contacts = row.find("contacts");
        if (contacts.isPresent()) {
            return readContacts(contacts.get());
        }
        return switch (row.oneOf("as", As.class)) {
            case U16 -> readNumeric(row, Raw.U16);
            case S16 -> readNumeric(row, Raw.S16);
            case U32 -> readNumeric(row, Raw.U32);
            case S32 -> readNumeric(row, Raw.S32);
            case F32 -> readNumeric(row, Raw.F32);
            case LOOP -> new Encoding.Loop();
            case TEXT -> new Encoding.Text(row.integer("registers", 1, MOST_REGISTERS));
        };
    }

    private static Encoding readContacts(Entry entry) {
        List<Entry> bits = entry.asList();
        if (bits.size() != 2) {
            if (entry.isList()) {
                entry.wrong("contacts has %d items; expected 52a, 52b".formatted(bits.size()));
            }
            return new Encoding.Contacts(0, 1);
        }
        int bit52a = bits.getFirst().asInteger(0, 15);
        int bit52b = bits.getLast().asInteger(0, 15);
        if (bit52a == bit52b) {
            entry.wrong("52a and 52b are both bit " + bit52a);
        }
        return new Encoding.Contacts(bit52a, bit52b);
    }

    private static Encoding readNumeric(Document.Table row, Raw raw) {
        double scale = row.number("scale", -1e9, 1e9, 1);
        if (scale == 0) {
            row.wrong("scale", "scale is 0; every value would be the same");
        }
        double offset = row.number("offset", -1e9, 1e9, 0);
        Optional<String> factor = row.find("factor").map(Entry::asText);
        Set<Long> sentinels = new LinkedHashSet<>();
        row.find("none")
                .map(none -> none.isList() ? none.asList() : List.of(none))
                .orElse(List.of())
                .forEach(none -> sentinels.add(readSentinel(none, raw)));
        return new Encoding.Numeric(raw, scale, offset, factor, sentinels);
    }

    /** Written as the registers hold it, kept as the raw type reads it. */
    private static long readSentinel(Entry none, Raw raw) {
        long bits = (long) none.asNumber(0, raw.registers() == 1 ? 0xFFFF : 4294967295.0);
        return switch (raw) {
            case U16, U32, F32 -> bits;
            case S16 -> (short) bits;
            case S32 -> (int) bits;
        };
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
        boolean fits =
                switch (role.get().type()) {
                    case NUMBER -> encoding instanceof Encoding.Numeric;
                    case FLAG -> encoding instanceof Encoding.Bit;
                    case POSITION -> encoding instanceof Encoding.Contacts;
                };
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
                checkRead(written, count, stride);
            }
        }
        List<Output> outputs = readOutputs(row, LAST_ADDRESS - (count - 1) * coilStride);
        List<Point> own = members.values().stream().map(Written::point).toList();
        return new Group(name, count, stride, coilStride, own, outputs);
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
                            expected.map(text -> text.matches("-?[0-9]{1,10}")).orElse(true)
                                    ? ""
                                    : "a whole number";
                    case Encoding.Bit _ ->
                            expected.map(text -> text.matches("[01]")).orElse(false)
                                    ? ""
                                    : "0 or 1";
                    case Encoding.Text(int registers) ->
                            expected.map(text -> text.length() <= 2 * registers).orElse(false)
                                    ? ""
                                    : "a text of up to %d characters".formatted(2 * registers);
                    case Encoding.Loop _, Encoding.Contacts _ -> "a number, a bit or a text";
                };
        if (!kind.isEmpty()) {
            row.wrong("is", "point '%s' proves a device by %s".formatted(name, kind));
        }
        return new Identity(name, expected);
    }

    /** Checks that a point of every item is read in one request, and its scale factor at all. */
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
        if (point.encoding() instanceof Encoding.Numeric number) {
            number.scaleFactor().ifPresent(factor -> checkFactor(written.row(), factor));
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
                || number.raw() == Raw.F32
                || number.scale() != 1
                || number.offset() != 0
                || number.scaleFactor().isPresent()) {
            row.wrong("factor", "point '%s' is no plain whole number".formatted(factor));
        }
    }

    private String unknownPoint(String name) {
        return "there is no point '%s'%s".formatted(name, Document.nearest(name, points.keySet()));
    }

    private static boolean isOfBits(Table table) {
        return table == Table.COIL || table == Table.DISCRETE;
    }
}
