package dev.bulkhead.simulator.device;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How requests and answers are told apart on a stream of bytes. A connection has one of its own.
 */
interface Framing {
    /**
     * The next request, however its bytes are parted, with an MBAP header; empty: nobody can tell
     * any longer where the next one begins.
     */
    Optional<ByteBuffer> request(DataInputStream in) throws IOException;

    /**
     * The bytes that go out for an answer.
     *
     * @param frame with its MBAP header; empty bytes: nothing goes out
     */
    byte[] bytes(byte[] frame);

    /** Modbus TCP, also within TLS. */
    final class Mbap implements Framing {
        @Override
        public Optional<ByteBuffer> request(DataInputStream in) throws IOException {
            byte[] prefix = new byte[Request.PREFIX];
            in.readFully(prefix);
            int length = Short.toUnsignedInt(ByteBuffer.wrap(prefix).getShort(4));
            if (length < Request.SHORTEST || length > Request.LONGEST) {
                return Optional.empty();
            }
            ByteBuffer frame = ByteBuffer.allocate(Request.PREFIX + length).put(prefix);
            in.readFully(frame.array(), Request.PREFIX, length);
            return Optional.of(frame.rewind());
        }

        @Override
        public byte[] bytes(byte[] frame) {
            return frame;
        }
    }

    /**
     * The binary frames of a serial line (Serial Line V1.02, 2.5.1), on one or through a network.
     * Nobody keeps time here: a request's length is known by its function, and what is no request
     * is passed over byte by byte until one is found.
     */
    final class Rtu implements Framing {
        private static final int LONGEST = 256;
        private static final int CRC = 2;

        /** Unit, function and CRC. */
        private static final int SHORTEST = 4;

        private static final int TARGET_FAILED_TO_RESPOND = 0x0B;

        private final byte[] held = new byte[LONGEST];
        private int count;

        @Override
        public Optional<ByteBuffer> request(DataInputStream in) throws IOException {
            while (true) {
                int length = length();
                if (count < length) {
                    in.readFully(held, count, length - count);
                    count = length;
                } else if (crc(held, length - CRC) == crcAt(length - CRC)) {
                    ByteBuffer frame = mbap(length - CRC);
                    count = 0;
                    return Optional.of(frame);
                } else {
                    System.arraycopy(held, 1, held, 0, --count);
                }
            }
        }

        /** How many bytes a request has that begins so, as far as it can be told yet. */
        private int length() {
            if (count < 2) {
                return SHORTEST;
            }
            return switch (held[1]) {
                case 1, 2, 3, 4, 5, 6, 8 -> 8;
                case 15, 16 -> counted(7);
                case 22 -> 10;
                case 23 -> counted(11);
                case 0x2B -> 7;
                default -> SHORTEST;
            };
        }

        /** With a count of bytes before the data, of which so many bytes are the first. */
        private int counted(int before) {
            return count < before
                    ? before + CRC
                    : Math.min(LONGEST, before + Byte.toUnsignedInt(held[before - 1]) + CRC);
        }

        private ByteBuffer mbap(int length) {
            return ByteBuffer.allocate(Request.PREFIX + length)
                    .putInt(0)
                    .putShort((short) length)
                    .put(held, 0, length)
                    .flip();
        }

        private int crcAt(int place) {
            return Byte.toUnsignedInt(held[place]) | Byte.toUnsignedInt(held[place + 1]) << 8;
        }

        /** A unit that isn't there says nothing: there is no gateway here that would say so. */
        @Override
        public byte[] bytes(byte[] frame) {
            if (frame.length == Request.PREFIX + 3
                    && (frame[Request.PREFIX + 1] & 0x80) != 0
                    && frame[Request.PREFIX + 2] == TARGET_FAILED_TO_RESPOND) {
                return new byte[0];
            }
            int length = frame.length - Request.PREFIX;
            byte[] bytes = new byte[length + CRC];
            System.arraycopy(frame, Request.PREFIX, bytes, 0, length);
            int crc = crc(bytes, length);
            bytes[length] = (byte) crc;
            bytes[length + 1] = (byte) (crc >> 8);
            return bytes;
        }

        /** Serial Line V1.02, 6.2.2. */
        private static int crc(byte[] bytes, int length) {
            int crc = 0xFFFF;
            for (int at = 0; at < length; at++) {
                crc ^= Byte.toUnsignedInt(bytes[at]);
                for (int bit = 0; bit < 8; bit++) {
                    crc = (crc & 1) == 1 ? crc >> 1 ^ 0xA001 : crc >> 1;
                }
            }
            return crc;
        }
    }
}
