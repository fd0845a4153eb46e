package dev.bulkhead.agent.modbus;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.peer.Reasons;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.site.Gateway;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * Drives a link session over a socket or a serial port. The thread {@code link-<gateway>} owns
 * session, connection and callbacks; a thread {@code wire-<gateway>} per connection makes the
 * connection and reads it, so that neither a slow connect nor a silent peer keeps a submitted
 * exchange waiting.
 */
public final class LinkDriver implements AutoCloseable {
    // Reads of one answer and a burst of acts are a handful. When it is full, a reader waits, which
    // slows down a peer that babbles, and a submitter is told NotSent.
    private static final int MOST_QUEUED = 256;

    // A request is 17 bytes at most and a thread between two of them has nothing to wait for.
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    /** Frames of Modbus TCP are at most 260 bytes, in ASCII 513. */
    private static final int READ_BYTES = 512;

    /** Takes what a link finds, and must not block. */
    public interface Findings {
        void sampled(Sample sample);

        /** Signals that have become silent. */
        void silenced(List<Observation> observations);

        void news(LinkNews news);
    }

    /** An event and where it is from. */
    private sealed interface Arrival {
        record FromDriver(LinkEvent event) implements Arrival {}

        record FromWire(Wire wire, LinkEvent event) implements Arrival {}

        record Submitted(LinkEvent.Submit submit, Consumer<Answer> callback) implements Arrival {}
    }

    private final LinkSession session;
    private final Gateway gateway;
    private final AgentTime time;
    private final Findings findings;
    private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(MOST_QUEUED);
    private final Map<Long, Consumer<Answer>> callbacks = new HashMap<>();
    private final AtomicLong tickets = new AtomicLong();
    private final Thread thread;
    private Optional<Wire> wire = Optional.empty();
    private Optional<Thread> lastWire = Optional.empty();
    private volatile long overruns;
    // Guards the end: after it is set under the lock nothing more is queued.
    private final Object ending = new Object();
    private boolean isEnded;

    private LinkDriver(LinkSession session, Gateway gateway, AgentTime time, Findings findings) {
        this.session = session;
        this.gateway = gateway;
        this.time = time;
        this.findings = findings;
        this.thread = Thread.ofVirtual().name("link-" + gateway.id()).unstarted(this::run);
    }

    /**
     * Starts driving a session, which nobody else may touch from now on. Findings and answers are
     * handed over on the link's thread.
     */
    public static LinkDriver start(
            LinkSession session, Gateway gateway, AgentTime time, Findings findings) {
        var driver = new LinkDriver(session, gateway, time, findings);
        driver.thread.start();
        return driver;
    }

    /** Asks for an exchange. The callback gets exactly one answer, perhaps before this returns. */
    public long submit(Exchange exchange, Consumer<Answer> callback) {
        long ticket = tickets.incrementAndGet();
        var submitted = new Arrival.Submitted(new LinkEvent.Submit(ticket, exchange), callback);
        String refusal;
        synchronized (ending) {
            if (!isEnded && arrivals.offer(submitted)) {
                return ticket;
            }
            refusal = isEnded ? "the link is shut down" : "too much is waiting for the link";
        }
        callback.accept(new Answer.NotSent(time.now(), refusal));
        return ticket;
    }

    /** Polls skipped because the one before was still waiting for its turn. */
    public long overruns() {
        return overruns;
    }

    /** Whether the link is still driven: false after {@link #close}, or after a bug ended it. */
    public boolean isRunning() {
        return thread.isAlive();
    }

    /**
     * Asks for nothing more, and ends when what is under way has been answered or its time is over.
     * Returns at once.
     */
    public void finish() {
        synchronized (ending) {
            // A queue this full is no orderly end; close() ends it then.
            boolean _ = isEnded || arrivals.offer(new Arrival.FromDriver(new LinkEvent.Finish()));
        }
    }

    /** Waits until the link has ended by itself, at most so long. */
    public void awaitEnd(Duration limit) throws InterruptedException {
        thread.join(limit);
    }

    /** Ends the connection and the threads. What was under way is answered as lost. */
    @Override
    public void close() {
        thread.interrupt();
        join(thread);
    }

