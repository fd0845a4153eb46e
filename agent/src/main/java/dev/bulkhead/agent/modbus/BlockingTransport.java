package dev.bulkhead.agent.modbus;

import java.io.IOException;

/** A transport that is read by the thread that waits for its bytes. */
interface BlockingTransport extends Transport {
    /** Frames of Modbus TCP are at most 260 bytes, in ASCII 513. */
    int READ_BYTES = 512;

    /**
     * Waits for some bytes.
     *
     * @return how many; -1 if the other side has ended it
     */
    int read(byte[] bytes) throws IOException;

    @Override
    default void read(Taker taker) throws IOException, InterruptedException {
        var bytes = new byte[READ_BYTES];
        for (int n = read(bytes); n >= 0; n = read(bytes)) {
            if (!taker.take(Bytes.of(bytes, n))) {
                return;
            }
        }
    }
}
