package dev.bulkhead.rules.profile;

import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A register map.
 *
 * @param source where it is from: manual and edition, or the specification and its commit
 * @param blocks what to read in one request each, and how often
 * @param points what the registers mean
 * @param groups points that repeat
 * @param identities what the device must answer to be believed
 */
public record Profile(
        ProfileId id,
        String title,
        String source,
        List<Block> blocks,
        List<Point> points,
        List<Group> groups,
        List<Identity> identities) {
    public Profile {
        blocks = List.copyOf(blocks);
        points = List.copyOf(points);
        groups = List.copyOf(groups);
        identities = List.copyOf(identities);
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
    }

    /**
     * One value of the device.
     *
     * @param role what it means, if the profile alone can say; a panel's terminals get it from the
     *     site
     */
    public record Point(
            String name, Table table, int address, Encoding encoding, Optional<Role> role) {}

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

    /** How a value is kept in registers or bits. Words are big-endian, high word first. */
    public sealed interface Encoding {
        /** How many registers, or bits of a bit table. */
        int length();

        /**
         * A number: raw × scale × 10^(value of the scale-factor point) + offset.
         *
         * @param sentinels raw values that say "no value", as the raw type reads them: 0x8000 is
         *     -32768 of an S16
         */
        record Numeric(
                Raw raw,
                double scale,
                double offset,
                Optional<String> scaleFactor,
                Set<Long> sentinels)
                implements Encoding {
            public Numeric {
                sentinels = Set.copyOf(sentinels);
            }

            @Override
            public int length() {
                return raw.registers();
            }
        }

        /** A current loop in µA; what it means, the site's wiring says. NAMUR NE 43 bounds it. */
        record Loop() implements Encoding {
            @Override
            public int length() {
                return 1;
            }
        }

        /** One bit of a register (0 is the lowest), or the bit itself in a bit table. */
        record Bit(int bit) implements Encoding {
            @Override
            public int length() {
                return 1;
            }
        }

        /** A breaker's two auxiliary contacts: 52a follows the position, 52b opposes it. */
        record Contacts(int bit52a, int bit52b) implements Encoding {
            @Override
            public int length() {
                return 1;
            }
        }

        /** Characters, two to a register, padded with NUL or blanks. */
        record Text(int length) implements Encoding {}
    }

    /** Raw number types. */
    public enum Raw {
        U16(1),
        S16(1),
        U32(2),
        S32(2),
        F32(2);

        private final int registers;

        Raw(int registers) {
            this.registers = registers;
        }

        public int registers() {
            return registers;
        }
    }
}
