package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile.Bits;
import dev.bulkhead.rules.profile.Profile.Order;
import dev.bulkhead.rules.profile.Profile.Stored;
import java.math.BigDecimal;

/** What the registers of a number say before it is scaled, or why they say none. */
sealed interface RawNumber {
    record Known(BigDecimal number) implements RawNumber {}

    record None(String reason) implements RawNumber {}

    /** The number that begins at {@code offset}. */
    static RawNumber of(Stored stored, Image image, int offset) {
        long bits = bits(stored, image, offset);
        long mask = -1L >>> (Long.SIZE - stored.width());
        // A sentinel may be written signed or unsigned; the bits are the same.
        if (stored.sentinels().stream().anyMatch(sentinel -> (sentinel & mask) == bits)) {
            return new None("the device has no value: 0x%X".formatted(bits));
        }
        return switch (stored.raw()) {
            case U16, U32 -> new Known(BigDecimal.valueOf(bits));
            case U64 -> new Known(new BigDecimal(Long.toUnsignedString(bits)));
            case S16, S32, S64 -> {
                int unused = Long.SIZE - stored.width();
                yield new Known(BigDecimal.valueOf(bits << unused >> unused));
            }
            case F32 -> floating(Float.intBitsToFloat((int) bits));
            case F64 -> floating(Double.longBitsToDouble(bits));
            case BCD16, BCD32 -> decimal(bits);
        };
    }

    private static long bits(Stored stored, Image image, int offset) {
        boolean isLowWordFirst = stored.order() == Order.CDAB || stored.order() == Order.DCBA;
        boolean isLowByteFirst = stored.order() == Order.BADC || stored.order() == Order.DCBA;
        int registers = stored.raw().registers();
        long bits = 0;
        for (int i = 0; i < registers; i++) {
            int word = image.at(offset + (isLowWordFirst ? registers - 1 - i : i));
            bits = (bits << 16) | (isLowByteFirst ? exchanged(word) : word);
        }
        int shift = stored.bits().map(Bits::low).orElse(0);
        return (bits >>> shift) & (-1L >>> (Long.SIZE - stored.width()));
    }

    private static int exchanged(int word) {
        return (word & 0xFF) << 8 | word >> 8;
    }

    private static RawNumber floating(double number) {
        return Double.isFinite(number)
                ? new Known(new BigDecimal(number))
                : new None("not a number: " + number);
    }

    private static RawNumber decimal(long bits) {
        String digits = Long.toHexString(bits);
        return digits.chars().allMatch(Character::isDigit)
                ? new Known(new BigDecimal(digits))
                : new None("not decimal digits: 0x%X".formatted(bits));
    }
}