    private void run() {
        try {
            drive();
        } catch (InterruptedException _) {
            // Asked to stop.
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void drive() throws InterruptedException {
        take(new LinkEvent.Tick());
        while (!session.isFinished()) {
            Optional<Arrival> arrival = next();
            if (arrival.isEmpty()) {
                take(new LinkEvent.Tick());
            } else {
                take(arrival.get());
            }
        }
    }

    /** What comes until the session wants to be woken. */
    private Optional<Arrival> next() throws InterruptedException {
        Optional<Instant> wakeAt = session.wakeAt();
        if (wakeAt.isEmpty()) {
            return Optional.of(arrivals.take());
        }
        Duration wait = time.wall(Duration.between(time.now(), wakeAt.get()));
        return Optional.ofNullable(
                arrivals.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS));
    }

    private void take(Arrival arrival) {
        switch (arrival) {
            case Arrival.FromWire(Wire from, LinkEvent event) when isCurrent(from) -> take(event);
            // Of a connection the session has given up.
            case Arrival.FromWire _ -> {}
            case Arrival.FromDriver(LinkEvent event) -> take(event);
            case Arrival.Submitted(LinkEvent.Submit submit, Consumer<Answer> callback) -> {
                callbacks.put(submit.ticket(), callback);
                take(submit);
            }
        }
    }

    private boolean isCurrent(Wire from) {
        return wire.isPresent() && wire.get() == from;
    }

    private void take(LinkEvent event) {
        if (event instanceof LinkEvent.Closed || event instanceof LinkEvent.ConnectFailed) {
            disconnect();
        }
        for (LinkEffect effect : session.on(event, time.now())) {
            switch (effect) {
                case LinkEffect.Connect _ -> connect();
                case LinkEffect.Disconnect _ -> disconnect();
                case LinkEffect.Send(Bytes bytes) -> wire.orElseThrow().send(bytes);
                case LinkEffect.Sampled(Sample sample) -> findings.sampled(sample);
                case LinkEffect.Silenced(List<Observation> silent) -> findings.silenced(silent);
                case LinkEffect.Answered(long ticket, Answer answer) ->
                        Optional.ofNullable(callbacks.remove(ticket))
                                .ifPresent(callback -> callback.accept(answer));
                case LinkNews edge -> findings.news(edge);
            }
        }
        overruns = session.overruns();
    }

    private void connect() {
        var made = new Wire(lastWire);
        wire = Optional.of(made);
        lastWire = Optional.of(made.thread);
        made.thread.start();
    }

    private void disconnect() {
        wire.ifPresent(Wire::cut);
        wire = Optional.empty();
    }

    private void end() {
        disconnect();
        lastWire.ifPresent(LinkDriver::join);
        var left = new ArrayList<Arrival>();
        synchronized (ending) {
            isEnded = true;
            arrivals.drainTo(left);
        }
        Instant now = time.now();
        for (Arrival arrival : left) {
            if (arrival instanceof Arrival.Submitted(var _, Consumer<Answer> callback)) {
                callback.accept(new Answer.NotSent(now, "the link is shut down"));
            }
        }
        callbacks
                .values()
                .forEach(
                        callback -> callback.accept(new Answer.Lost(now, "the link is shut down")));
        callbacks.clear();
    }

    private static void join(Thread thread) {
        boolean wasInterrupted = Thread.interrupted();
        try {
            thread.join(CLOSE_WITHIN);
        } catch (InterruptedException _) {
            wasInterrupted = true;
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One connection, or the attempt to make one. */
    private final class Wire {
        private final Transport transport = Transport.to(gateway.link());
        private final Optional<Thread> before;
        private final Thread thread;
        private volatile Optional<IOException> failedSend = Optional.empty();

        /**
         * @param before the one it takes the place of, which must have let go of the device
         */
        Wire(Optional<Thread> before) {
            this.before = before;
            Thread.Builder builder =
                    transport.holdsItsThread() ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
            this.thread = builder.name("wire-" + gateway.id()).unstarted(this::run);
        }

        private void run() {
            try {
                if (before.isPresent()) {
                    before.get().join();
                }
                receive();
            } catch (InterruptedException _) {
                // Cut: the session wants to hear no more of it.
                Thread.currentThread().interrupt();
            } finally {
                transport.close();
            }
        }

        private void receive() throws InterruptedException {
            try {
                transport.open();
            } catch (IOException e) {
                arrived(new LinkEvent.ConnectFailed(Reasons.of(e)));
                return;
            }
            arrived(new LinkEvent.Connected());
            try {
                var bytes = new byte[READ_BYTES];
                for (int n = transport.read(bytes); n >= 0; n = transport.read(bytes)) {
                    arrived(new LinkEvent.Received(Bytes.of(bytes, n)));
                }
                arrived(
                        new LinkEvent.Closed(
                                failedSend.map(Reasons::of).orElse("by the other side")));
            } catch (SSLException refused) {
                arrived(new LinkEvent.Closed(Reasons.of(refused)));
            } catch (IOException e) {
                arrived(new LinkEvent.Closed(Reasons.of(failedSend.orElse(e))));
            }
        }

        /**
         * Sends, or ends the connection. Who reads it says so: a peer that refuses a certificate
         * tells the reader why, and the sender only that it is over.
         */
        void send(Bytes bytes) {
            try {
                transport.write(bytes);
            } catch (IOException e) {
                failedSend = Optional.of(e);
                transport.cut();
            }
        }

        private void arrived(LinkEvent event) throws InterruptedException {
            arrivals.put(new Arrival.FromWire(this, event));
        }

        private void cut() {
            transport.cut();
            thread.interrupt();
        }
    }
}
