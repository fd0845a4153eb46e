package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.rules.site.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every encoding against registers worked out by hand. */
final class DecoderTest {
    private static final Subject ROOM = new Subject.OfRoom(new RoomId("A1"));

    private List<Profile.Block> blocks = List.of();

    private static String profile(String blocks, String points) {
        return profile(blocks, points, "");
    }

    private static String profile(String blocks, String points, String rest) {
        return "profile: p\ntitle: t\nsource: s\nblocks:\n%s\npoints:\n%s\n%s"
                .formatted(blocks, points, rest);
    }

    private Decoder decoder(String profile, Optional<Subject> of, Wire... wires) {
        return decoder(profile, of, OptionalInt.of(3), wires);
    }

    private Decoder decoder(String text, Optional<Subject> of, OptionalInt index, Wire... wires) {
        Profile profile = ProfileFile.parse("p.yaml", text).orElseThrow();
        var device =
                new Device(
                        new DeviceId("d"),
                        profile.id(),
                        Bench.GATEWAY,
                        1,
                        of,
                        index,
                        List.of(),
                        List.of(wires));
        Site site = Bench.siteWith(device, new Bench(502).gateway());
        Map<ProfileId, Profile> profiles = Map.of(profile.id(), profile);
        blocks = profile.blocks();
        return new Decoder(device, profile, SignalTable.of(site, profiles));
    }

    /** An answer to the block that stands at this place in the map. */
    private List<Observation> answered(
            Decoder decoder, int block, Image image, Instant requestedAt, long sequence) {
        return decoder.answered(blocks.get(block), image, requestedAt, sequence);
    }

    private static Image image(String hex) {
        Bytes bytes = Bytes.ofHex(hex);
        var registers = new int[bytes.length() / 2];
        for (int i = 0; i < registers.length; i++) {
            registers[i] = bytes.word(2 * i);
        }
        return Image.of(registers);
    }

    private static Reading only(List<Observation> observations) {
        assertEquals(1, observations.size(), observations::toString);
        return observations.getFirst().reading();
    }

