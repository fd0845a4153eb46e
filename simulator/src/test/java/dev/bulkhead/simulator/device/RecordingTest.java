package dev.bulkhead.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.GatewayId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A recording answers as the device did: with what belongs together, and nothing made up. */
final class RecordingTest {
    private static final Instant START = Instant.parse("2027-03-01T00:00:00Z");

    private static final String HEAD =
            """
            bulkhead-dump: 1
            bulkhead: 0.1.0
            # Another note.
            gateway: G
            link: tcp 10.0.0.7:502
            unit: 6

            """;

    /** Two rounds of two registers each, two seconds apart; the second register fails once. */
    private static final String TWO_ROUNDS =
            HEAD
                    + """
                    2026-11-26T11:00:00Z values 11.5 000100000006060300000001 00010000000506030200aa
                    2026-11-26T11:00:00.1Z lost 2000.0 000200000006060300640001 - no answer within PT2S

                    # A note that somebody made.
                    2026-11-26T11:00:02Z again - 000300000006060300000001 00030000000506030200aa
                    2026-11-26T11:00:02Z values 8.0 000300000006060300000001 00030000000506030200bb
                    2026-11-26T11:00:02.1Z refused 8.0 000400000006060300640001 000400000003068302 exception 2
                    2026-11-26T11:00:04Z unsent - - - nobody listens there
                    """;

    private static Document.Parsed<Recording> parse(String text) {
        return Recording.parse("dump.txt", text);
    }

    private static String answer(Recording recording, String request, String since) {
        var gateway = new RecordedGateway(recording.gateway(), List.of(recording), START);
        ByteBuffer frame = ByteBuffer.wrap(HexFormat.of().parseHex(request));
        Answer answer = gateway.answer(frame, START.plus(Duration.parse(since)));
        return answer instanceof Answer.Frame right
                ? HexFormat.of().formatHex(right.copy())
                : answer.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 123400000006060300000001, 12340000000506030200aa",
        "PT1.9S, 123400000006060300000001, 12340000000506030200aa",
        "PT2S, 123400000006060300000001, 12340000000506030200bb",
        "PT1H, 123400000006060300000001, 12340000000506030200bb",
        "PT0S, 123400000006060300640001, Silence[]",
        "PT3S, 123400000006060300640001, 123400000003068302",
        // Not recorded: another address, function or count; and a write.
        "PT0S, 123400000006060300010001, 123400000003068302",
        "PT0S, 123400000006060400000001, 123400000003068402",
        "PT0S, 12340000000606050000ff00, 123400000003068502",
        "PT0S, 123400000006070300000001, 12340000000307830b"
    })
    void aRequestGetsWhatHadComeByThen(String since, String request, String expected) {
        assertEquals(expected, answer(parse(TWO_ROUNDS).orElseThrow(), request, since));
    }

    @Test
    void answersTakeAsLongAsTheyTook() {
        Recording recording = parse(TWO_ROUNDS).orElseThrow();
        var gateway = new RecordedGateway(new GatewayId("G"), List.of(recording), START);
        byte[] request = HexFormat.of().parseHex("123400000006060300000001");
        var frame =
                assertInstanceOf(
                        Answer.Frame.class, gateway.answer(ByteBuffer.wrap(request), START));
        assertEquals(Duration.ofNanos(11_500_000), frame.after());
    }

    /** The frames of simplymodbus.ca; in ASCII, as hexadecimal digits of its digits. */
    @ParameterizedTest
    @CsvSource({
        "rtu /dev/ttyS1, 1103006b00037687, 110306ae415652434049ad",
        "rtu-tcp 10.0.0.9:4001, 1103006b00037687, 110306ae415652434049ad",
        "ascii /dev/ttyS1, :1103006B00037E, :110306AE415652434000"
    })
    void framesOfSerialLinesAreReadToo(String link, String request, String answer) {
        Recording recording =
                parse(
                                HEAD.replace("tcp 10.0.0.7:502", link)
                                        + "2026-11-26T11:00:00Z values 11.5 %s %s\n"
                                                .formatted(onWire(request), onWire(answer)))
                        .orElseThrow();
        assertEquals(
                "123400000009060306ae4156524340",
                answer(recording, "1234000000060603006b0003", "PT0S"));
    }

    private static String onWire(String frame) {
        return frame.startsWith(":")
                ? HexFormat.of().formatHex((frame + "\r\n").getBytes(StandardCharsets.US_ASCII))
                : frame;
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-26T11:00:00Z values, 'expected INSTANT, one of values, refused, lost, unsent, again, MILLISECONDS, REQUEST and ANSWER'",
        "2026-11-26T11:00:00Z wrong 1 aa bb, 'expected INSTANT, one of values, refused, lost, unsent, again, MILLISECONDS, REQUEST and ANSWER'",
        "yesterday values 1 aa bb, '''yesterday''; expected an instant as 2026-01-31T12:00:00Z'",
        "2026-11-26T11:00:00Z values soon aa bb, '''soon''; expected milliseconds'",
        "2026-11-26T11:00:00Z lost 1.0 00010000000606030000000 -, 'is no frame of MBAP in hexadecimal digits'",
        "2026-11-26T11:00:00Z values 1.0 000100000006060300000001 -, 'is no frame of MBAP in hexadecimal digits'",
        "2026-11-26T11:00:00Z values 1.0 000100000006060300000001 000100000004060302aa, 'the answer says it has 2 bytes of data, and has 1'",
        "2026-11-26T11:00:00Z unsent - - -, 'nothing was answered'"
    })
    void aLineThatIsWrongIsNamedWithWhatIsExpected(String line, String expected) {
        List<String> lines = parse(HEAD + line + "\n").lines();
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.getFirst().startsWith("dump.txt:8:1: "), lines::toString);
        assertTrue(lines.getFirst().contains(expected), lines::toString);
    }

    @Test
    void aHeadThatIsWrongIsNamedWithAllThatIs() {
        assertEquals(
                List.of(
                        "dump.txt:1:1: expected 'bulkhead-dump: 1', as 'bulkhead modbus dump'"
                                + " writes it"),
                parse("bulkhead-dump: 2\n").lines());
        List<String> lines =
                parse("bulkhead-dump: 1\nlink: smoke signals\nunit: 256\nnonsense\n\n").lines();
        assertEquals(4, lines.size(), lines::toString);
    }
}
