package dev.bulkhead.rules.profile;

import dev.bulkhead.rules.profile.Profile.Bits;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Meaning;
import dev.bulkhead.rules.profile.Profile.Order;
import dev.bulkhead.rules.profile.Profile.Range;
import dev.bulkhead.rules.profile.Profile.Raw;
import dev.bulkhead.rules.profile.Profile.Scaling;
import dev.bulkhead.rules.profile.Profile.Stored;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.Role;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a row of a register map says that its value is kept.
 *
 * <pre>
 * order: CDAB                                # at the top: of all that don't say otherwise
 * none: {u16: 0xFFFF, s16: 0x8000}           # at the top: of all of a type that don't say otherwise
 *
 *   as: u16, s16, u32, s32, u64, s64, f32, f64, bcd16 or bcd32
 *       order: ABCD, CDAB, BADC or DCBA
 *       bits: [4, 7]                         # of an unsigned one; u16 where 'as' isn't said
 *       none: 0x8000, or a list
 *       scale: 0.1, fraction: 7, offset: -40, factor: V_SF      # raw / 2^7 × 0.1 × 10^V_SF - 40
 *       range: [0, 60]                       # outside it is no measurement
 *       values: {true: [3, 5], false: 1}     # or open, closed, moving, bad; or numbers
 *   as: loop
 *   as: text, registers: 8, order: BADC
 *   bit: 2
 *   contacts: [0, 1]                         # 52a, 52b
 * </pre>
 */
final class EncodingRow {
    private static final List<String> ORDERS =
            Arrays.stream(Order.values()).map(Order::name).toList();

