package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Stored;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.Wire;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Values into registers. */
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
     */
    static int[] number(Stored stored, double number) {
        return switch (stored.raw()) {
            case F32 -> words(stored, Float.floatToRawIntBits((float) number));
            case F64 -> words(stored, Double.doubleToRawLongBits(number));
            case U16, U32, U64, S16, S32, S64, BCD16, BCD32 -> whole(stored, whole(number));
        };
    }

    /** A whole number, as near as the registers can hold it. */
    static int[] whole(Stored stored, BigInteger number) {
        BigInteger low = low(stored);
        BigInteger high = high(stored);
        BigInteger fitting = number.max(low).min(high);
        BigInteger inwards =
                fitting.shiftLeft(1).compareTo(low.add(high)) > 0
                        ? BigInteger.ONE.negate()
                        : BigInteger.ONE;
        while (isSentinel(stored, fitting)) {
            fitting = fitting.add(inwards);
        }
        return words(stored, pattern(stored, fitting));
    }

    /** Past 2^52 every double is whole. */
    private static BigInteger whole(double number) {
        return Math.abs(number) < 0x1p52
                ? BigInteger.valueOf(Math.round(number))
                : new BigDecimal(number).toBigInteger();
    }

    private static boolean isSentinel(Stored stored, BigInteger number) {
        long mask = mask(stored.width());
        long pattern = pattern(stored, number) & mask;
        return stored.sentinels().stream().anyMatch(sentinel -> (sentinel & mask) == pattern);
    }

    private static long pattern(Stored stored, BigInteger number) {
        return switch (stored.raw()) {
            // Written in decimal and read in hexadecimal, each digit takes four bits.
            case BCD16, BCD32 -> Long.parseLong(number.toString(), 16);
            case U16, U32, U64, S16, S32, S64, F32, F64 -> number.longValue();
        };
    }

    private static BigInteger low(Stored stored) {
        return switch (stored.raw()) {
            case S16, S32, S64 -> BigInteger.ONE.shiftLeft(stored.width() - 1).negate();
            case U16, U32, U64, BCD16, BCD32, F32, F64 -> BigInteger.ZERO;
        };
    }

    private static BigInteger high(Stored stored) {
        BigInteger above =
                switch (stored.raw()) {
                    case U16, U32, U64, F32, F64 -> BigInteger.ONE.shiftLeft(stored.width());
                    case S16, S32, S64 -> BigInteger.ONE.shiftLeft(stored.width() - 1);
                    case BCD16, BCD32 -> BigInteger.TEN.pow(stored.width() / 4);
                };
        return above.subtract(BigInteger.ONE);
    }

    private static long mask(int width) {
        return width == Long.SIZE ? -1 : (1L << width) - 1;
    }

    /** Which bits of its registers are a number's. */
    static int[] mask(Stored stored) {
        return words(stored, mask(stored.width()));
    }

    /** Bits put into the registers of a number, in its order. */
    static int[] words(Stored stored, long bits) {
        int registers = stored.raw().registers();
        long placed =
                stored.bits().map(part -> (bits & mask(stored.width())) << part.low()).orElse(bits);
        byte[] highFirst = ByteBuffer.allocate(Long.BYTES).putLong(placed).array();
        byte[] bytes = Arrays.copyOfRange(highFirst, Long.BYTES - 2 * registers, Long.BYTES);
        byte[] ordered =
                switch (stored.order()) {
                    case ABCD -> bytes;
                    case DCBA -> reversed(bytes);
                    case BADC -> exchanged(bytes);
                    case CDAB -> exchanged(reversed(bytes));
                };
        return words(ordered);
    }

    /** The low bits of a number in so many registers, high word first. */
    static int[] words(int registers, long bits) {
        var plain =
                new Stored(
                        registers == 1 ? Profile.Raw.U16 : Profile.Raw.U32,
                        Profile.Order.ABCD,
                        Optional.empty(),
                        Set.of());
        return words(plain, bits);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int at = 0; at < bytes.length; at++) {
            reversed[bytes.length - 1 - at] = bytes[at];
        }
        return reversed;
    }

    /** Each byte in the place of its neighbour. */
    private static byte[] exchanged(byte[] bytes) {
        byte[] exchanged = new byte[bytes.length];
        for (int at = 0; at < bytes.length; at++) {
            exchanged[at ^ 1] = bytes[at];
        }
        return exchanged;
    }

    private static int[] words(byte[] bytes) {
        int[] words = new int[bytes.length / 2];
        for (int at = 0; at < words.length; at++) {
            words[at] = ((bytes[2 * at] & 0xFF) << 8) | (bytes[2 * at + 1] & 0xFF);
        }
        return words;
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

    /** Two characters to a register, padded with NUL. */
    static int[] text(Profile.Encoding.Text encoding, String text) {
        byte[] characters = text.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(characters, 2 * encoding.length());
        return words(
                switch (encoding.order()) {
                    case ABCD, CDAB -> bytes;
                    case BADC, DCBA -> exchanged(bytes);
                });
    }

    /** Two characters to a register, the first in the high byte. */
    static int[] text(int registers, String text) {
        return text(new Profile.Encoding.Text(registers, Profile.Order.ABCD), text);
    }
}
