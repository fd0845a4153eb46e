package dev.bulkhead.rules.profile;

import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A register map.
 *
 * @param source where it is from
 * @param blocks what to read in one request each, and how often
 * @param indivisible what means nothing if it is not read in one request, by address
 * @param points what the registers mean
 * @param groups points that repeat
 * @param identities what the device must answer to be believed
 * @param heartbeat how to tell that it is alive although it answers; empty: it can't be told
 * @param models of a SunSpec device, by address: all that is read stands in one of them; of any
 *     other device none
 */
public record Profile(
        ProfileId id,
        String title,
        Source source,
        List<Block> blocks,
        List<Extent> indivisible,
        List<Point> points,
        List<Group> groups,
        List<Identity> identities,
        Optional<Heartbeat> heartbeat,
        List<Model> models) {
    public Profile {
        blocks = List.copyOf(blocks);
        indivisible = List.copyOf(indivisible);
        points = List.copyOf(points);
        groups = List.copyOf(groups);
        identities = List.copyOf(identities);
        models = List.copyOf(models);
    }

    /** The same read by other requests. */
    public Profile readBy(List<Block> others) {
        return new Profile(
                id,
                title,
                source,
                others,
                indivisible,
                points,
                groups,
                identities,
                heartbeat,
                models);
    }

    /** The model that an address is in: from its ID up to the next model's. */
    public Optional<Model> modelAt(int address) {
        return modelAt(models, address);
    }

    /** The model that an address is in, of models by address. */
    static Optional<Model> modelAt(List<Model> models, int address) {
        Optional<Model> last = Optional.empty();
        for (Model model : models) {
            if (model.address() <= address) {
                last = Optional.of(model);
            }
        }
        return last;
    }

    /**
     * Where a register map is from.
     *
     * @param text manual and edition, or the specification and its commit
     * @param verified what it was held against; empty: its file doesn't say
     */
    public record Source(String text, Optional<Verified> verified) {}

    /** What a register map was held against: the best of what it was. */
    public enum Verified {
        /** A real device answers as it says. */
        DEVICE("a real device"),
        /** Software of others serves or reads what it says. */
        PEER("software that isn't ours"),
        /** Each register stands so in its maker's manual, or in the specification. */
        DOCUMENT("its maker's document"),
        /** Another program has each register so. */
        DERIVED("what another program knows of it"),
        /** It is Bulkhead's own. */
        ASSUMED("nothing");

        private final String words;

        Verified(String words) {
            this.words = words;
        }

        /** As after "held against". */
        public String words() {
            return words;
        }
    }

    /** Modbus's four tables. Addresses are those on the wire, from 0. */
    public enum Table {
        COIL,
        DISCRETE,
        HOLDING,
        INPUT
    }

    /** How often a block is read. */
    public enum Rate {
        /** What votes, proves or interlocks. */
        FAST,
        SLOW,
        /** Once after each connect. */
        ONCE
    }

    /** Registers (or bits) read in one request. */
    public record Block(Table table, int address, int count, Rate rate) {
        public boolean covers(Table other, int first, int length) {
            return table == other && first >= address && first + length <= address + count;
        }

        public Extent extent() {
            return new Extent(table, address, count);
        }
    }

    /** Some registers or bits in a row. */
    public record Extent(Table table, int address, int count) {
        /** The address after the last. */
        public int end() {
            return address + count;
        }

        public boolean overlaps(Extent other) {
            return table == other.table && address < other.end() && other.address < end();
        }

        public boolean contains(Extent other) {
            return table == other.table && address <= other.address && other.end() <= end();
        }

        public boolean isIn(Block block) {
            return block.covers(table, address, count);
        }

        /** As in {@code holding 40000 to 40069}. */
        @Override
        public String toString() {
            String name = table.name().toLowerCase(Locale.ROOT);
            return count == 1
                    ? name + " " + address
                    : "%s %d to %d".formatted(name, address, end() - 1);
        }

        /** From the first of both to the last; of one table. */
        public Extent with(Extent other) {
            int first = Math.min(address, other.address);
            return new Extent(table, first, Math.max(end(), other.end()) - first);
        }
    }

    /**
     * One value of the device.
     *
     * @param role what it means, if the profile alone can say; a panel's terminals get it from the
     *     site
     */
    public record Point(
            String name, Table table, int address, Encoding encoding, Optional<Role> role) {
        public Extent extent() {
            return new Extent(table, address, encoding.length());
        }

        Point movedBy(int addresses) {
            return new Point(name, table, address + addresses, encoding, role);
        }
    }

    /**
     * Points that repeat, item by item, in the register tables.
     *
     * @param stride registers from an item to the next
     * @param count items
     * @param points of item 1; item n stands {@code (n-1)*stride} higher
     * @param outputs coils of item 1; item n's stand {@code (n-1)*coilStride} higher
     */
    public record Group(
            String name,
            int count,
            int stride,
            int coilStride,
            List<Point> points,
            List<Output> outputs) {
        public Group {
            points = List.copyOf(points);
            outputs = List.copyOf(outputs);
        }

        /** The name of a point of an item, as in {@code module[3].ModCellVMin}. */
        public String qualified(int item, String point) {
            return name + "[" + item + "]." + point;
        }
    }

    /** A coil that does something when written. */
    public record Output(String name, int address) {}

    /**
     * A point whose value proves the device.
     *
     * @param expected the text or whole number it must have, 0 or 1 of a bit; empty: the device's
     *     index in the site
     */
    public record Identity(String point, Optional<String> expected) {}

    /**
     * A point that a living device goes on changing. A gateway that has lost its device may go on
     * answering with what it knew last; then neither this nor any other value changes any more.
     *
     * @param within how long all may stand still, of a device that lives
     */
    public record Heartbeat(String point, Duration within) {}

    /**
     * A model of a SunSpec device: a register with its ID, one with its length L, and L more.
     *
     * @param nth which of several with this ID, in the order of their addresses; empty: there is
     *     one
     * @param address of the ID in this map; a device may have it elsewhere
     * @param lengths what L may be, less what repeats; the first is this map's
     * @param repeats at its end
     */
    public record Model(
            int id,
            OptionalInt nth,
            int address,
            List<Integer> lengths,
            Optional<Repeats> repeats) {
        public Model {
            lengths = List.copyOf(lengths);
        }

        /** As in {@code model 804}, or {@code model 804 no. 2}. */
        public String name() {
            return "model " + id + (nth.isPresent() ? " no. " + nth.getAsInt() : "");
        }

        /** The point that holds its ID. */
        public String idPoint() {
            return name() + " ID";
        }

        /** The point that holds L. */
        public String lengthPoint() {
            return name() + " L";
        }

        /** The address after the last of a model that doesn't repeat, or not at all. */
        public int end() {
            return end(0);
        }

        /** The address after the last if so much repeats. */
        int end(int items) {
            return address
                    + HEADER
                    + lengths.getFirst()
                    + items * repeats.map(Repeats::each).orElse(0);
        }
    }

    /** A model's first registers, which its L doesn't count: its ID, and L. */
    static final int HEADER = 2;

    /**
     * How a model grows by what repeats in it.
     *
     * @param each registers for each item
     * @param counted the point that says how many items there are
     */
    public record Repeats(int each, String counted) {}

    /** How a value is kept in registers or bits. */
    public sealed interface Encoding {
        /** How many registers, or bits of a bit table. */
        int length();

        /** The kind of value a role gets from it; empty: none can. */
        Optional<Role.Type> gives();

        /** A number, scaled. */
        record Numeric(Stored stored, Scaling scaling, Optional<Range> range) implements Encoding {
            @Override
            public int length() {
                return stored.raw().registers();
            }

            @Override
            public Optional<Role.Type> gives() {
                return Optional.of(Role.Type.NUMBER);
            }
        }

        /**
         * A whole number that stands for something. What isn't listed stands for nothing: it is no
         * measurement.
         *
         * @param meanings of one kind, by raw value
         */
        record Listed(Stored stored, SortedMap<Long, Meaning> meanings) implements Encoding {
            public Listed {
                meanings = Collections.unmodifiableSortedMap(new TreeMap<>(meanings));
                if (meanings.isEmpty()) {
                    throw new IllegalArgumentException("nothing is listed");
                }
            }

            @Override
            public int length() {
                return stored.raw().registers();
            }

            @Override
            public Optional<Role.Type> gives() {
                return Optional.of(meanings.firstEntry().getValue().type());
            }
        }

        /** A current loop in µA; what it means, the site's wiring says. NAMUR NE 43 bounds it. */
        record Loop() implements Encoding {
            @Override
            public int length() {
                return 1;
            }

            @Override
            public Optional<Role.Type> gives() {
                return Optional.of(Role.Type.NUMBER);
            }
        }

        /** One bit of a register (0 is the lowest), or the bit itself in a bit table. */
        record Bit(int bit) implements Encoding {
            @Override
            public int length() {
                return 1;
            }

            @Override
            public Optional<Role.Type> gives() {
                return Optional.of(Role.Type.FLAG);
            }
        }

        /** A breaker's two auxiliary contacts: 52a follows the position, 52b opposes it. */
        record Contacts(int bit52a, int bit52b) implements Encoding {
            @Override
            public int length() {
                return 1;
            }

            @Override
            public Optional<Role.Type> gives() {
                return Optional.of(Role.Type.POSITION);
            }
        }

        /**
         * Characters, two to a register, padded with NUL or blanks.
         *
         * @param order of the two in their register; registers follow each other in any order
         */
        record Text(int length, Order order) implements Encoding {
            @Override
            public Optional<Role.Type> gives() {
                return Optional.empty();
            }
        }
    }

    /**
     * How a raw number stands in its registers.
     *
     * @param bits the part that counts; empty: all of it
     * @param sentinels raw values that say "no value", as bits: 0x8000 also for an S16
     */
    public record Stored(Raw raw, Order order, Optional<Bits> bits, Set<Long> sentinels) {
        public Stored {
            sentinels = Set.copyOf(sentinels);
        }

        /** How many bits count. */
        public int width() {
            return bits.map(part -> part.high() - part.low() + 1).orElse(16 * raw.registers());
        }
    }

    /** Some bits of a number, both ends among them; 0 is the lowest. */
    public record Bits(int low, int high) {}

    /**
     * raw / 2^{@code fractionBits} × {@code scale} × 10^(value of the scale-factor point) + {@code
     * offset}.
     */
    public record Scaling(
            double scale, int fractionBits, double offset, Optional<String> scaleFactor) {
        public static final Scaling NONE = new Scaling(1, 0, 0, Optional.empty());
    }

    /** What a value can be at all; outside it is no measurement. */
    public record Range(double low, double high) {}

    /** What a listed raw value stands for. */
    public sealed interface Meaning {
        Role.Type type();

        record Quantity(double number) implements Meaning {
            @Override
            public Role.Type type() {
                return Role.Type.NUMBER;
            }
        }

        record Flag(boolean isSet) implements Meaning {
            @Override
            public Role.Type type() {
                return Role.Type.FLAG;
            }
        }

        /** A breaker's position, as the device has found it. */
        enum Position implements Meaning {
            OPEN,
            CLOSED,
            MOVING,
            BAD;

            @Override
            public Role.Type type() {
                return Role.Type.POSITION;
            }
        }
    }

    /**
     * In which order a value's bytes come, A being the highest of a 32-bit number. The same holds
     * for other lengths: CDAB and DCBA have the low word first, BADC and DCBA the low byte of each
     * word. A 16-bit number is AB, or BA where its bytes are exchanged.
     */
    public enum Order {
        /** High word first, high byte first: Modbus as specified. */
        ABCD,
        /** Low word first. */
        CDAB,
        /** Low byte first in each word. */
        BADC,
        /** Low word first, low byte first. */
        DCBA
    }

    /** Raw number types. */
    public enum Raw {
        U16(1),
        S16(1),
        U32(2),
        S32(2),
        U64(4),
        S64(4),
        F32(2),
        F64(4),
        /** Four decimal digits, four bits each. */
        BCD16(1),
        /** Eight decimal digits. */
        BCD32(2);

        private final int registers;

        Raw(int registers) {
            this.registers = registers;
        }

        public int registers() {
            return registers;
        }

        public boolean isFloating() {
            return this == F32 || this == F64;
        }

        /** Whether the bits are the number. */
        public boolean isUnsigned() {
            return this == U16 || this == U32 || this == U64;
        }
    }
}
