package dev.bulkhead.agent.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * TLS whose {@link #close} waits for nobody. Java's own writes a last word first, and a server that
 * reads no more holds up whoever closes for as long as it lives. What is lost is that the server
 * can tell an end from a cut; MQTT says good-bye itself.
 */
final class TlsSocket extends Socket {
    private final SSLContext context;

    /** What is connected and closed in this one's place. */
    private final Socket wire = new Socket();

    private Optional<SSLSocket> tls = Optional.empty();

    private TlsSocket(SSLContext context) {
        this.context = context;
    }

    /** As Paho asks for sockets: not connected yet. */
    static SocketFactory factory(SSLContext context) {
        return new SocketFactory() {
            @Override
            public Socket createSocket() {
                return new TlsSocket(context);
            }

            @Override
            public Socket createSocket(String host, int port) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(InetAddress host, int port) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(InetAddress to, int port, InetAddress from, int fromPort) {
                throw new UnsupportedOperationException();
            }
        };
    }

    /**
     * Connects, and believes the server only if its certificate is for the name it was sought by.
     */
    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        if (!(endpoint instanceof InetSocketAddress at)) {
            throw new SocketException("no address of a TLS server: " + endpoint);
        }
        wire.connect(at, timeoutMillis);
        wire.setSoTimeout(timeoutMillis);
        SSLSocket made =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(wire, at.getHostString(), at.getPort(), true);
        SSLParameters parameters = made.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        made.setSSLParameters(parameters);
        made.startHandshake();
        tls = Optional.of(made);
    }

    private SSLSocket tls() throws SocketException {
        return tls.orElseThrow(() -> new SocketException("it is not connected"));
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return tls().getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return tls().getOutputStream();
    }

    @Override
    public void setSoTimeout(int timeoutMillis) throws SocketException {
        wire.setSoTimeout(timeoutMillis);
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
