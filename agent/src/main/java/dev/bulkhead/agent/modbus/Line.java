package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.SerialLine;
import java.time.Duration;

/**
 * What a link needs to carry a request and its answer.
 *
 * @param requestBytes of any read
 * @param answerBytes of an answer, less its values
 * @param perValue how many bytes on the link one byte of a value is
 * @param perRequest what passes whatever is asked for
 * @param perByte in either direction
 */
public record Line(
        int requestBytes, int answerBytes, int perValue, Duration perRequest, Duration perByte) {
    /** What one request costs. */
    public record Cost(int bytesOut, int bytesBack, Duration time) {}

    /**
     * The line that leads to a gateway. How fast the one behind a device server is, nobody knows
     * here: it is in the time that devices take to answer.
     *
     * @param answersIn what the device takes between the two frames, on top of the pauses
     */
    public static Line to(Gateway gateway, Duration answersIn) {
        Duration each = answersIn.plus(gateway.courtesy().pauseBetweenRequests());
        return switch (gateway.link()) {
            case Link.Tcp _, Link.Tls _ -> mbap(each, Duration.ZERO);
            case Link.RtuOverTcp _ -> rtu(each, Duration.ZERO);
            case Link.AsciiOverTcp _ -> ascii(each, Duration.ZERO);
            case Link.Rtu(SerialLine line) -> rtu(silent(line, each), line.time(1));
            case Link.Ascii(SerialLine line) -> ascii(silent(line, each), line.time(1));
        };
    }

    /**
     * How long it takes until the first request of a connection can be sent. Connecting is one way
     * there and back, and a handshake of TLS 1.3 one more (RFC 8446, section 2).
     */
    public static Duration connecting(Gateway gateway, Duration answersIn) {
        Duration pause =
                LinkTimings.proposed(Duration.ofSeconds(1), Duration.ofSeconds(1))
                        .forGateway(gateway)
                        .pauseAfterConnect();
        return switch (gateway.link()) {
            case Link.Tls _ -> pause.plus(answersIn.multipliedBy(2));
            case Link.Tcp _, Link.RtuOverTcp _, Link.AsciiOverTcp _ -> pause.plus(answersIn);
            case Link.Serial _ -> pause;
        };
    }

    /** A silence before each frame: Modbus over serial line 1.02, section 2.5.1.1. */
    private static Duration silent(SerialLine line, Duration perRequest) {
        return perRequest.plus(line.silence().multipliedBy(2));
    }

    /**
     * Seven bytes of header (Modbus messaging on TCP/IP 1.0b, section 3.1.3), and five of a read or
     * two of its answer. Against the way there and back its bytes take no time.
     */
    private static Line mbap(Duration perRequest, Duration perByte) {
        return new Line(12, 9, 1, perRequest, perByte);
    }

    /** Unit and checksum: three bytes each way. */
    private static Line rtu(Duration perRequest, Duration perByte) {
        return new Line(8, 5, 1, perRequest, perByte);
    }

    /** Two digits for each byte, unit and checksum among them, and colon, CR and LF. */
    private static Line ascii(Duration perRequest, Duration perByte) {
        return new Line(17, 11, 2, perRequest, perByte);
    }

    public Cost cost(Block block) {
        boolean isOfBits = block.table() == Table.COIL || block.table() == Table.DISCRETE;
        int values = isOfBits ? (block.count() + 7) / 8 : 2 * block.count();
        int back = answerBytes + perValue * values;
        return new Cost(
                requestBytes, back, perRequest.plus(perByte.multipliedBy(requestBytes + back)));
    }
}