    private static final int MOST_REGISTERS = 125;

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}(\\.[0-9]{1,9})?");

    // 2^53: past it, a double no longer tells whole numbers apart.
    private static final double LARGEST_LISTED = 9007199254740992.0;

    /** What a point may be written as. */
    private enum As {
        U16,
        S16,
        U32,
        S32,
        U64,
        S64,
        F32,
        F64,
        BCD16,
        BCD32,
        LOOP,
        TEXT
    }

    private final Order order;
    private final Map<Raw, Set<Long>> sentinels;

    private EncodingRow(Order order, Map<Raw, Set<Long>> sentinels) {
        this.order = order;
        this.sentinels = sentinels;
    }

    /** Reads rows by what the top of their file says of all. */
    static EncodingRow withDefaultsOf(Document.Table top) {
        var sentinels = new EnumMap<Raw, Set<Long>>(Raw.class);
        top.tableIfAny("none")
                .ifPresent(
                        none -> {
                            for (Raw raw : Raw.values()) {
                                none.find(Document.spelled(raw))
                                        .ifPresent(
                                                it ->
                                                        sentinels.put(
                                                                raw, sentinels(it, width(raw))));
                            }
                        });
        return new EncodingRow(readOrder(top).orElse(Order.ABCD), sentinels);
    }

    Encoding read(Document.Table row, Profile.Table table) {
        Optional<Entry> bit = row.find("bit");
        boolean isOfBits = ProfileFile.isOfBits(table);
        if (bit.isPresent()) {
            if (!isOfBits) {
                checkHighByteFirst(row, "a bit");
            }
            return new Encoding.Bit(bit.get().asInteger(0, isOfBits ? 0 : 15));
        }
        if (isOfBits) {
            row.entry().wrong("'bit' is missing; a table of bits has nothing else");
            return new Encoding.Bit(0);
        }
        Optional<Entry> contacts = row.find("contacts");
        if (contacts.isPresent()) {
            checkHighByteFirst(row, "a contact");
            return readContacts(contacts.get());
        }
        return switch (row.has("bits")
                ? row.oneOf("as", As.class, As.U16)
                : row.oneOf("as", As.class)) {
            case U16 -> readNumber(row, Raw.U16);
            case S16 -> readNumber(row, Raw.S16);
            case U32 -> readNumber(row, Raw.U32);
            case S32 -> readNumber(row, Raw.S32);
            case U64 -> readNumber(row, Raw.U64);
            case S64 -> readNumber(row, Raw.S64);
            case F32 -> readNumber(row, Raw.F32);
            case F64 -> readNumber(row, Raw.F64);
            case BCD16 -> readNumber(row, Raw.BCD16);
            case BCD32 -> readNumber(row, Raw.BCD32);
            case LOOP -> {
                checkHighByteFirst(row, "a loop");
                yield new Encoding.Loop();
            }
            case TEXT ->
                    new Encoding.Text(
                            row.integer("registers", 1, MOST_REGISTERS),
                            readOrder(row).orElse(order));
        };
    }

    /** These are read as they are on the wire: an order that would change them is a mistake. */
    private void checkHighByteFirst(Document.Table row, String what) {
        if (order == Order.BADC || order == Order.DCBA) {
            row.entry()
                    .wrong(
                            "%s is read with its high byte first; say order %s at the points that have it, not at the top"
                                    .formatted(what, order));
        }
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

    private Encoding readNumber(Document.Table row, Raw raw) {
        Stored stored = readStored(row, raw);
        Optional<Entry> values = row.find("values");
        if (values.isPresent()) {
            return readListed(values.get(), stored);
        }
        return new Encoding.Numeric(stored, readScaling(row), readRange(row));
    }

    private Stored readStored(Document.Table row, Raw raw) {
        Optional<Bits> bits = row.find("bits").flatMap(entry -> readBits(entry, raw));
        var whole = new Stored(raw, readOrder(row).orElse(order), bits, Set.of());
        Set<Long> none =
                row.find("none")
                        .map(entry -> sentinels(entry, whole.width()))
                        .orElse(
                                bits.isPresent()
                                        ? Set.of()
                                        : sentinels.getOrDefault(raw, Set.of()));
        return new Stored(raw, whole.order(), bits, none);
    }

    private static Optional<Order> readOrder(Document.Table row) {
        return row.find("order")
                .flatMap(entry -> entry.asWord(ORDERS, EncodingRow::unknownOrder))
                .map(Order::valueOf);
    }

    /** Another order of the four letters is as near to one of them as to the next. */
    private static String unknownOrder(String text) {
        return "order is '%s'; expected one of %s".formatted(text, String.join(", ", ORDERS));
    }

    private static Optional<Bits> readBits(Entry entry, Raw raw) {
        if (!raw.isUnsigned()) {
            entry.wrong(
                    "only u16, u32 and u64 have bits to take out; this is "
                            + Document.spelled(raw));
            return Optional.empty();
        }
        int highest = width(raw) - 1;
        return ends(entry, "the lowest and the highest bit")
                .flatMap(
                        ends -> {
                            int low = ends.getFirst().asInteger(0, highest);
                            int high = ends.getLast().asInteger(0, highest);
                            if (low > high) {
                                entry.wrong("bits are named lowest first");
                                return Optional.empty();
                            }
                            return Optional.of(new Bits(low, high));
                        });
    }

    private static Set<Long> sentinels(Entry entry, int width) {
        var bits = new LinkedHashSet<Long>();
        (entry.isList() ? entry.asList() : List.of(entry))
                .forEach(none -> bits.add(none.asBits(width)));
        return bits;
    }

    private static Scaling readScaling(Document.Table row) {
        double scale = row.number("scale", -1e9, 1e9, 1);
        if (scale == 0) {
            row.wrong("scale", "scale is 0; every value would be the same");
        }
        return new Scaling(
                scale,
                row.integer("fraction", 0, 63, 0),
                row.number("offset", -1e9, 1e9, 0),
                row.find("factor").map(Entry::asText));
    }

    private static Optional<Range> readRange(Document.Table row) {
        return row.find("range")
                .flatMap(
                        entry ->
                                ends(entry, "the lowest and the highest value")
                                        .flatMap(ends -> readRange(entry, ends)));
    }

    private static Optional<Range> readRange(Entry entry, List<Entry> ends) {
        double low = ends.getFirst().asNumber(-1e12, 1e12);
        double high = ends.getLast().asNumber(-1e12, 1e12);
        if (low >= high) {
            entry.wrong("range is empty; expected the lowest value first");
            return Optional.empty();
        }
        return Optional.of(new Range(low, high));
    }

    private static Optional<List<Entry>> ends(Entry entry, String expected) {
        List<Entry> ends = entry.asList();
        if (ends.size() == 2) {
            return Optional.of(ends);
        }
        if (entry.isList()) {
            entry.wrong("%d items; expected two, %s".formatted(ends.size(), expected));
        }
        return Optional.empty();
    }

    private static Encoding readListed(Entry entry, Stored stored) {
        if (stored.raw().isFloating()) {
            entry.wrong(
                    "values are listed of whole numbers; this is "
                            + Document.spelled(stored.raw()));
        }
        SortedMap<Long, Meaning> meanings = new TreeMap<>();
        entry.asTable()
                .entries()
                .forEach(
                        (name, raws) ->
                                meaning(name, raws)
                                        .ifPresent(
                                                meaning -> list(meaning, raws, stored, meanings)));
        Set<Role.Type> kinds = new LinkedHashSet<>();
        meanings.values().forEach(meaning -> kinds.add(meaning.type()));
        if (kinds.size() > 1) {
            entry.wrong("values are all of one kind: true and false, positions, or numbers");
        }
        if (meanings.isEmpty()) {
            entry.wrong("no value is listed");
            return new Encoding.Listed(stored, new TreeMap<>(Map.of(0L, new Meaning.Quantity(0))));
        }
        missing(kinds, meanings)
                .ifPresent(
                        it -> entry.wrong("'%s' is missing; so it could never be".formatted(it)));
        return new Encoding.Listed(stored, meanings);
    }

    private static Optional<Meaning> meaning(String name, Entry place) {
        return switch (name) {
            case "true" -> Optional.of(new Meaning.Flag(true));
            case "false" -> Optional.of(new Meaning.Flag(false));
            case "open" -> Optional.of(Meaning.Position.OPEN);
            case "closed" -> Optional.of(Meaning.Position.CLOSED);
            case "moving" -> Optional.of(Meaning.Position.MOVING);
            case "bad" -> Optional.of(Meaning.Position.BAD);
            default -> number(name, place);
        };
    }

    private static Optional<Meaning> number(String name, Entry place) {
        if (NUMBER.matcher(name).matches()) {
            return Optional.of(new Meaning.Quantity(Double.parseDouble(name)));
        }
        List<String> known = List.of("true", "false", "open", "closed", "moving", "bad");
        place.wrong(
                "'%s' is no number, and none of %s%s"
                        .formatted(name, String.join(", ", known), Document.nearest(name, known)));
        return Optional.empty();
    }

    private static void list(
            Meaning meaning, Entry raws, Stored stored, SortedMap<Long, Meaning> meanings) {
        for (Entry raw : raws.isList() ? raws.asList() : List.of(raws)) {
            double number = raw.asNumber(lowest(stored), highest(stored));
            if (number != Math.rint(number)) {
                raw.wrong("a raw value is a whole number");
            }
            if (meanings.putIfAbsent((long) number, meaning) != null) {
                raw.wrong("raw value %d is listed twice".formatted((long) number));
            }
            if (isSentinel((long) number, stored)) {
                raw.wrong(
                        "raw value %d means 'no value' by 'none', so it can mean nothing else"
                                .formatted((long) number));
            }
        }
    }

    private static boolean isSentinel(long number, Stored stored) {
        long mask = -1L >>> (Long.SIZE - stored.width());
        return stored.sentinels().stream().anyMatch(none -> ((none ^ number) & mask) == 0);
    }

    private static double lowest(Stored stored) {
        return switch (stored.raw()) {
            case S16, S32 -> -Math.scalb(1.0, stored.width() - 1);
            case S64 -> -LARGEST_LISTED;
            case U16, U32, U64, F32, F64, BCD16, BCD32 -> 0;
        };
    }

    private static double highest(Stored stored) {
        return switch (stored.raw()) {
            case S16, S32 -> Math.scalb(1.0, stored.width() - 1) - 1;
            case S64, F32, F64 -> LARGEST_LISTED;
            case U16, U32, U64 -> Math.min(Math.scalb(1.0, stored.width()) - 1, LARGEST_LISTED);
            case BCD16 -> 9999;
            case BCD32 -> 99999999;
        };
    }

    /** A yes or no that can only be one of them, and a position without its ends, say nothing. */
    private static Optional<String> missing(
            Set<Role.Type> kinds, SortedMap<Long, Meaning> meanings) {
        Stream<Meaning> needed =
                switch (kinds.iterator().next()) {
                    case FLAG -> Stream.of(new Meaning.Flag(true), new Meaning.Flag(false));
                    case POSITION -> Stream.of(Meaning.Position.OPEN, Meaning.Position.CLOSED);
                    case NUMBER -> Stream.of();
                };
        return needed.filter(meaning -> !meanings.containsValue(meaning))
                .map(EncodingRow::name)
                .findFirst();
    }

    private static String name(Meaning meaning) {
        return switch (meaning) {
            case Meaning.Flag(boolean isSet) -> Boolean.toString(isSet);
            case Meaning.Position position -> Document.spelled(position);
            case Meaning.Quantity(double number) -> Double.toString(number);
        };
    }

    private static int width(Raw raw) {
        return 16 * raw.registers();
    }
}
