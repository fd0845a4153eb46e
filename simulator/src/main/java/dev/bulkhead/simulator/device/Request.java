package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * One Modbus TCP request (Modbus Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3).
 *
 * @param data what follows the function code
 */
record Request(int transaction, int unit, int function, ByteBuffer data) {
    /** Transaction, protocol, length: what must be read before the end of a frame is known. */
    static final int PREFIX = 6;

    /** Unit and function at least. */
    static final int SHORTEST = 2;

    /** Unit and a PDU of 253 bytes. */
    static final int LONGEST = 254;

    Request {
        data = data.asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer data() {
        return data.duplicate();
    }

    /** The request in exactly one frame; empty if these bytes are none. */
    static Optional<Request> in(ByteBuffer frame) {
        ByteBuffer bytes = frame.duplicate();
        if (bytes.remaining() < PREFIX + SHORTEST) {
            return Optional.empty();
        }
        int transaction = Short.toUnsignedInt(bytes.getShort());
        int protocol = Short.toUnsignedInt(bytes.getShort());
        int length = Short.toUnsignedInt(bytes.getShort());
        if (protocol != 0 || length != bytes.remaining() || length > LONGEST) {
            return Optional.empty();
        }
        int unit = Byte.toUnsignedInt(bytes.get());
        int function = Byte.toUnsignedInt(bytes.get());
        return Optional.of(new Request(transaction, unit, function, bytes.slice()));
    }

    /** Whether it asks for something to be done. */
    boolean isWrite() {
        return function == 5 || function == 6 || function == 15 || function == 16;
    }

    /** How many registers it reads; 0 if it is no read of registers. */
    int registers() {
        return (function == 3 || function == 4) && data.remaining() == 4
                ? Short.toUnsignedInt(data.getShort(data.position() + 2))
                : 0;
    }

    /** Whether it reads just this block. */
    boolean asksFor(Profile.Block block) {
        int reading =
                switch (block.table()) {
                    case COIL -> 1;
                    case DISCRETE -> 2;
                    case HOLDING -> 3;
                    case INPUT -> 4;
                };
        ByteBuffer asked = data();
        return function == reading
                && asked.remaining() == 4
                && Short.toUnsignedInt(asked.getShort()) == block.address()
                && Short.toUnsignedInt(asked.getShort()) == block.count();
    }

    /** The answer to this request with these bytes after the function code. */
    Answer.Frame answer(byte[] body) {
        return frame(function, body);
    }

    /** The answer that refuses: the function with its high bit set, and why. */
    Answer.Frame refusal(int code) {
        return frame(function | 0x80, new byte[] {(byte) code});
    }

    private Answer.Frame frame(int answered, byte[] body) {
        ByteBuffer frame =
                ByteBuffer.allocate(PREFIX + SHORTEST + body.length)
                        .putShort((short) transaction)
                        .putShort((short) 0)
                        .putShort((short) (SHORTEST + body.length))
                        .put((byte) unit)
                        .put((byte) answered)
                        .put(body)
                        .flip();
        return new Answer.Frame(frame, Duration.ZERO);
    }
}
