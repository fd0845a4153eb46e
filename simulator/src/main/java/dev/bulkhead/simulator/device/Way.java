package dev.bulkhead.simulator.device;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** How a gateway is reached. */
public sealed interface Way {
    /** Its name on a command line. */
    default String link() {
        return switch (this) {
            case Tcp _ -> "tcp";
            case Tls _ -> "tls";
            case RtuOverTcp _ -> "rtu-tcp";
            case Rtu _ -> "rtu";
        };
    }

    /** Over a network; a port of 0 is any that is free. */
    sealed interface Networked extends Way {
        InetSocketAddress address();
    }

    /** Modbus TCP. */
    record Tcp(InetSocketAddress address) implements Networked {}

    /**
     * Modbus/TCP Security: Modbus TCP within TLS.
     *
     * @param asksWho whether a client must have a certificate, too
     */
    record Tls(InetSocketAddress address, SSLContext context, boolean asksWho)
            implements Networked {}

    /** The binary frames of a serial line through a network. */
    record RtuOverTcp(InetSocketAddress address) implements Networked {}

    /**
     * A serial line, or a pseudo-terminal.
     *
     * @param device its file; whoever made it has set it: raw, with speed and parity
     */
    record Rtu(Path device) implements Way {}
}
