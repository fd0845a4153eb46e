package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile.Scaling;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a raw number is times and plus, as the decimals a profile has them in: 4100 at a factor of
 * -3 is 4.1 and not 4.1000000000000005. Everything comes out as the double next to the exact value.
 */
final class Scale {
    /** Up to here a double has every whole number. */
    private static final long LARGEST_WHOLE = 1L << 53;

    /** Up to here a double has the power of ten itself. */
    private static final int LARGEST_POWER = 22;

    /**
     * (a × raw + b) ÷ 10^digits in whole numbers. While both sides of the division are numbers that
     * a double has, its result is the double next to the quotient.
     *
     * @param largest raw number, without its sign, for which that holds; -1: for none
     */
    private record Quotient(long a, long b, double divisor, long largest) {
        private static final Quotient NONE = new Quotient(0, 0, 1, -1);

        private static Quotient of(BigDecimal times, BigDecimal plus) {
            int digits = Math.max(0, Math.max(times.scale(), plus.scale()));
            BigDecimal a = times.scaleByPowerOfTen(digits);
            BigDecimal b = plus.scaleByPowerOfTen(digits);
            BigDecimal room = BigDecimal.valueOf(LARGEST_WHOLE).subtract(b.abs());
            if (digits > LARGEST_POWER || a.signum() == 0 || room.compareTo(a.abs()) < 0) {
                return NONE;
            }
            return new Quotient(
                    a.longValueExact(),
                    b.longValueExact(),
                    BigDecimal.TEN.pow(digits).doubleValue(),
                    room.divideToIntegralValue(a.abs()).longValueExact());
        }

        private boolean holds(long raw) {
            return -largest <= raw && raw <= largest;
        }

        private double at(long raw) {
            return (a * raw + b) / divisor;
        }
    }

    private final BigDecimal times;
    private final BigDecimal plus;
    private final boolean isIdentity;
    private final Quotient plain;
    // Of the power of ten that came last: a device hardly ever changes it.
    private int power;
    private @Nullable Quotient powered;

    Scale(Scaling scaling) {
        int halvings = scaling.fractionBits();
        // Over 2^n is times 5^n over 10^n, which has an end.
        times =
                BigDecimal.valueOf(5)
                        .pow(halvings)
                        .scaleByPowerOfTen(-halvings)
                        .multiply(BigDecimal.valueOf(scaling.scale()))
                        .stripTrailingZeros();
        plus = BigDecimal.valueOf(scaling.offset()).stripTrailingZeros();
        isIdentity = times.compareTo(BigDecimal.ONE) == 0 && plus.signum() == 0;
        plain = Quotient.of(times, plus);
    }

    /** The number scaled, where the device adds a power of ten; 0 where it adds none. */
    double of(RawNumber.Known raw, int power) {
        return switch (raw) {
            case RawNumber.Whole(long number) when quotient(power).holds(number) ->
                    quotient(power).at(number);
            case RawNumber.Floating(double number) when isIdentity && power == 0 -> number;
            case RawNumber.Whole _, RawNumber.Floating _, RawNumber.Large _ ->
                    exact(raw, power).doubleValue();
        };
    }

    private Quotient quotient(int wanted) {
        if (wanted == 0) {
            return plain;
        }
        if (powered == null || power != wanted) {
            power = wanted;
            powered = Quotient.of(times.scaleByPowerOfTen(wanted), plus);
        }
        return powered;
    }

    BigDecimal exact(RawNumber.Known raw, int power) {
        return raw.exact().multiply(times).scaleByPowerOfTen(power).add(plus);
    }
}
