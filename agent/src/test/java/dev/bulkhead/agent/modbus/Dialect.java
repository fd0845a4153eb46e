package dev.bulkhead.agent.modbus;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The other side's framing, written once more from the standards, so that a mistake in the agent's
 * own doesn't cancel out. Inside, the bench's units are spoken to in frames of Modbus TCP.
 */
enum Dialect {
    MBAP {
        @Override
        Bytes readRequest(InputStream from) throws IOException {
            var in = new DataInputStream(from);
            var header = new byte[6];
            in.readFully(header);
            var rest = new byte[Bytes.of(header).word(4)];
            in.readFully(rest);
            return Bytes.of(header).plus(Bytes.of(rest));
        }

        @Override
        Bytes answer(Bytes mbap) {
            return mbap;
        }
    },

    RTU {
        // Each request of the bench is as long as this: unit, function, two words, CRC.
        private static final int LENGTH = 8;

        @Override
        Bytes readRequest(InputStream from) throws IOException {
            var frame = new byte[LENGTH];
            new DataInputStream(from).readFully(frame);
            Bytes whole = Bytes.of(frame);
            Bytes body = whole.slice(0, LENGTH - 2);
            if (!rtu(body).equals(whole)) {
                throw new IOException("wrong CRC: " + whole);
            }
            return mbap(body);
        }

        @Override
        Bytes answer(Bytes mbap) {
            return rtu(mbap.slice(6, mbap.length()));
        }
    },

    ASCII {
        @Override
        Bytes readRequest(InputStream from) throws IOException {
            var line = new StringBuilder();
            while (line.indexOf("\r\n") < 0) {
                int next = from.read();
                if (next < 0) {
                    throw new EOFException();
                }
                line.append((char) next);
            }
            Bytes body = Bytes.ofHex(line.substring(1, line.length() - 4));
            if (!ascii(body)
                    .equals(Bytes.of(line.toString().getBytes(StandardCharsets.US_ASCII)))) {
                throw new IOException("wrong LRC: " + line);
            }
            return mbap(body);
        }

        @Override
        Bytes answer(Bytes mbap) {
            return ascii(mbap.slice(6, mbap.length()));
        }
    };

    /** Waits for one request, in Modbus TCP's framing; a wrong checksum is the agent's bug. */
    abstract Bytes readRequest(InputStream from) throws IOException;

    /** An answer in Modbus TCP's framing, as it is on the wire. */
    abstract Bytes answer(Bytes mbap);

    private static Bytes mbap(Bytes body) {
        return Bytes.ofHex("00000000" + "%04x".formatted(body.length()) + body);
    }

    /** Modbus over serial line 1.02, section 6.2.2, bit by bit. */
    static Bytes rtu(Bytes body) {
        int crc = 0xFFFF;
        for (byte each : body.toArray()) {
            crc ^= each & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1;
            }
        }
        return Bytes.ofHex(body + "%02x%02x".formatted(crc & 0xFF, crc >> 8));
    }

    /** The same, section 6.2.1. */
    static Bytes ascii(Bytes body) {
        byte sum = 0;
        for (byte each : body.toArray()) {
            sum += each;
        }
        String digits = body + HexFormat.of().toHexDigits((byte) -sum);
        return Bytes.of(
                (":" + digits.toUpperCase(Locale.ROOT) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }
}
