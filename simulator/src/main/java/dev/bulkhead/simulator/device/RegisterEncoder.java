package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Values into registers, high word first. */
final class RegisterEncoder {
    /**
     * NAMUR NE 43: a transmitter that can't follow its quantity stops here, short of the currents
     * that mean a fault (3.6 and 21 mA).
     */
    private static final double LOOP_LOW_MICROAMPERES = 3800;

    private static final double LOOP_HIGH_MICROAMPERES = 20500;

    private RegisterEncoder() {}

    /**
     * A number whose scale and offset are taken off. One that doesn't fit stops at the nearest end,
     * and never at a sentinel: a device at its limit still measures.
     *
     * @param sentinels bit patterns that say "no value"
     */
    static int[] number(Profile.Raw raw, double number, Set<Long> sentinels) {
        if (raw == Profile.Raw.F32) {
            return words(2, Integer.toUnsignedLong(Float.floatToRawIntBits((float) number)));
        }
        long low = low(raw);
        long high = high(raw);
        long fitting = Math.clamp(Math.round(number), low, high);
        while (isSentinel(raw, fitting, sentinels)) {
            fitting += fitting > (low + high) / 2 ? -1 : 1;
        }
        return words(raw.registers(), fitting);
    }

    private static boolean isSentinel(Profile.Raw raw, long number, Set<Long> sentinels) {
        long mask = raw.registers() == 1 ? 0xFFFFL : 0xFFFF_FFFFL;
        return sentinels.stream().anyMatch(sentinel -> (sentinel & mask) == (number & mask));
    }

    private static long low(Profile.Raw raw) {
        return switch (raw) {
            case U16, U32, F32 -> 0;
            case S16 -> Short.MIN_VALUE;
            case S32 -> Integer.MIN_VALUE;
        };
    }

    private static long high(Profile.Raw raw) {
        return switch (raw) {
            case U16 -> 0xFFFF;
            case S16 -> Short.MAX_VALUE;
            case U32, F32 -> 0xFFFF_FFFFL;
            case S32 -> Integer.MAX_VALUE;
        };
    }

    /** The low bits of a number, in so many registers. */
    static int[] words(int registers, long bits) {
        return registers == 1
                ? new int[] {(int) (bits & 0xFFFF)}
                : new int[] {(int) (bits >>> 16 & 0xFFFF), (int) (bits & 0xFFFF)};
    }

    /** The current of a 4–20 mA loop, in µA. */
    static int[] loop(Wire.Span span, double number) {
        double microamperes = 4000 + (number - span.low()) / (span.high() - span.low()) * 16000;
        return new int[] {
            (int)
                    Math.round(
                            Math.clamp(microamperes, LOOP_LOW_MICROAMPERES, LOOP_HIGH_MICROAMPERES))
        };
    }

    static int[] bit(int bit, boolean isSet) {
        return new int[] {isSet ? 1 << bit : 0};
    }

    /** 52a is closed when the breaker is, 52b when it is open; between the ends neither. */
    static int[] contacts(Profile.Encoding.Contacts contacts, Position position) {
        int a = 1 << contacts.bit52a();
        int b = 1 << contacts.bit52b();
        return new int[] {
            switch (position) {
                case OPEN -> b;
                case CLOSED -> a;
                case MOVING -> 0;
                case BAD -> a | b;
            }
        };
    }

    /** Two characters to a register, the first in the high byte, padded with NUL. */
    static int[] text(int registers, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        int[] words = new int[registers];
        for (int at = 0; at < Math.min(bytes.length, 2 * registers); at++) {
            words[at / 2] |= (bytes[at] & 0xFF) << (at % 2 == 0 ? 8 : 0);
        }
        return words;
    }
}
