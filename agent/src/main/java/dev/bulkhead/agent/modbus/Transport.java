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
            case Link.Tls tls -> new TlsTransport(tls);
            case Link.Networked networked -> new ChannelTransport(networked);
            case Link.Serial serial -> new SerialTransport(serial.line());
        };
    }

    void open() throws IOException;

    /** Who takes what comes. */
    interface Taker {
        /** Whether there may be more of it. */
        boolean take(Bytes bytes) throws InterruptedException;
    }

    /**
     * Hands over what comes, which may be a part of a frame, until the other side ends it or no
     * more is taken. The taker may be called on another thread, one at a time.
     */
    void read(Taker taker) throws IOException, InterruptedException;

    void write(Bytes bytes) throws IOException;

    /** Makes whoever opens or reads it return soon. */
    void cut();

    void close();

    /** Whether it holds its thread while it waits, so that this may be no virtual one. */
    boolean holdsItsThread();
}
