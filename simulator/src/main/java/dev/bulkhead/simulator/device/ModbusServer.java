package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.GatewayId;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * One gateway's listening port. Every connection has a thread of its own, so that a client that
 * stalls in the middle of a frame, sends garbage or never reads its answers keeps nobody else
 * waiting.
 */
final class ModbusServer implements Closeable {
    /**
     * So many connections of this process have a thread of the system's each: it wakes at once,
     * where a virtual one needs another thread to wake it. Of hundreds it is slower.
     */
    private static final int FEW = 4;

    private static final AtomicInteger OPEN = new AtomicInteger();

    /** Who connects at once with more than these is reset; the system may allow fewer. */
    private static final int BACKLOG = 4096;

    /**
     * After a connection that can't be taken, for want of file descriptors most likely, which ends
     * only when others are let go: whoever tried again at once would keep them from being served.
     */
    private static final Duration PAUSE = Duration.ofMillis(20);

    /**
     * How long closing a connection within TLS may wait to say farewell: without a limit it waits
     * for good behind an answer that a client doesn't read.
     */
    private static final int FAREWELL_SECONDS = 1;

    private final String name;
    private final ServerSocket listener;
    private final Supplier<Framing> framing;
    private final Answering answering;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    private final Thread acceptor;

    private ModbusServer(
            String name, ServerSocket listener, Supplier<Framing> framing, Answering answering) {
        this.name = name;
        this.listener = listener;
        this.framing = framing;
        this.answering = answering;
        this.acceptor = Thread.ofVirtual().name(name).unstarted(this::accept);
    }

    /** Listens. */
    static ModbusServer listen(GatewayId gateway, Way.Networked way, Answering answering)
            throws IOException {
        ServerSocket listener = listener(way);
        try {
            listener.setReuseAddress(true);
            listener.bind(way.address(), BACKLOG);
        } catch (IOException refused) {
            listener.close();
            throw new IOException(
                    "port %d for gateway %s can't be had"
                            .formatted(way.address().getPort(), gateway),
                    refused);
        }
        var server = new ModbusServer("gateway-" + gateway, listener, framing(way), answering);
        server.acceptor.start();
        return server;
    }

    private static ServerSocket listener(Way.Networked way) throws IOException {
        if (!(way instanceof Way.Tls(var _, SSLContext context, boolean asksWho))) {
            return new ServerSocket();
        }
        var listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
        listener.setNeedClientAuth(asksWho);
        return listener;
    }

    private static Supplier<Framing> framing(Way.Networked way) {
        return switch (way) {
            case Way.Tcp _, Way.Tls _ -> Framing.Mbap::new;
            case Way.RtuOverTcp _ -> Framing.Rtu::new;
        };
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                acceptOne();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptOne() throws InterruptedException {
        try {
            Socket connection = listener.accept();
            if (admits(connection)) {
                begin(connection);
            }
        } catch (IOException _) {
            // Closed, or none can be taken now: whoever loops tells.
            closed.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void begin(Socket connection) throws IOException {
        connection.setTcpNoDelay(true);
        if (connection instanceof SSLSocket) {
            connection.setSoLinger(true, FAREWELL_SECONDS);
        }
        var conversation =
                new Conversation(
                        new DataInputStream(
                                new BufferedInputStream(connection.getInputStream(), 1024)),
                        connection.getOutputStream(),
                        framing.get(),
                        answering,
                        closed);
        boolean isOneOfFew = OPEN.incrementAndGet() <= FEW;
        (isOneOfFew ? Thread.ofPlatform().daemon() : Thread.ofVirtual())
                .name(name)
                .start(() -> serve(connection, conversation, isOneOfFew));
    }

    /** One newcomer at a time, so that each counts those before it. */
    private boolean admits(Socket newcomer) throws IOException {
        switch (answering.admit(connections.size())) {
            case TAKEN -> {}
            case TAKEN_FOR_ALL_OTHERS -> hangUp();
            case REFUSED -> {
                newcomer.close();
                return false;
            }
        }
        connections.add(newcomer);
        return true;
    }

    private void hangUp() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }

    /** Answers until the connection ends, or until it is one of many and another thread goes on. */
    private void serve(Socket connection, Conversation conversation, boolean isOneOfFew) {
        boolean isHandedOn = false;
        try {
            boolean isOpen = !isClosed();
            while (isOpen && !isHandedOn) {
                isOpen = conversation.exchange();
                isHandedOn = isOpen && isOneOfFew && OPEN.get() > FEW;
            }
        } catch (IOException _) {
            // The client has gone, or its bytes are no frames: this connection ends, no other does.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (isHandedOn) {
                Thread.ofVirtual().name(name).start(() -> serve(connection, conversation, false));
            } else {
                end(connection);
            }
        }
    }

    private void end(Socket connection) {
        OPEN.decrementAndGet();
        connections.remove(connection);
        try {
            connection.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Stops listening and drops every connection; after it the port is free. */
    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        try {
            // The port is let go only when the thread that waits on it has woken.
            acceptor.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        hangUp();
    }
}
