package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.modbus.Pdu.Frame;
import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.profile.Profile.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames from outside this project. MBAP: Modbus messaging on TCP/IP implementation guide 1.0b,
 * section 4.4.2 (register 5), and the PDUs of the application protocol 1.1b3, sections 6.1, 6.3,
 * 6.4 and 7. RTU and ASCII: the frames to unit 17 of simplymodbus.ca, which are those PDUs with
 * their checksums, and the CRC of Modbus over serial line 1.02, appendix B.
 */
final class FramingTest {
    private static final Exchange HOLDING = new Exchange.ReadRegisters(17, Table.HOLDING, 107, 3);
    private static final Exchange INPUT = new Exchange.ReadRegisters(17, Table.INPUT, 8, 1);
    private static final Exchange COILS = new Exchange.ReadBits(17, Table.COIL, 19, 37);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Exchange WRITE =
            new Exchange.WriteCoil(17, 172, Bench.breaker(1), Leaves.leave("Q1", NOW));

    private static final Frame THREE = new Frame.Values(Image.of(0xAE41, 0x5652, 0x4340));
    private static final Frame BITS =
            new Frame.Values(
                    Image.of(
                            1, 0, 1, 1, 0, 0, 1, 1, // CD
                            1, 1, 0, 1, 0, 1, 1, 0, // 6B
                            0, 1, 0, 0, 1, 1, 0, 1, // B2
                            0, 1, 1, 1, 0, 0, 0, 0, // 0E
                            1, 1, 0, 1, 1)); // 1B

    static Stream<Arguments> frames() {
        return Stream.of(
                frame(
                        "one register over MBAP",
                        new Framing.Mbap(),
                        new Exchange.ReadRegisters(255, Table.HOLDING, 4, 1),
                        hex("1501 0000 0006 ff 03 0004 0001"),
                        hex("1501 0000 0005 ff 03 02 0005"),
                        new Frame.Values(Image.of(5))),
                frame(
                        "an exception over MBAP",
                        new Framing.Mbap(),
                        HOLDING,
                        hex("1501 0000 0006 11 03 006b 0003"),
                        hex("1501 0000 0003 11 83 02"),
                        new Frame.Exceptional(2)),
                frame(
                        "a write over MBAP",
                        new Framing.Mbap(),
                        WRITE,
                        hex("1501 0000 0006 11 05 00ac ff00"),
                        hex("1501 0000 0006 11 05 00ac ff00"),
                        new Frame.Echo()),
                frame(
                        "registers in RTU",
                        new Framing.Rtu(),
                        HOLDING,
                        hex("11 03 006b 0003 7687"),
                        hex("11 03 06 ae41 5652 4340 49ad"),
                        THREE),
                frame(
                        "an input register in RTU",
                        new Framing.Rtu(),
                        INPUT,
                        hex("11 04 0008 0001 b298"),
                        hex("11 04 02 000a f8f4"),
                        new Frame.Values(Image.of(10))),
                frame(
                        "coils in RTU",
                        new Framing.Rtu(),
                        COILS,
                        hex("11 01 0013 0025 0e84"),
                        hex("11 01 05 cd6bb20e1b 45e6"),
                        BITS),
                frame(
                        "a write in RTU",
                        new Framing.Rtu(),
                        WRITE,
                        hex("11 05 00ac ff00 4e8b"),
                        hex("11 05 00ac ff00 4e8b"),
                        new Frame.Echo()),
                frame(
                        "an exception in RTU",
                        new Framing.Rtu(),
                        HOLDING,
                        hex("11 03 006b 0003 7687"),
                        hex("11 83 02 c134"),
                        new Frame.Exceptional(2)),
                frame(
                        "registers in ASCII",
                        new Framing.Ascii(),
                        HOLDING,
                        text(":1103006B00037E\r\n"),
                        text(":110306AE4156524340CC\r\n"),
                        THREE),
                frame(
                        "a write in ASCII",
                        new Framing.Ascii(),
                        WRITE,
                        text(":110500ACFF003F\r\n"),
                        text(":110500ACFF003F\r\n"),
                        new Frame.Echo()),
                frame(
                        "coils in ASCII",
                        new Framing.Ascii(),
                        COILS,
                        text(":110100130025B6\r\n"),
                        text(":110105CD6BB20E1BD6\r\n"),
                        BITS),
                frame(
                        "an exception in ASCII",
                        new Framing.Ascii(),
                        HOLDING,
                        text(":1103006B00037E\r\n"),
                        text(":1183026A\r\n"),
                        new Frame.Exceptional(2)));
    }

    private static Arguments frame(
            String name, Framing framing, Exchange exchange, Bytes ask, Bytes answer, Frame says) {
        return Arguments.argumentSet(name, framing, exchange, ask, answer, says);
    }

    private static Bytes hex(String digits) {
        return Bytes.ofHex(digits);
    }

