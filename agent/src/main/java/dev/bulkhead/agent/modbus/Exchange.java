package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.guard.Permit;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.site.BreakerId;
import java.util.Objects;

/**
 * A request to one unit and the answer it wants. Limits are those of the Modbus application
 * protocol 1.1b3, section 6.
 */
public sealed interface Exchange {
    /** The unit that is asked. */
    int unit();

    /** Reads a block of one unit's. */
    static Exchange read(int unit, Block block) {
        return block.table() == Table.HOLDING || block.table() == Table.INPUT
                ? new ReadRegisters(unit, block.table(), block.address(), block.count())
                : new ReadBits(unit, block.table(), block.address(), block.count());
    }

    /** Reads registers of a register table; {@code address} is the one on the wire, from 0. */
    record ReadRegisters(int unit, Table table, int address, int count) implements Exchange {
        public ReadRegisters {
            check(unit, 0);
            check(address, count, 125);
            if (table != Table.HOLDING && table != Table.INPUT) {
                throw new IllegalArgumentException(table + " holds no registers");
            }
        }
    }

    /** Reads bits of a bit table. */
    record ReadBits(int unit, Table table, int address, int count) implements Exchange {
        public ReadBits {
            check(unit, 0);
            check(address, count, 2000);
            if (table != Table.COIL && table != Table.DISCRETE) {
                throw new IllegalArgumentException(table + " holds no bits");
            }
        }
    }

    /** What changes something. It is sent once, whatever becomes of it. */
    sealed interface Write extends Exchange {}

    /**
     * Switches a coil of a breaker's panel on: the only write of an agent that runs. Nothing is
     * ever switched off, and without the guard's leave for this breaker nothing is switched on; the
     * leave is looked at again when the write is about to be sent.
     */
    record WriteCoil(int unit, int address, BreakerId breaker, Permit.Leave leave)
            implements Write {
        public WriteCoil {
            // Unit 0 is everybody: a write to it has no addressee and no answer.
            check(unit, 1);
            check(address, 1, 1);
        }
    }

    /**
     * Writes what a person at the command line wants written.
     *
     * @param word which only a {@link Visit} has: no agent that runs can make such an exchange
     */
    record WriteAsTold(int unit, Change change, Visit.Word word) implements Write {
        public WriteAsTold {
            check(unit, 1);
            Objects.requireNonNull(word, "word");
        }
    }

    private static void check(int unit, int lowest) {
        if (unit < lowest || unit > 255) {
            throw new IllegalArgumentException("no unit has the number " + unit);
        }
    }

    private static void check(int address, int count, int most) {
        if (count < 1 || count > most || address < 0 || address + count > 65536) {
            throw new IllegalArgumentException(
                    "can't ask for " + count + " from address " + address);
        }
    }
}
