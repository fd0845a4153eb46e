package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A string's BMS by SunSpec, encoded by hand, with its models where a test wants them. Each value
 * is another number, and what isn't asked for looks like a cell voltage: what is read at a wrong
 * place shows.
 */
public final class SunSpecUnit {
    private static final int FIXED = 46;
    private static final int EACH = 16;
    private static final int LOOKS_LIKE_A_CELL = 3210;

    private final Map<Integer, Integer> registers = new HashMap<>();
    private int next;

    /** A device with its mark at an address, and nothing after it yet. */
    public SunSpecUnit(int base) {
        registers.put(base, 0x5375);
        registers.put(base + 1, 0x6E53);
        next = base + 2;
    }

    /** A model that no register map names. */
    public SunSpecUnit vendor(int id, int length) {
        int at = next;
        header(id, length);
        for (int i = 2; i < 2 + length; i++) {
            registers.put(at + i, LOOKS_LIKE_A_CELL);
        }
        return this;
    }

    public SunSpecUnit common(int length) {
        return vendor(1, length);
    }

    public SunSpecUnit string(int modules) {
        return string(FIXED + EACH * modules, modules);
    }

    /** Model 804 that says so of its length, and has as many modules as it says. */
    SunSpecUnit string(int length, int modules) {
        int at = next;
        vendor(804, length);
        int[] fixed = {1, modules, 0, 2};
        for (int i = 0; i < fixed.length; i++) {
            registers.put(at + 2 + i, fixed[i]);
        }
        registers.put(at + 14, 5576);
        registers.put(at + 42, 0xFFFF);
        registers.put(at + 43, 0xFFFD);
        registers.put(at + 44, 0);
        for (int i = 0; i < modules; i++) {
            int module = at + 2 + FIXED + EACH * i;
            registers.put(module + 5, 3001 + i);
            registers.put(module + 7, 3501 + i);
            registers.put(module + 8, 21 + i);
        }
        return this;
    }

    /** The end, after which there is nothing. */
    public SunSpecUnit end() {
        header(0xFFFF, 0);
        return this;
    }

    private void header(int id, int length) {
        registers.put(next, id);
        registers.put(next + 1, length);
        next += 2 + length;
    }

    SunSpecUnit put(int address, int value) {
        registers.put(address, value);
        return this;
    }

    /** What of the string these registers mean, where a test looks. */
    public static Map<SignalId, Value> values(int modules) {
        var values = new HashMap<SignalId, Value>();
        values.put(new SignalId("bms.V"), new Value.Quantity(557.6));
        for (int i = 1; i <= modules; i++) {
            String module = "bms.module[" + i + "].";
            values.put(
                    new SignalId(module + "ModCellVMin"), new Value.Quantity((3000 + i) / 1000.0));
            values.put(
                    new SignalId(module + "ModCellVAvg"), new Value.Quantity((3500 + i) / 1000.0));
            values.put(new SignalId(module + "ModCellTmpMax"), new Value.Quantity(20 + i));
        }
        return values;
    }

    /** As {@link Bench#image} has it. */
    public List<String> image(int unit) {
        var lines = new ArrayList<String>();
        registers.forEach(
                (address, value) -> lines.add("h %d %d %d".formatted(unit, address, value)));
        return lines;
    }

    /** An answer; exception 2 where one of the registers isn't there. */
    Bytes answer(Bytes request) {
        int address = request.word(8);
        int count = request.word(10);
        var pdu = new StringBuilder("03").append(BenchUnits.hex(2 * count, 2));
        for (int i = 0; i < count; i++) {
            Integer value = registers.get(address + i);
            if (value == null) {
                return BenchUnits.exception(request, 2);
            }
            pdu.append(BenchUnits.hex(value, 4));
        }
        return BenchUnits.frame(request.word(0), request.at(6), pdu.toString());
    }
}
