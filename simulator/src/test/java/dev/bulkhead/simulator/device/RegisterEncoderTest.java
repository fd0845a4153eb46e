package dev.bulkhead.simulator.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Stored;
import dev.bulkhead.rules.profile.ProfileFile;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Every type in every order, against registers that no code of this project worked out. */
class RegisterEncoderTest {
    private static Encoding encoding(String as) {
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
        return profile.points().getFirst().encoding();
    }

    private static Stored stored(String as) {
        return switch (encoding(as)) {
            case Encoding.Numeric numeric -> numeric.stored();
            case Encoding other -> throw new IllegalArgumentException(other.toString());
        };
    }

    private static String hex(int[] words) {
        return Arrays.stream(words).mapToObj("%04X"::formatted).collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvFileSource(files = "../rules/src/test/resources/encodings.csv", delimiter = '|')
    void aNumberIsWrittenInItsOrder(String as, String number, String registers) {
        assertEquals(
                registers.strip(),
                hex(RegisterEncoder.number(stored(as), Double.parseDouble(number))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "as: u16                | -3          | 0000",
                "as: u16, none: 0xFFFF  | 70000       | FFFE",
                "as: s16, none: 0x8000  | -40000      | 8001",
                "as: bcd16              | 12345       | 9999",
                "as: bcd16, none: 0x9999 | 12345      | 9998",
                "as: bcd32, order: CDAB | -1          | 0000 0000",
                "as: u64                | 1e30        | FFFF FFFF FFFF FFFF",
                "as: s64, order: DCBA   | -1e30       | 0000 0000 0000 0080",
                "bits: [4, 7]           | 99          | 00F0",
                "bits: [4, 7], none: 15 | 99          | 00E0"
            })
    void aNumberThatDoesNotFitStopsAtTheNearestEndAndAtNoSentinel(
            String as, double number, String registers) {
        assertEquals(registers, hex(RegisterEncoder.number(stored(as), number)));
    }

    @ParameterizedTest
    @CsvSource({
        "ABCD, 4163 6D65 2100",
        "CDAB, 4163 6D65 2100",
        "BADC, 6341 656D 0021",
        "DCBA, 6341 656D 0021"
    })
    void aTextKeepsItsRegistersInOrder(String order, String registers) {
        var text = (Encoding.Text) encoding("as: text, registers: 3, order: " + order);
        assertEquals(registers, hex(RegisterEncoder.text(text, "Acme!")));
    }

    @ParameterizedTest
    @CsvSource({"ABCD, 0000 0FF0", "CDAB, 0FF0 0000", "BADC, 0000 F00F", "DCBA, F00F 0000"})
    void theBitsOfAFieldAreInTheOrderOfItsNumber(String order, String registers) {
        Stored stored = stored("as: u32, bits: [4, 11], order: " + order);
        assertArrayEquals(RegisterEncoder.words(stored, 0xFF), RegisterEncoder.mask(stored), order);
        assertEquals(registers, hex(RegisterEncoder.mask(stored)));
    }
}