    private static Bytes text(String ascii) {
        return Bytes.of(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void requestsAndAnswersStandOnTheWireAsTheStandardsHaveThem(
            Framing framing, Exchange exchange, Bytes ask, Bytes answer, Frame says) {
        assertEquals(ask, framing.request(0x1501, exchange));
        assertEquals(says, framing.answer(answer, ask, exchange));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void everyBeginningOfAnAnswerIsPartOfItAndNothingMayFollowIt(
            Framing framing, Exchange exchange, Bytes ask, Bytes answer, Frame says) {
        for (int there = 0; there < answer.length(); there++) {
            assertInstanceOf(
                    Frame.Partial.class,
                    framing.answer(answer.slice(0, there), ask, exchange),
                    there + " of " + says);
        }
        for (String more : new String[] {"00", "0d", "30", "3a", "ff", "0d0a"}) {
            assertInstanceOf(
                    Frame.Broken.class,
                    framing.answer(answer.plus(hex(more)), ask, exchange),
                    more + " after " + says);
        }
    }

    /** A value that a disturbance on the line has changed would be a wrong number. */
    @ParameterizedTest
    @MethodSource("frames")
    void noAnswerWithOneBitFlippedSaysAnything(
            Framing framing, Exchange exchange, Bytes ask, Bytes answer, Frame says) {
        // Modbus TCP has no checksum of its own: TCP's is trusted from the byte count on.
        int length = framing.isNumbered() ? 8 : answer.length();
        for (int bit = 0; bit < 8 * length; bit++) {
            byte[] bytes = answer.toArray();
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            Frame frame = framing.answer(Bytes.of(bytes), ask, exchange);
            assertTrue(
                    frame instanceof Frame.Broken || frame instanceof Frame.Partial,
                    "bit " + bit + " of " + says + ": " + frame);
        }
    }

    /** A CRC finds every disturbance of up to 16 bits in a row. */
    @Test
    void noAnswerInRtuWithABurstOfErrorsSaysAnything() {
        Bytes ask = hex("11 03 006b 0003 7687");
        Bytes answer = hex("11 03 06 ae41 5652 4340 49ad");
        for (long seed = 0; seed < 5000; seed++) {
            var random = new SplittableRandom(seed);
            byte[] bytes = answer.toArray();
            int at = random.nextInt(bytes.length - 1);
            int burst = random.nextInt(1, 0x10000);
            bytes[at] ^= (byte) (burst >> 8);
            bytes[at + 1] ^= (byte) burst;
            Frame frame = new Framing.Rtu().answer(Bytes.of(bytes), ask, HOLDING);
            assertFalse(frame instanceof Frame.Values, "seed " + seed + ": " + frame);
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void theAnswerOfAnotherUnitOrToAnotherQuestionIsNone(
            Framing framing, Exchange exchange, Bytes ask, Bytes answer, Frame says) {
        for (Exchange other :
                new Exchange[] {
                    new Exchange.ReadRegisters(18, Table.HOLDING, 107, 3),
                    new Exchange.ReadRegisters(17, Table.HOLDING, 107, 4),
                    new Exchange.ReadRegisters(17, Table.INPUT, 8, 2),
                    new Exchange.ReadBits(17, Table.DISCRETE, 19, 37),
                    new Exchange.WriteCoil(17, 173, Bench.breaker(1), Leaves.leave("Q1", NOW))
                }) {
            // An exception says only the function it is of.
            boolean isOfSameFunction =
                    says instanceof Frame.Exceptional
                            && other instanceof Exchange.ReadRegisters read
                            && read.unit() == 17
                            && read.table() == Table.HOLDING;
            Frame frame = framing.answer(answer, framing.request(0x1501, other), other);
            assertEquals(
                    isOfSameFunction,
                    !(frame instanceof Frame.Broken || frame instanceof Frame.Partial),
                    other + " " + frame);
        }
    }

    @Test
    void digitsInLowerCaseAreNoAscii() {
        Bytes ask = text(":1103006B00037E\r\n");
        assertInstanceOf(
                Frame.Broken.class,
                new Framing.Ascii().answer(text(":110306ae4156524340cc\r\n"), ask, HOLDING));
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        Bytes ask = hex("11 03 006b 0003 7687");
        assertEquals(
                new Frame.Broken("unit: expected 17, got 18"),
                new Framing.Rtu().answer(hex("12"), ask, HOLDING));
        assertEquals(
                new Frame.Broken("byte count: expected 6, got 8"),
                new Framing.Rtu().answer(hex("11 03 08"), ask, HOLDING));
        assertEquals(
                new Frame.Broken("checksum: expected 49ad, got 49ae"),
                new Framing.Rtu().answer(hex("11 03 06 ae41 5652 4340 49ae"), ask, HOLDING));
    }
}
