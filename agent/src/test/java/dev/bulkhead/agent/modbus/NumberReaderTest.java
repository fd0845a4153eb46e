package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Stored;
import dev.bulkhead.rules.profile.ProfileFile;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Every type in every order, against registers that no code of this project worked out. */
final class NumberReaderTest {
    private static Stored stored(String as) {
        Profile profile =
                ProfileFile.parse(
                                "p.yaml",
                                """
                                profile: p
                                title: t
                                source: s
                                blocks: [{at: 0, count: 8, rate: fast}]
                                points: [{name: v, at: 2, %s}]
                                """
                                        .formatted(as.strip()))
                        .orElseThrow();
        return switch (profile.points().getFirst().encoding()) {
            case Encoding.Numeric numeric -> numeric.stored();
            case Encoding other -> throw new IllegalArgumentException(other.toString());
        };
    }

    /** The registers after two that are another value's, so that an offset counts. */
    private static Image image(String registers) {
        return Image.of(
                Arrays.stream(("AAAA 5555 " + registers.strip()).split(" "))
                        .mapToInt(word -> Integer.parseInt(word, 16))
                        .toArray());
    }

    private static String told(Stored stored, String registers) {
        return switch (new NumberReader(stored).read(image(registers), 2)) {
            case RawNumber.Known number -> number.exact().toPlainString();
            case RawNumber.None(String reason) -> reason;
        };
    }

    @ParameterizedTest
    @CsvFileSource(files = "../rules/src/test/resources/encodings.csv", delimiter = '|')
    void aNumberIsReadInItsOrder(String as, String number, String registers) {
        assertEquals(
                0,
                new BigDecimal(number.strip())
                        .compareTo(nearest(new BigDecimal(told(stored(as), registers)), number)));
    }

    /** Of a float the file has as many digits as tell it from its neighbours. */
    private static BigDecimal nearest(BigDecimal read, String written) {
        return written.contains(".") ? new BigDecimal(Double.toString(read.doubleValue())) : read;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "as: bcd16                             | 12A4      | not decimal digits: 0x12A4",
                "as: bcd16, order: BADC                | A412      | not decimal digits: 0x12A4",
                "as: bcd32                             | F000 0001 | not decimal digits: 0xF0000001",
                "as: bcd32, none: 0xFFFFFFFF           | FFFF FFFF | the device has no value: 0xFFFFFFFF",
                "as: f32, order: CDAB                  | 0000 7FC0 | not a number: NaN",
                "as: f32, order: DCBA                  | 0000 80FF | not a number: -Infinity",
                "as: f64                               | 7FF0 0000 0000 0000 | not a number: Infinity",
                "as: f64, order: CDAB                  | 0001 0000 0000 7FF0 | not a number: NaN",
                "as: f32                               | 0000 41AC | no measurement, too near to 0: 2.3558629782228825E-41",
                "as: f32                               | 807F FFFF | no measurement, too near to 0: -1.1754942106924411E-38",
                "as: f32                               | 0080 0000 | 0.000000000000000000000000000000000000011754943508222875079687365372222456778186655567720875215087517062784172594547271728515625",
                "as: f32                               | 8000 0000 | 0",
                "as: f64                               | 0000 0000 8000 4035 | no measurement, too near to 0: 1.0610060164E-314",
                "as: s16, none: 0x8000, order: BADC    | 0080      | the device has no value: 0x8000",
                "as: s32, none: 0x80000000, order: CDAB | 0000 8000 | the device has no value: 0x80000000",
                "as: u64, none: 0xFFFFFFFFFFFFFFFF     | FFFF FFFF FFFF FFFF | the device has no value: 0xFFFFFFFFFFFFFFFF",
                "as: s64, none: 0x8000000000000000     | 8000 0000 0000 0000 | the device has no value: 0x8000000000000000",
                "as: f32, none: 0x7FC00000             | 7FC0 0000 | the device has no value: 0x7FC00000",
                "bits: [4, 7], none: 15                | 12F4      | the device has no value: 0xF",
                "bits: [4, 7]                          | 12F4      | 15",
                "bits: [15, 15]                        | 7FFF      | 0",
                "bits: [0, 15]                         | FFFE      | 65534"
            })
    void whatIsNoNumberIsAReason(String as, String registers, String expected) {
        assertEquals(expected, told(stored(as), registers));
    }

    private static void checkUnsigned(int number, String order, String registers, long seed) {
        assertEquals(
                Integer.toUnsignedString(number),
                told(stored("as: u32, order: " + order), registers),
                order + " of seed " + seed);
    }

    @Test
    void anOrderIsWhatReversingTheBytesOrTheWordsMakesOfTheNumber() {
        for (long seed = 0; seed < 500; seed++) {
            var random = new SplittableRandom(seed);
            int high = random.nextInt(0x10000);
            int low = random.nextInt(0x10000);
            String registers = "%04X %04X".formatted(high, low);
            int straight = (high << 16) | low;
            int exchanged = (low << 16) | high;
            checkUnsigned(straight, "ABCD", registers, seed);
            checkUnsigned(exchanged, "CDAB", registers, seed);
            checkUnsigned(Integer.reverseBytes(exchanged), "BADC", registers, seed);
            checkUnsigned(Integer.reverseBytes(straight), "DCBA", registers, seed);
        }
    }
}
