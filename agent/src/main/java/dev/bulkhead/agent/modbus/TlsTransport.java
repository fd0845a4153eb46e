package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.site.Link;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A TCP connection with TLS. */
final class TlsTransport implements BlockingTransport {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final Link.Tls link;
    private final Socket socket = new Socket();
    private volatile Socket talking = socket;

    TlsTransport(Link.Tls link) {
        this.link = link;
    }

    /** The files are read for each connection, so that a new certificate needs no restart. */
    @Override
    public void open() throws IOException {
        // The session limits how long this may take, by cutting it.
        socket.connect(HoldingDriver.address(link));
        socket.setTcpNoDelay(true);
        var secured =
                (SSLSocket)
                        HoldingDriver.run(Credentials.of(link)::read)
                                .getSocketFactory()
                                .createSocket(socket, link.serverName(), link.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        // Without it a certificate for any name would do.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        talking = secured;
    }

    @Override
    public int read(byte[] bytes) throws IOException {
        return talking.getInputStream().read(bytes);
    }

    @Override
    public void write(Bytes bytes) throws IOException {
        talking.getOutputStream().write(bytes.toArray());
    }

    /** The socket beneath TLS: whose own end would wait for the other side. */
    @Override
    public void cut() {
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is not used any more, and the system takes it back with the process at last.
        }
    }

    @Override
    public boolean holdsItsThread() {
        return false;
    }
}
