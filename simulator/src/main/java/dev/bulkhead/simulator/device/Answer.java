package dev.bulkhead.simulator.device;

import java.nio.ByteBuffer;
import java.time.Duration;

/** What comes back over a link for one request. */
public sealed interface Answer {
    /**
     * A frame.
     *
     * @param bytes the frame with its MBAP header; read-only, and each call has its own position
     * @param after how long the device takes
     */
    record Frame(ByteBuffer bytes, Duration after) implements Answer {
        public Frame {
            if (after.isNegative()) {
                throw new IllegalArgumentException("an answer before its request: " + after);
            }
            bytes = bytes.asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer bytes() {
            return bytes.duplicate();
        }

        byte[] copy() {
            byte[] copy = new byte[bytes.remaining()];
            bytes().get(copy);
            return copy;
        }
    }

    /** Nothing comes back; the link stands. */
    record Silence() implements Answer {}

    /** The link is closed. */
    record HangUp() implements Answer {}
}
