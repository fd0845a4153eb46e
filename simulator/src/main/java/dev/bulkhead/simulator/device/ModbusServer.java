package dev.bulkhead.simulator.device;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One gateway's listening port. Every connection has a virtual thread of its own, so that a client
 * that stalls in the middle of a frame, sends garbage or never reads its answers keeps nobody else
 * waiting. A connection's requests are answered one after the other, as on a serial bus: a late
 * answer holds up those behind it.
 */
final class ModbusServer implements AutoCloseable {
    /** What answers; called from many threads. */
    interface Answering {
        /**
         * What happens to a client that connects.
         *
         * @param others how many are connected already
         */
        Admission admit(int others);

        /** What comes back for one frame. */
        Answer answer(ByteBuffer frame);
    }

    private final ServerSocket listener;
    private final Answering answering;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    private final Thread acceptor;

    private ModbusServer(String name, ServerSocket listener, Answering answering) {
        this.listener = listener;
        this.answering = answering;
        this.acceptor = Thread.ofVirtual().name(name).unstarted(() -> accept(name));
    }

    /**
     * Listens on loopback.
     *
     * @param name for its threads
     * @param port 0 for any that is free
     */
    static ModbusServer listen(String name, int port, Answering answering) throws IOException {
        var listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        } catch (IOException refused) {
            listener.close();
            throw new IOException(
                    "port " + port + " for " + name + ": " + refused.getMessage(), refused);
        }
        var server = new ModbusServer(name, listener, answering);
        server.acceptor.start();
        return server;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    private void accept(String name) {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                if (admits(connection)) {
                    Thread.ofVirtual().name(name).start(() -> serve(connection));
                }
            } catch (IOException _) {
                // Closed, or the client was gone before it was accepted: the loop's test tells.
            }
        }
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

    private void serve(Socket connection) {
        try (connection) {
            if (isClosed()) {
                return;
            }
            connection.setTcpNoDelay(true);
            var in = new DataInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            boolean isOpen = true;
            while (isOpen) {
                isOpen = send(answering.answer(frame(in)), out);
            }
        } catch (IOException _) {
            // The client has gone, or its bytes are no frames: this connection ends, no other does.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    /** The next frame of a stream, however its bytes are parted. */
    private static ByteBuffer frame(DataInputStream in) throws IOException {
        byte[] prefix = new byte[Request.PREFIX];
        in.readFully(prefix);
        int length = Short.toUnsignedInt(ByteBuffer.wrap(prefix).getShort(4));
        if (length < Request.SHORTEST || length > Request.LONGEST) {
            // Nobody can tell where the next frame begins.
            throw new EOFException("a frame of " + length + " bytes");
        }
        byte[] frame = new byte[Request.PREFIX + length];
        System.arraycopy(prefix, 0, frame, 0, prefix.length);
        in.readFully(frame, Request.PREFIX, length);
        return ByteBuffer.wrap(frame);
    }

    /** Sends an answer when it is due; false ends the connection. */
    private boolean send(Answer answer, OutputStream out) throws IOException, InterruptedException {
        return switch (answer) {
            case Answer.Frame frame -> {
                yield send(frame, out);
            }
            case Answer.Silence _ -> true;
            case Answer.HangUp _ -> false;
        };
    }

    private boolean send(Answer.Frame frame, OutputStream out)
            throws IOException, InterruptedException {
        byte[] bytes = frame.copy();
        Duration paced = frame.pace().multipliedBy(bytes.length - 1L);
        if (isClosedWithin(frame.after().minus(paced))) {
            return false;
        }
        if (paced.isZero()) {
            out.write(bytes);
            return true;
        }
        for (int at = 0; at < bytes.length; at++) {
            if (at > 0 && isClosedWithin(frame.pace())) {
                return false;
            }
            out.write(bytes[at]);
        }
        return true;
    }

    private boolean isClosedWithin(Duration time) throws InterruptedException {
        return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
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
