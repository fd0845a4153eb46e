package dev.bulkhead.agent.modbus;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The bench's units behind a real socket. */
final class LoopbackUnits implements AutoCloseable {
    /** Whether a request is answered, and whether the connection lasts. */
    enum Manner {
        ANSWER,
        SAY_NOTHING,
        ANSWER_AND_CLOSE,
        CLOSE
    }

    /** Says how the n-th request of a connection is taken, from 1. */
    interface Manners {
        Manner of(int number, Bytes request);
    }

    private final ServerSocket server;
    private final Dialect dialect;
    private final Manners manners;
    private final BenchUnits units = new BenchUnits();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    LoopbackUnits(int port, Manners manners) {
        this(listening(port), Dialect.MBAP, manners);
    }

    LoopbackUnits(ServerSocket server, Dialect dialect, Manners manners) {
        this.server = server;
        this.dialect = dialect;
        this.manners = manners;
        Thread.ofVirtual().name("loopback").start(this::accept);
    }

    static ServerSocket listening(int port) {
        try {
            return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    /** Connections that neither side has closed. */
    int open() {
        return open.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            for (int number = 1; ; number++) {
                Bytes request = dialect.readRequest(in);
                Manner manner = manners.of(number, request);
                if (manner == Manner.ANSWER || manner == Manner.ANSWER_AND_CLOSE) {
                    Bytes answer = dialect.answer(units.answer(request, Bench.START));
                    socket.getOutputStream().write(answer.toArray());
                }
                if (manner == Manner.CLOSE || manner == Manner.ANSWER_AND_CLOSE) {
                    return;
                }
            }
        } catch (EOFException _) {
            // The agent has closed it.
        } catch (IOException _) {
            // Reset, which is as good.
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