    private static String told(Reading reading) {
        return switch (reading) {
            case Reading.Measured measured -> measured.value().toString();
            case Reading.Invalid(var _, var _, String reason) -> "invalid: " + reason;
            case Reading.Silent silent -> silent.toString();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // room.temperature may be -40..400 °C
                "as: u16                     | 0017     | 23.0",
                "as: u16, scale: 0.1         | 00E6     | 23.0",
                "as: u16, scale: 0.1         | 0107     | 26.3",
                "as: u16, none: 0xFFFF       | FFFF     | invalid: the device has no value: 0xFFFF",
                "as: u16                     | FFFF     | invalid: 65535.0 °C is outside -40.0..400.0",
                // 255 °C for "no sensor": home-assistant/core#79703
                "as: u16, none: 255          | 00FF     | invalid: the device has no value: 0xFF",
                "as: s16                     | FFF6     | -10.0",
                "as: s16, none: 0x8000       | 8000     | invalid: the device has no value: 0x8000",
                "as: s16, offset: -40        | 003F     | 23.0",
                "as: s16, scale: 0.1, offset: -273.1 | 0B91 | 23.0",
                "as: u32, scale: 0.001       | 000059D8 | 23.0",
                "as: u32, none: 0xFFFFFFFF   | FFFFFFFF | invalid: the device has no value: 0xFFFFFFFF",
                "as: s32, scale: 0.001       | FFFFD8F0 | -10.0",
                "as: f32                     | 41B80000 | 23.0",
                "as: f32                     | C1200000 | -10.0",
                "as: f32                     | 7FC00000 | invalid: not a number: NaN",
                "as: f32                     | 7F800000 | invalid: not a number: Infinity",
                "as: f32                     | 7F7FFFFF | invalid: 3.4028234663852886E38 °C is outside -40.0..400.0",
                "as: f32, order: CDAB        | 000041B8 | 23.0",
                "as: bcd16, scale: 0.1       | 0236     | 23.6",
                "as: bcd16                   | 023A     | invalid: not decimal digits: 0x23A",
                // APC's binary fixed point: raw / 2^7
                "as: u16, fraction: 7        | 0B90     | 23.125",
                "as: s16, fraction: 7        | FFC0     | -0.5",
                "as: s32, fraction: 31       | 80000000 | -1.0",
                // a signed percentage in hundredths
                "as: s16, scale: 0.01        | FF9C     | -1.0",
                "'bits: [4, 9]'              | F170     | 23.0",
                "as: u16, range: [0, 60]     | 003D     | invalid: 61.0 is outside the device's 0.0..60.0",
                "as: u16, range: [0, 60]     | 003C     | 60.0",
                "as: s16, scale: 0.1, range: [-3.9, 60] | FFD9 | -3.9",
                "as: s16, scale: 0.1, range: [-3.9, 60] | FFD8 | invalid: -4.0 is outside the device's -3.9..60.0",
                "'as: u16, values: {-12.5: 1, 80: [2, 3]}' | 0001 | -12.5",
                "'as: u16, values: {-12.5: 1, 80: [2, 3]}' | 0003 | 80.0",
                "'as: u16, values: {-12.5: 1, 80: [2, 3]}' | 0004 | invalid: 4 is none of the values [1, 2, 3]"
            })
    void aNumberIsWhatItsRegistersSayOrAReasonWhyNot(String as, String registers, String expected) {
        String point = "  - {name: v, at: 10, %s, role: room.temperature}".formatted(as.strip());
        Decoder decoder =
                decoder(profile("  - {at: 10, count: 2, rate: fast}", point), Optional.of(ROOM));

        Image image = image(registers.strip() + (registers.strip().length() == 4 ? "0000" : ""));
        assertEquals(expected.strip(), told(only(answered(decoder, 0, image, Bench.START, 1))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "00E6 FFFF | 23.0", // 230 · 10^-1
                "5014 FFFD | 20.5", // 20500 · 10^-3
                "0017 0000 | 23.0",
                "0002 0001 | 20.0",
                "00E6 8000 | invalid: no scale factor SF",
                "00E6 000B | invalid: no scale factor SF",
                "00E6 FFF5 | invalid: no scale factor SF",
                "0000 000A | 0.0",
                "0000 FFF6 | 0.0",
                "FFFF FFFF | invalid: the device has no value: 0xFFFF"
            })
    void aSunSpecValueIsScaledByItsFactorOrIsNone(String registers, String expected) {
        Decoder decoder =
                decoder(
                        profile(
                                "  - {at: 0, count: 2, rate: fast}",
                                """
                                  - {name: T, at: 0, as: u16, factor: SF, none: 0xFFFF, role: room.temperature}
                                  - {name: SF, at: 1, as: s16, none: 0x8000}"""),
                        Optional.of(ROOM));

        assertEquals(
                expected.strip(),
                told(only(answered(decoder, 0, image(registers), Bench.START, 1))));
    }

    @Test
    void aCellVoltageInMillivoltsIsTheDecimalAndNotItsNeighbour() {
        Decoder decoder =
                decoder(
                        profile(
                                "  - {at: 0, count: 2, rate: fast}",
                                """
                                  - {name: T, at: 0, as: u16, factor: SF, role: room.hydrogen}
                                  - {name: SF, at: 1, as: s16}"""),
                        Optional.of(ROOM));

        var measured =
                (Reading.Measured) only(answered(decoder, 0, image("1004 FFFD"), Bench.START, 1));
        assertEquals(new Value.Quantity(4.1), measured.value());
    }

    @Test
    void aScaleFactorInAnotherBlockIsAskedForFirst() {
        Decoder decoder =
                decoder(
                        profile(
                                "  - {at: 0, count: 1, rate: fast}\n  - {at: 9, count: 1, rate: once}",
                                """
                                  - {name: T, at: 0, as: u16, factor: SF, role: room.temperature}
                                  - {name: SF, at: 9, as: s16}"""),
                        Optional.of(ROOM));

        assertEquals(9, decoder.firstUnread().orElseThrow().address());
        assertEquals(
                "invalid: no scale factor SF",
                told(only(answered(decoder, 0, image("00E6"), Bench.START, 1))));
        answered(decoder, 1, image("FFFF"), Bench.START, 2);
        assertEquals("23.0", told(only(answered(decoder, 0, image("00E6"), Bench.START, 3))));
        decoder.forget();
        assertEquals(9, decoder.firstUnread().orElseThrow().address());
    }

    @ParameterizedTest
    @CsvSource({
        "4000, 0.0",
        "12000, 100.0",
        "20000, 200.0",
        "3800, -2.5",
        "3600, -2.5", // past its end, and not failed: reads as the end
        "3599, invalid: the loop has failed: 3599 µA",
        "20500, 206.25",
        "21000, 206.25",
        "21001, invalid: the loop has failed: 21001 µA",
        "0, invalid: the loop has failed: 0 µA",
        "65535, invalid: the loop has failed: 65535 µA"
    })
    void aLoopMeansWhatItsWiringSaysWithinNamurNe43(int microamperes, String expected) {
        Decoder decoder =
                decoder(
                        profile(
                                "  - {at: 0, count: 1, rate: fast}",
                                "  - {name: ai1, at: 0, as: loop}"),
                        Optional.empty(),
                        new Wire(
                                "ai1",
                                Role.ROOM_TEMPERATURE,
                                ROOM,
                                false,
                                Optional.of(new Wire.Span(0, 200))));

        assertEquals(
                expected, told(only(answered(decoder, 0, Image.of(microamperes), Bench.START, 1))));
    }

    @ParameterizedTest
    @CsvSource({"0400, false, true", "FBFF, false, false", "0400, true, false", "FBFF, true, true"})
    void aBitIsCountedFromTheLowestAndAnInvertedContactOpensToSayYes(
            String register, boolean isInverted, String expected) {
        Decoder decoder =
                decoder(
                        profile(
                                "  - {at: 0, count: 1, rate: fast}",
                                "  - {name: di, at: 0, bit: 10}"),
                        Optional.empty(),
                        new Wire("di", Role.ROOM_HEAT, ROOM, isInverted, Optional.empty()));

        assertEquals(expected, told(only(answered(decoder, 0, image(register), Bench.START, 1))));
    }

    @Test
    void aContactOfABitTableIsTheBitItself() {
        Decoder decoder =
                decoder(
                        profile(
                                "  - {table: discrete, at: 16, count: 8, rate: fast}",
                                "  - {name: di, table: discrete, at: 18, bit: 0}"),
                        Optional.empty(),
                        new Wire("di", Role.ROOM_LEAK, ROOM, false, Optional.empty()));

        assertEquals(
                "true",
                told(only(answered(decoder, 0, Image.of(0, 0, 1, 0, 0, 0, 0, 0), Bench.START, 1))));
    }

    @ParameterizedTest
    @CsvSource({"0, MOVING", "1, CLOSED", "2, OPEN", "3, BAD", "0xFC, MOVING"})
    void aPositionNeedsBothContacts(String register, Position expected) {
        Decoder decoder =
                decoder(
                        profile(
                                "  - {at: 0, count: 1, rate: fast}",
                                "  - {name: position, at: 0, contacts: [0, 1], role: breaker.position}"),
                        Optional.of(new Subject.OfBreaker(new BreakerId("Q1"))));

        assertEquals(
                expected.name(),
                told(
                        only(
                                answered(
                                        decoder,
                                        0,
                                        Image.of(Integer.decode(register)),
                                        Bench.START,
                                        1))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'as: u16, values: {true: [3, 5], false: [1, 2]}' | 0003 | true",
                "'as: u16, values: {true: [3, 5], false: [1, 2]}' | 0002 | false",
                "'as: u16, values: {true: [3, 5], false: [1, 2]}' | 0004 | invalid: 4 is none of the values [1, 2, 3, 5]",
                "'as: u16, values: {true: 3, false: 0}, none: 0xFFFF' | FFFF | invalid: the device has no value: 0xFFFF",
                "'as: s16, values: {true: -1, false: 1}' | FFFF | true",
                "'bits: [8, 15], values: {true: 6, false: 7}' | 06FF | true",
                "'bits: [8, 15], values: {true: 6, false: 7}' | 0006 | invalid: 0 is none of the values [6, 7]",
                "'as: bcd16, values: {true: 12, false: 10}' | 0012 | true",
                "'as: bcd16, values: {true: 12, false: 10}' | 001B | invalid: not decimal digits: 0x1B"
            })
    void aListedFlagIsWhatItsCodeSaysAndNeverAGuess(String as, String register, String expected) {
        String point = "  - {name: v, at: 10, %s, role: room.leak}".formatted(as);
        Decoder decoder =
                decoder(profile("  - {at: 10, count: 1, rate: fast}", point), Optional.of(ROOM));

        assertEquals(expected, told(only(answered(decoder, 0, image(register), Bench.START, 1))));
    }

    @ParameterizedTest
    @CsvSource({
        "1, OPEN",
        "2, CLOSED",
        "0, MOVING",
        "3, BAD",
        "4, 'invalid: 4 is none of the values [0, 1, 2, 3]'"
    })
    void aListedPositionIsWhatItsCodeSays(int register, String expected) {
        Decoder decoder =
                decoder(
                        profile(
                                "  - {at: 0, count: 1, rate: fast}",
                                "  - {name: p, at: 0, as: u16, values: {open: 1, closed: 2, moving: 0, bad: 3}, role: breaker.position}"),
                        Optional.of(new Subject.OfBreaker(new BreakerId("Q1"))));

        assertEquals(
                expected, told(only(answered(decoder, 0, Image.of(register), Bench.START, 1))));
    }

    @Test
    void aTextAndAScaleFactorAreReadInTheirOrder() {
        String text =
                profile(
                        "  - {at: 0, count: 5, rate: fast}",
                        """
                          - {name: T, at: 0, as: u16, factor: SF, role: room.temperature}
                          - {name: SF, at: 1, as: s16}
                          - {name: Mn, at: 2, as: text, registers: 3}""",
                        "order: DCBA\nidentity:\n  - {point: Mn, is: Acme!}");
        Decoder decoder = decoder(text, Optional.of(ROOM));

        assertEquals(
                "23.0",
                told(
                        only(
                                answered(
                                        decoder,
                                        0,
                                        image("E600 FFFF 6341 656D 0021"),
                                        Bench.START,
                                        1))));
    }

    @Test
    void aDeviceThatIsAnotherHasNoReadings() {
        String text =
                profile(
                        "  - {at: 0, count: 1, rate: fast}\n  - {at: 10, count: 4, rate: once}",
                        """
                          - {name: T, at: 0, as: u16, role: room.temperature}
                          - {name: Mn, at: 10, as: text, registers: 3}
                          - {name: Idx, at: 13, as: u16, none: 0xFFFF}""",
                        "identity:\n  - {point: Mn, is: Acme}\n  - {point: Idx}");
        Decoder decoder = decoder(text, Optional.of(ROOM));

        assertEquals(
                "invalid: identity: Mn was not read",
                told(only(answered(decoder, 0, image("0017"), Bench.START, 1))));
        // "Acme", NUL-padded, number 3: proved.
        answered(decoder, 1, image("4163 6D65 0000 0003"), Bench.START, 2);
        assertEquals("23.0", told(only(answered(decoder, 0, image("0017"), Bench.START, 3))));
        // Number 4 in the middle of a connection: what was believed is taken back at once.
        assertEquals(
                "invalid: identity: Idx: expected '3', got '4'",
                told(only(answered(decoder, 1, image("4163 6D65 2000 0004"), Bench.START, 4))));
        assertInstanceOf(
                Reading.Invalid.class, only(answered(decoder, 0, image("0017"), Bench.START, 5)));
        answered(decoder, 1, image("4163 6D65 2020 0003"), Bench.START, 6);
        assertEquals("23.0", told(only(answered(decoder, 0, image("0017"), Bench.START, 7))));
        decoder.forget();
        assertTrue(decoder.problem().isPresent());
    }

    @Test
    void anIdentityBitIsAZeroOrAOne() {
        String text =
                profile(
                        "  - {at: 0, count: 2, rate: fast}",
                        """
                          - {name: T, at: 0, as: u16, role: room.temperature}
                          - {name: type1, at: 1, bit: 9}
                          - {name: type0, at: 1, bit: 8}""",
                        "identity:\n  - {point: type1, is: 1}\n  - {point: type0, is: 0}");
        Decoder decoder = decoder(text, Optional.of(ROOM));

        assertEquals("23.0", told(only(answered(decoder, 0, image("0017 0200"), Bench.START, 1))));
        assertInstanceOf(
                Reading.Invalid.class,
                only(answered(decoder, 0, image("0017 0300"), Bench.START, 2)));
    }

    @Test
    void aDeviceWithoutAnIndexCantProveOne() {
        String text =
                profile(
                        "  - {at: 0, count: 1, rate: fast}",
                        "  - {name: Idx, at: 0, as: u16}",
                        "identity:\n  - {point: Idx}");

        assertThrows(
                IllegalArgumentException.class,
                () -> decoder(text, Optional.empty(), OptionalInt.empty()));
    }
}
