package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.site.Link;
import java.io.IOException;

/**
 * One connection's bytes, whatever carries them. One thread opens, reads and closes it; any other
 * may write while it is open, and cut it.
 */
interface Transport {
    /** A transport that isn't open yet. */
    static Transport to(Link link) {
        return switch (link) {
            case Link.Networked networked -> new SocketTransport(networked);
            case Link.Serial serial -> new SerialTransport(serial.line());
        };
    }

    void open() throws IOException;

    /**
     * Waits for some bytes.
     *
     * @return how many; -1 if the other side has ended it
     */
    int read(byte[] bytes) throws IOException;

    void write(Bytes bytes) throws IOException;

    /** Makes whoever opens or reads it return soon. */
    void cut();

    void close();

    /** Whether it holds its thread while it waits, so that this may be no virtual one. */
    boolean holdsItsThread();
}
