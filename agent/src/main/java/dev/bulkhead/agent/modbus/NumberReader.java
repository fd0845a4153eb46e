package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile.Bits;
import dev.bulkhead.rules.profile.Profile.Order;
import dev.bulkhead.rules.profile.Profile.Raw;
import dev.bulkhead.rules.profile.Profile.Stored;
import java.math.BigDecimal;

/** Reads numbers of one kind out of their registers. */
final class NumberReader {
    /** How the reason of a sentinel begins: the device says so itself, and is right. */
    static final String NO_VALUE = "the device has no value: ";

    private final Raw raw;
    private final int registers;
    private final boolean isLowWordFirst;
    private final boolean isLowByteFirst;
    private final int shift;
    private final int unused;
    private final long mask;
    private final long[] sentinels;

    NumberReader(Stored stored) {
        raw = stored.raw();
        registers = raw.registers();
        isLowWordFirst = stored.order() == Order.CDAB || stored.order() == Order.DCBA;
        isLowByteFirst = stored.order() == Order.BADC || stored.order() == Order.DCBA;
        shift = stored.bits().map(Bits::low).orElse(0);
        unused = Long.SIZE - stored.width();
        mask = -1L >>> unused;
        // A sentinel may be written signed or unsigned; the bits are the same.
        sentinels = stored.sentinels().stream().mapToLong(each -> each & mask).toArray();
    }

    /** The number that begins at {@code offset}. */
    RawNumber read(Image image, int offset) {
        long bits = bits(image, offset);
        for (long sentinel : sentinels) {
            if (sentinel == bits) {
                return new RawNumber.None(NO_VALUE + "0x%X".formatted(bits));
            }
        }
        return switch (raw) {
            case U16, U32 -> new RawNumber.Whole(bits);
            case U64 ->
                    bits >= 0
                            ? new RawNumber.Whole(bits)
                            : new RawNumber.Large(new BigDecimal(Long.toUnsignedString(bits)));
            case S16, S32, S64 -> new RawNumber.Whole(bits << unused >> unused);
            case F32 -> floating(Float.intBitsToFloat((int) bits), Float.MIN_NORMAL);
            case F64 -> floating(Double.longBitsToDouble(bits), Double.MIN_NORMAL);
            case BCD16, BCD32 -> decimal(bits);
        };
    }

    private long bits(Image image, int offset) {
        long bits = 0;
        for (int i = 0; i < registers; i++) {
            int word = image.at(offset + (isLowWordFirst ? registers - 1 - i : i));
            bits = (bits << 16) | (isLowByteFirst ? exchanged(word) : word);
        }
        return (bits >>> shift) & mask;
    }

    private static int exchanged(int word) {
        return (word & 0xFF) << 8 | word >> 8;
    }

    /** A device that means none so small has its words in another order: 0x000041AC for 21.5. */
    private static RawNumber floating(double number, double leastNormal) {
        if (!Double.isFinite(number)) {
            return new RawNumber.None("not a number: " + number);
        }
        return number != 0 && Math.abs(number) < leastNormal
                ? new RawNumber.None("no measurement, too near to 0: " + number)
                : new RawNumber.Floating(number);
    }

    private static RawNumber decimal(long bits) {
        String digits = Long.toHexString(bits);
        return digits.chars().allMatch(Character::isDigit)
                ? new RawNumber.Whole(Long.parseLong(digits))
                : new RawNumber.None("not decimal digits: 0x%X".formatted(bits));
    }
}
