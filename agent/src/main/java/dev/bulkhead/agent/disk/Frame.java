package dev.bulkhead.agent.disk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What one append writes, so that all or none of it is there after a crash.
 *
 * <pre>
 *   E 000000d2 8c6b0f3a 0000000000000011 [{"is":"LevelChanged", … }]\n
 *   │ length   CRC-32C  sequence         payload
 *   mark       of payload, in bytes; the checksum covers length, sequence and payload
 * </pre>
 *
 * <p>It is text without a zero byte, which tells a write that was cut short (its missing sectors
 * still have the zeros they were preallocated with) from one that was damaged later.
 *
 * @param sequence of what is in it; its owner says what is counted
 */
public record Frame(long sequence, String payload, int length) {
    public static final int HEADER = 37;

    /** No append comes near; a longer one read from a file is garbage. */
    public static final int LONGEST = 8 << 20;

    private static final byte[] MARK = {'E', ' '};
    private static final HexFormat HEX = HexFormat.of();

    public static byte[] encode(long sequence, String payload) {
        byte[] body = payload.getBytes(StandardCharsets.UTF_8);
        String length = HEX.toHexDigits(body.length);
        String number = HEX.toHexDigits(sequence);
        String header = "E " + length + " " + checksum(length, number, body) + " " + number + " ";
        byte[] frame =
                Arrays.copyOf(header.getBytes(StandardCharsets.US_ASCII), HEADER + body.length + 1);
        System.arraycopy(body, 0, frame, HEADER, body.length);
        frame[frame.length - 1] = '\n';
        return frame;
    }

    private static String checksum(String length, String number, byte[] body) {
        var crc = new CRC32C();
        crc.update(length.getBytes(StandardCharsets.US_ASCII));
        crc.update(number.getBytes(StandardCharsets.US_ASCII));
        crc.update(body);
        return HEX.toHexDigits((int) crc.getValue());
    }

    /** How long the whole frame is that begins with this header, if it is one. */
    public static Optional<Integer> length(byte[] header) {
        if (!startsLikeOne(header, 0) || header.length < HEADER) {
            return Optional.empty();
        }
        String text = new String(header, 0, HEADER, StandardCharsets.US_ASCII);
        if (!isHeader(text)) {
            return Optional.empty();
        }
        long body = HexFormat.fromHexDigitsToLong(text, 2, 10);
        long whole = HEADER + body + 1;
        return whole <= LONGEST ? Optional.of((int) whole) : Optional.empty();
    }

    private static boolean isHeader(String text) {
        for (int at = 2; at < HEADER; at++) {
            char found = text.charAt(at);
            boolean isBlank = at == 10 || at == 19 || at == HEADER - 1;
            boolean isRight =
                    isBlank
                            ? found == ' '
                            : HexFormat.isHexDigit(found) && !Character.isUpperCase(found);
            if (!isRight) {
                return false;
            }
        }
        return true;
    }

    public static boolean startsLikeOne(byte[] bytes, int offset) {
        return offset + 1 < bytes.length
                && bytes[offset] == MARK[0]
                && bytes[offset + 1] == MARK[1];
    }

    /** The frame, if it is whole and its checksum is right. */
    public static Optional<Frame> decode(byte[] bytes) {
        if (length(bytes).filter(length -> length == bytes.length).isEmpty()
                || bytes[bytes.length - 1] != '\n') {
            return Optional.empty();
        }
        String header = new String(bytes, 0, HEADER, StandardCharsets.US_ASCII);
        byte[] body = Arrays.copyOfRange(bytes, HEADER, bytes.length - 1);
        String number = header.substring(20, 36);
        if (!checksum(header.substring(2, 10), number, body).equals(header.substring(11, 19))) {
            return Optional.empty();
        }
        return Optional.of(
                new Frame(
                        HexFormat.fromHexDigitsToLong(number),
                        new String(body, StandardCharsets.UTF_8),
                        bytes.length));
    }
}
