package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.profile.Profile.Table;
import java.util.List;

/**
 * What a person wants coils or holding registers to become. Limits are those of the Modbus
 * application protocol 1.1b3, sections 6.5, 6.6, 6.11 and 6.12.
 *
 * @param address of the first, on the wire, from 0
 * @param values bits, or registers of 0 to 65535
 * @param isOfSeveral whether the function for several is used, which some devices want for one too
 */
public record Change(Table table, int address, List<Integer> values, boolean isOfSeveral) {
    public Change {
        values = List.copyOf(values);
        boolean isOfCoils = table == Table.COIL;
        if (!isOfCoils && table != Table.HOLDING) {
            throw new IllegalArgumentException(table + " can't be written");
        }
        int most = !isOfSeveral ? 1 : isOfCoils ? 1968 : 123;
        if (values.isEmpty() || values.size() > most) {
            throw new IllegalArgumentException(
                    "can't write " + values.size() + " values; at most " + most);
        }
        if (address < 0 || address + values.size() > 65536) {
            throw new IllegalArgumentException("no address " + address);
        }
        for (int value : values) {
            if (value < 0 || value > (isOfCoils ? 1 : 0xFFFF)) {
                throw new IllegalArgumentException(
                        "a %s is never %d; expected %s"
                                .formatted(
                                        isOfCoils ? "coil" : "register",
                                        value,
                                        isOfCoils ? "0 or 1" : "-32768 to 65535"));
            }
        }
    }

    public Extent extent() {
        return new Extent(table, address, values.size());
    }

    /** 5, 6, 15 or 16. */
    public int function() {
        int single = table == Table.COIL ? 5 : 6;
        return isOfSeveral ? single + 10 : single;
    }
}
