package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.site.Link;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A TCP connection, with or without TLS. */
final class SocketTransport implements Transport {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final Link.Networked link;
    private final Socket socket = new Socket();
    private volatile Socket talking = socket;

    SocketTransport(Link.Networked link) {
        this.link = link;
    }

    @Override
    public void open() throws IOException {
        // The session limits how long this may take, by cutting it.
        socket.connect(new InetSocketAddress(link.host(), link.port()));
        socket.setTcpNoDelay(true);
        if (link instanceof Link.Tls tls) {
            talking = secured(tls);
        }
    }

    /** The files are read for each connection, so that a new certificate needs no restart. */
    private Socket secured(Link.Tls tls) throws IOException {
        var secured =
                (SSLSocket)
                        Credentials.of(tls)
                                .read()
                                .getSocketFactory()
                                .createSocket(socket, tls.serverName(), tls.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        // Without it a certificate for any name would do.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
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
