package dev.bulkhead.simulator;

import dev.bulkhead.simulator.device.Answer;
import dev.bulkhead.simulator.device.SimulatedGateway;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * A simulated gateway's units on a serial line, for as long as the line is there. Frames are made
 * and read here from the standard alone, so that a mistake in the agent's doesn't cancel out.
 */
final class SerialUnits {
    private static final int REQUEST_LENGTH = 8;
    private static final HexFormat DIGITS = HexFormat.of().withUpperCase();

    private final SimulatedGateway gateway;
    private final boolean isAscii;
    private final IntPredicate isSilent;
    private final AtomicInteger requests = new AtomicInteger();

    /**
     * @param isSilent which units don't answer
     */
    SerialUnits(SimulatedGateway gateway, boolean isAscii, IntPredicate isSilent) {
        this.gateway = gateway;
        this.isAscii = isAscii;
        this.isSilent = isSilent;
    }

    int requests() {
        return requests.get();
    }

    /** Answers on this end of the line from now on. */
    void serve(Path end) {
        Thread.ofPlatform().daemon().name("serial-units").start(() -> answerAll(end));
    }

    private void answerAll(Path end) {
        try (var line = new RandomAccessFile(end.toFile(), "rw")) {
            while (true) {
                byte[] asked = isAscii ? readAscii(line) : readRtu(line);
                requests.incrementAndGet();
                if (!isSilent.test(asked[0] & 0xFF)) {
                    answer(asked, line);
                }
            }
        } catch (IOException _) {
            // The line is gone.
        }
    }

    private void answer(byte[] asked, RandomAccessFile line) throws IOException {
        ByteBuffer mbap = ByteBuffer.allocate(6 + asked.length);
        mbap.putShort((short) 0).putShort((short) 0).putShort((short) asked.length).put(asked);
        if (gateway.answer(mbap.flip(), Instant.now()) instanceof Answer.Frame frame) {
            byte[] bytes = new byte[frame.bytes().remaining()];
            frame.bytes().get(bytes);
            byte[] body = Arrays.copyOfRange(bytes, 6, bytes.length);
            line.write(isAscii ? ascii(body) : rtu(body));
        }
    }

    private static byte[] readRtu(RandomAccessFile line) throws IOException {
        var frame = new byte[REQUEST_LENGTH];
        line.readFully(frame);
        byte[] body = Arrays.copyOf(frame, REQUEST_LENGTH - 2);
        if (!Arrays.equals(rtu(body), frame)) {
            throw new IOException("wrong CRC");
        }
        return body;
    }

    private static byte[] rtu(byte[] body) {
        int crc = 0xFFFF;
        for (byte each : body) {
            crc ^= each & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1;
            }
        }
        byte[] frame = Arrays.copyOf(body, body.length + 2);
        frame[body.length] = (byte) crc;
        frame[body.length + 1] = (byte) (crc >> 8);
        return frame;
    }

    private static byte[] readAscii(RandomAccessFile line) throws IOException {
        var frame = new StringBuilder();
        while (frame.indexOf("\n") < 0) {
            int next = line.read();
            if (next < 0) {
                throw new EOFException();
            }
            frame.append((char) next);
        }
        byte[] body = DIGITS.parseHex(frame.substring(1, frame.length() - 4));
        if (!Arrays.equals(ascii(body), frame.toString().getBytes(StandardCharsets.US_ASCII))) {
            throw new IOException("wrong LRC");
        }
        return body;
    }

    private static byte[] ascii(byte[] body) {
        byte sum = 0;
        for (byte each : body) {
            sum += each;
        }
        String digits = DIGITS.formatHex(body) + DIGITS.toHexDigits((byte) -sum);
        return (":" + digits + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
