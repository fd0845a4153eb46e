package dev.bulkhead.simulator.device;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** What comes back over a link for one request. */
public sealed interface Answer {
    /**
     * A frame.
     *
     * @param bytes the frame with its MBAP header; read-only, and each call has its own position
     * @param after how long until all of it has come
     * @param pace between one byte and the next; zero: all come at once
     */
    record Frame(ByteBuffer bytes, Duration after, Duration pace) implements Answer {
        public Frame {
            if (after.isNegative()) {
                throw new IllegalArgumentException("an answer before its request: " + after);
            }
            bytes = bytes.asReadOnlyBuffer();
        }

        /** All bytes at once. */
        Frame(ByteBuffer bytes, Duration after) {
            this(bytes, after, Duration.ZERO);
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

        /** The same, so much later. */
        Frame later(Duration by) {
            return new Frame(bytes, after.plus(by), pace);
        }

        /** Other bytes, coming as these do. */
        Frame with(byte[] others) {
            return new Frame(ByteBuffer.wrap(others), after, pace);
        }
    }

    /** Nothing comes back; the link stands. */
    record Silence() implements Answer {}

    /** The link is closed. */
    record HangUp() implements Answer {}

    /** This answer with its frame changed, if it has one. */
    default Answer changed(UnaryOperator<Frame> change) {
        return this instanceof Frame frame ? change.apply(frame) : this;
    }
}
