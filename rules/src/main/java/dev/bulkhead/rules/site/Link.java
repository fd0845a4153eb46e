package dev.bulkhead.rules.site;

import java.util.Optional;

/** How a gateway is reached, and how requests and answers are framed on the way. */
public sealed interface Link {
    /** Where it leads. Two gateways that lead to one place would count as two causes. */
    String place();

    /** Over a network. */
    sealed interface Networked extends Link {
        String host();

        int port();

        @Override
        default String place() {
            return host() + ":" + port();
        }
    }

    /** Over a serial line of this host. */
    sealed interface Serial extends Link {
        SerialLine line();

        @Override
        default String place() {
            return line().device();
        }
    }

    /** Modbus TCP. */
    record Tcp(String host, int port) implements Networked {}

    /**
     * Modbus/TCP Security: Modbus TCP within TLS.
     *
     * @param serverName whom the device's certificate must be for
     * @param trust file with the certificates, in PEM, of those who may vouch for the device
     * @param own who the agent is to the device; empty: it doesn't say
     */
    record Tls(String host, int port, String serverName, String trust, Optional<Own> own)
            implements Networked {
        /**
         * The agent's own certificate and its key, in PEM.
         *
         * @param role what the certificate must say the agent may do; the device decides by it
         */
        public record Own(String certificate, String key, Optional<String> role) {}
    }

    /** The frames of a serial line through a network, as device servers pass them on. */
    record RtuOverTcp(String host, int port) implements Networked {}

    /** The same in ASCII. */
    record AsciiOverTcp(String host, int port) implements Networked {}

    /** A serial line with binary frames. */
    record Rtu(SerialLine line) implements Serial {}

    /** A serial line with frames in hexadecimal. */
    record Ascii(SerialLine line) implements Serial {}
}
