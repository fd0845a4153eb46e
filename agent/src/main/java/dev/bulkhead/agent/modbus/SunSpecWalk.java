package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Chain;
import dev.bulkhead.rules.profile.Chain.Header;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The way along the models of a SunSpec device: its mark is looked for where it may be, then header
 * follows header up to the end. Answers in, the next question or an outcome out; no time and no
 * I/O. Every question is for two registers.
 *
 * <pre>
 *   40000 ──► 50000 ──► 0 ──► Lost          no mark, or refused
 *     └─────────┴───────┴─► [ID, L] ──► [ID, L] ──► … ──► [0xFFFF, 0]: Walked
 *                             └───────────┴── refused, nonsense or too many: Lost
 * </pre>
 */
public sealed interface SunSpecWalk {
    /** Where the mark may be, in the order in which it is looked for. */
    List<Integer> BASES = List.of(40000, 50000, 0);

    /** 'SunS'. */
    Image MARK = Image.of(0x5375, 0x6E53);

    int END = 0xFFFF;

    /** Ten strings of 25 modules, each with a model of its own, are fewer. */
    int MOST_MODELS = 300;

    int LAST_ADDRESS = 65535;

    /**
     * On the way.
     *
     * @param base which of the bases
     * @param address of what is to be read next
     * @param found so far
     */
    record Asking(int base, int address, List<Header> found) implements SunSpecWalk {
        public Asking {
            found = List.copyOf(found);
        }

        /** What to read next. */
        public Block block() {
            return SunSpecWalk.at(address);
        }

        public SunSpecWalk answered(Image image) {
            if (isAtMark()) {
                return image.equals(MARK) ? new Asking(base, address + 2, found) : elsewhere();
            }
            int id = image.at(0);
            int length = image.at(1);
            if (id == END && length == 0) {
                return new Walked(new Chain(found));
            }
            int next = address + 2 + length;
            String what = "ID %d, L %d at %d".formatted(id, length, address);
            if (id == END || id == 0 || length == 0) {
                return new Lost(what + " is no model and no end; " + new Chain(found));
            }
            if (next + 1 > LAST_ADDRESS) {
                return new Lost(what + " leaves no place for an end");
            }
            if (found.size() == MOST_MODELS) {
                return new Lost("it has more than %d models".formatted(MOST_MODELS));
            }
            var more = new ArrayList<>(found);
            more.add(new Header(id, address, length));
            return new Asking(base, next, more);
        }

        /** The device answered with an exception that is about the address. */
        public SunSpecWalk refused(String reason) {
            return isAtMark()
                    ? elsewhere()
                    : new Lost(
                            "no model and no end at %d: %s; %s"
                                    .formatted(address, reason, new Chain(found)));
        }

        private boolean isAtMark() {
            return address == BASES.get(base);
        }

        private SunSpecWalk elsewhere() {
            return base + 1 < BASES.size()
                    ? new Asking(base + 1, BASES.get(base + 1), found)
                    : new Lost(
                            BASES.stream()
                                    .map(String::valueOf)
                                    .collect(
                                            Collectors.joining(", ", "'SunS' is at none of ", "")));
        }
    }

    /** The chain has an end. */
    record Walked(Chain chain) implements SunSpecWalk {}

    /** There is no chain that can be trusted. */
    record Lost(String reason) implements SunSpecWalk {}

    static Asking begin() {
        return new Asking(0, BASES.getFirst(), List.of());
    }

    /** What is asked of a device that is as a register map has it; nothing if it has no models. */
    static List<Block> expected(Profile layout) {
        if (layout.models().isEmpty()) {
            return List.of();
        }
        int base = layout.models().getFirst().address() - 2;
        int end = layout.models().getLast().end();
        IntStream headers = layout.models().stream().mapToInt(Profile.Model::address);
        return IntStream.concat(IntStream.of(base), IntStream.concat(headers, IntStream.of(end)))
                .mapToObj(SunSpecWalk::at)
                .toList();
    }

    private static Block at(int address) {
        return new Block(Table.HOLDING, address, 2, Rate.ONCE);
    }
}
