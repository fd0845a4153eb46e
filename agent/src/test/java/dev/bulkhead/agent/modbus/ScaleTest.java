package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.profile.Profile.Scaling;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScaleTest {
    private static final double[] SCALES = {
        1, -1, 0.1, 0.01, -0.001, 10, 1000, 0.5, 0.25, 3, 1.8, 1e-9, 1e12, 1.0 / 3, 123456.789
    };
    private static final double[] OFFSETS = {0, 0, 0, -273.15, 32, 0.1, -40, 1e9, 1e-7};

    private static Scaling scaling(double scale, int fractionBits, double offset) {
        return new Scaling(scale, fractionBits, offset, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        // raw, scale, bits, offset, power, number: by hand
        "4100, 1, 0, 0, -3, 4.1",
        "-4100, 1, 0, 0, -3, -4.1",
        "7, 0.1, 0, 0, 0, 0.7",
        "3, 0.1, 0, 0, 0, 0.3",
        "2932, 0.1, 0, -273.15, 0, 20.05",
        "17, 1, 5, 0, 0, 0.53125",
        "65535, 1, 0, 0, 10, 655350000000000",
        "5, 0.1, 0, 32, 2, 82",
        "0, -0.1, 0, 0, 0, 0",
        "9223372036854775807, 1, 0, 0, 0, 9223372036854775807"
    })
    void itIsTheNumberThatTheDecimalsSay(
            long raw, double scale, int bits, double offset, int power, double number) {
        Scale tested = new Scale(scaling(scale, bits, offset));
        assertEquals(number, tested.of(new RawNumber.Whole(raw), power));
    }

    @Test
    void theQuickWayNeverDiffersFromTheExactOne() {
        long seed = 20_261_126;
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            Scaling scaling =
                    scaling(
                            SCALES[random.nextInt(SCALES.length)],
                            random.nextInt(4) == 0 ? random.nextInt(17) : 0,
                            OFFSETS[random.nextInt(OFFSETS.length)]);
            Scale scale = new Scale(scaling);
            for (int power : List.of(0, random.nextInt(-10, 11), random.nextInt(-10, 11))) {
                RawNumber.Known raw = raw(random);
                BigDecimal exact =
                        raw.exact()
                                .divide(BigDecimal.TWO.pow(scaling.fractionBits()))
                                .multiply(BigDecimal.valueOf(scaling.scale()))
                                .scaleByPowerOfTen(power)
                                .add(BigDecimal.valueOf(scaling.offset()));
                assertEquals(
                        exact.doubleValue(),
                        scale.of(raw, power),
                        () -> "seed " + seed + ": " + raw + " by " + scaling + ", 10^" + power);
                assertEquals(0, exact.compareTo(scale.exact(raw, power)));
            }
        }
    }

    private static RawNumber.Known raw(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> new RawNumber.Floating(random.nextInt(-1000, 1000) / 8.0f);
            case 1 -> new RawNumber.Large(new BigDecimal("18446744073709551615"));
            default -> new RawNumber.Whole(random.nextLong() >> random.nextInt(64));
        };
    }
}
