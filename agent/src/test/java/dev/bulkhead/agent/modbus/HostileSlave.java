package dev.bulkhead.agent.modbus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Banks behind a real socket that answer as they are told to, rightly or not. */
final class HostileSlave implements AutoCloseable {
    private static final int REQUEST_BYTES = 12;

    /** How a request is answered. */
    interface Manner {
        void answer(Line line) throws IOException, InterruptedException;
    }

    /** The manner that is as it should be. */
    static void good(Line line) throws IOException {
        line.write(line.right());
        line.wasAnsweredRightly();
    }

    /** A request and the connection it came on. */
    final class Line {
        private final Socket socket;
        private final int number;
        private final Bytes request;
        private final Bytes right;
        private final Bytes before;

        private Line(Socket socket, int number, Bytes request) {
            this.socket = socket;
            this.number = number;
            this.request = request;
            right = ofUnit(unit());
            before = previous.getOrDefault(unit(), right);
            previous.put(unit(), right);
        }

        int unit() {
            return request.at(6);
        }

        /** Which request of its connection this is, from 1. */
        int number() {
            return number;
        }

        Bytes request() {
            return request;
        }

        /** The right answer, as of when the request came. */
        Bytes right() {
            return right;
        }

        /** What was the right answer to this unit's request before, on whatever connection. */
        Bytes before() {
            return before;
        }

        /** The same request answered with the bank of that unit. */
        Bytes ofUnit(int unit) {
            return banks.get().answer(link, unit, request, time.now());
        }

        void write(Bytes bytes) throws IOException {
            socket.getOutputStream().write(bytes.toArray());
        }

        /** Says that the agent has all it needs for a sample. */
        void wasAnsweredRightly() {
            rightly.merge(unit(), 1, Integer::sum);
        }

        void pause(Duration length) throws InterruptedException {
            Instant end = time.now().plus(length);
            pausedUntil.put(this, end);
            time.awaitInstant(end);
            pausedUntil.remove(this);
        }

        void close() throws IOException {
            socket.close();
        }
    }

    private final int link;
    private final SteppedTime time;
    private final ServerSocket server;
    private final AtomicReference<Banks> banks = new AtomicReference<>();
    private final AtomicInteger answering = new AtomicInteger();
    private final Map<Line, Instant> pausedUntil = new ConcurrentHashMap<>();
    private final Map<Integer, Bytes> previous = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> rightly = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Instant> accepted = new CopyOnWriteArrayList<>();
    private final List<Bytes> requests = new CopyOnWriteArrayList<>();
    private volatile Manner manner = HostileSlave::good;

    HostileSlave(int link, SteppedTime time) {
        this.link = link;
        this.time = time;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        time.stepsOnlyWhile(this::isAtRest);
        Thread.ofVirtual().name("hostile-" + link).start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Whose units this is; to be said before anybody asks. */
    void serve(Banks whose) {
        banks.set(whose);
    }

    void behave(Manner how) {
        manner = how;
    }

    /** How often a unit was answered in the way it should be. */
    int rightly(int unit) {
        return rightly.getOrDefault(unit, 0);
    }

    /** When each connection was made. */
    List<Instant> accepted() {
        return accepted;
    }

    List<Bytes> requests() {
        return requests;
    }

    /** Connections that neither side has closed. */
    int open() {
        return open.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                accepted.add(time.now());
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
            int number = 0;
            // Until the rest of a request is read its bytes show that this is not at rest.
            for (int first = in.read(); first >= 0; first = in.read()) {
                answering.incrementAndGet();
                try {
                    Bytes request =
                            Bytes.of(new byte[] {(byte) first})
                                    .plus(Bytes.of(in.readNBytes(REQUEST_BYTES - 1)));
                    requests.add(request);
                    manner.answer(new Line(socket, ++number, request));
                } finally {
                    answering.decrementAndGet();
                }
            }
        } catch (IOException _) {
            // Closed by the agent, or by this slave's own manner.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    /** Whether every request that came is answered, or waits for its time. */
    private boolean isAtRest() {
        Instant now = time.now();
        long waiting = pausedUntil.values().stream().filter(end -> end.isAfter(now)).count();
        return answering.get() == waiting && open.stream().allMatch(HostileSlave::isReadEmpty);
    }

    private static boolean isReadEmpty(Socket socket) {
        try {
            return socket.getInputStream().available() == 0;
        } catch (IOException _) {
            // Closed: nothing comes any more.
            return true;
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
