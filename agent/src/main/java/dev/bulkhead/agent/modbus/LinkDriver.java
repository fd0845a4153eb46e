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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * Drives a link session over a socket or a serial port. The thread {@code link-<gateway>} watches
 * the clock and takes what is submitted; a thread {@code wire-<gateway>} per connection makes the
 * connection and reads it, or lets it be read, so that neither a slow connect nor a silent peer
 * keeps a submitted exchange waiting. Whichever of them has something to say to the session says it
 * itself, one at a time: an answer is dealt with, and the next request sent, by the thread that has
 * read it.
 */
public final class LinkDriver implements AutoCloseable {
    // A burst of acts is a handful. When it is full, a submitter is told NotSent.
    private static final int MOST_QUEUED = 256;

    /** While the session waits for nothing but events. */
    private static final Duration LONGEST_SLEEP = Duration.ofHours(1);

    // A request is few bytes and a thread between two of them has nothing to wait for.
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    /** Takes what a link finds, and must not block. */
    public interface Findings {
        /** These bytes are about to be sent. */
        default void sent(Instant at, Bytes bytes) {}

        /** These bytes have come, which may be a part of a frame. */
        default void received(Bytes bytes) {}

        void sampled(Sample sample);

        /** Signals that have become silent. */
        void silenced(List<Observation> observations);

        void news(LinkNews news);
    }

    /** What the link's own thread is to do. */
    private sealed interface Task {
        record Pass(LinkEvent event) implements Task {}

        record Submit(LinkEvent.Submit event, Consumer<Answer> callback) implements Task {}
    }

    private final LinkSession session;
    private final Gateway gateway;
    private final AgentTime time;
    private final Findings findings;
    private final BlockingQueue<Task> tasks = new ArrayBlockingQueue<>(MOST_QUEUED);
    private final AtomicLong tickets = new AtomicLong();
    private final Thread thread;
    // Taken from the queue, and not yet dealt with; the thread's own.
    private Optional<Task> inHand = Optional.empty();
    // Who opens a connection has it until that is closed, however long either takes.
    private final Semaphore device = new Semaphore(1);
    // Whoever holds it may use the session, and what follows here down to the blank line.
    private final ReentrantLock turn = new ReentrantLock();
    private final Map<Long, Consumer<Answer>> callbacks = new HashMap<>();
    private Instant sleepsUntil = Instant.MIN;

    // Changed by whoever has the turn.
    private volatile Optional<Wire> wire = Optional.empty();
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
     * handed over one at a time, on the link's own thread or its connection's.
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
        var task = new Task.Submit(new LinkEvent.Submit(ticket, exchange), callback);
        String refusal;
        synchronized (ending) {
            if (!isEnded && tasks.offer(task)) {
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
            boolean _ = isEnded || tasks.offer(new Task.Pass(new LinkEvent.Finish()));
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
        patiently(() -> thread.join(CLOSE_WITHIN));
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
        Task tick = new Task.Pass(new LinkEvent.Tick());
        for (Optional<Duration> left = perform(tick); left.isPresent(); ) {
            Task next = tasks.poll(left.get().toNanos(), TimeUnit.NANOSECONDS);
            left = perform(next == null ? tick : next);
        }
    }

    /** Takes a turn; how long the thread may wait after it, or nothing if the link has ended. */
    private Optional<Duration> perform(Task task) throws InterruptedException {
        inHand = Optional.of(task);
        turn.lockInterruptibly();
        try {
            inHand = Optional.empty();
            switch (task) {
                case Task.Pass(LinkEvent event) -> take(event);
                case Task.Submit(LinkEvent.Submit event, Consumer<Answer> callback) -> {
                    callbacks.put(event.ticket(), callback);
                    take(event);
                }
            }
            if (session.isFinished()) {
                return Optional.empty();
            }
            Instant now = time.now();
            sleepsUntil = session.wakeAt().orElse(now.plus(LONGEST_SLEEP));
            Duration wait = time.wall(Duration.between(now, sleepsUntil));
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } finally {
            turn.unlock();
        }
    }

    /** A connection's thread has something to say; whether there will be more of it to say. */
    private boolean arrived(Wire from, LinkEvent event) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            // Else it is of a connection the session has given up.
            if (isCurrent(from)) {
                take(event);
                wakeIfSooner();
            }
            return isCurrent(from);
        } catch (RuntimeException | Error bug) {
            thread.interrupt();
            throw bug;
        } finally {
            turn.unlock();
        }
    }

    private void wakeIfSooner() {
        if (session.isFinished()
                || session.wakeAt().filter(at -> at.isBefore(sleepsUntil)).isPresent()) {
            sleepsUntil = Instant.MIN;
            // A queue that is full wakes it too.
            boolean _ = tasks.offer(new Task.Pass(new LinkEvent.Tick()));
        }
    }

    private boolean isCurrent(Wire from) {
        return wire.isPresent() && wire.get() == from;
    }

    private void take(LinkEvent event) {
        if (event instanceof LinkEvent.Closed || event instanceof LinkEvent.ConnectFailed) {
            disconnect();
        }
        if (event instanceof LinkEvent.Received(Bytes bytes)) {
            findings.received(bytes);
        }
        Instant now = time.now();
        session.begin(event, now).forEach(effect -> perform(effect, now));
        session.end().forEach(effect -> perform(effect, now));
        overruns = session.overruns();
    }

    private void perform(LinkEffect effect, Instant now) {
        switch (effect) {
            case LinkEffect.Connect _ -> connect();
            case LinkEffect.Disconnect _ -> disconnect();
            case LinkEffect.Send(Bytes bytes) -> {
                findings.sent(now, bytes);
                wire.orElseThrow().send(bytes);
            }
            case LinkEffect.Sampled(Sample sample) -> findings.sampled(sample);
            case LinkEffect.Silenced(List<Observation> silent) -> findings.silenced(silent);
            case LinkEffect.Answered(long ticket, Answer answer) ->
                    Optional.ofNullable(callbacks.remove(ticket))
                            .ifPresent(callback -> callback.accept(answer));
            case LinkNews edge -> findings.news(edge);
        }
    }

    private void connect() {
        var made = new Wire();
        wire = Optional.of(made);
        made.thread.start();
    }

    private void disconnect() {
        wire.ifPresent(Wire::cut);
        wire = Optional.empty();
    }

    private void end() {
        // Who has the turn may be in the middle of sending: it ends with the connection.
        wire.ifPresent(Wire::cut);
        turn.lock();
        try {
            disconnect();
        } finally {
            turn.unlock();
        }
        patiently(() -> device.tryAcquire(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
        var left = new ArrayList<Task>();
        inHand.ifPresent(left::add);
        synchronized (ending) {
            isEnded = true;
            tasks.drainTo(left);
        }
        Instant now = time.now();
        for (Task task : left) {
            if (task instanceof Task.Submit(var _, Consumer<Answer> callback)) {
                callback.accept(new Answer.NotSent(now, "the link is shut down"));
            }
        }
        callbacks
                .values()
                .forEach(
                        callback -> callback.accept(new Answer.Lost(now, "the link is shut down")));
        callbacks.clear();
    }

    /** What ends within a while. */
    private interface Waiting {
        boolean await() throws InterruptedException;
    }

    private static void patiently(Waiting waiting) {
        boolean wasInterrupted = Thread.interrupted();
        try {
            boolean _ = waiting.await();
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
        private final Thread thread;
        private volatile Optional<IOException> failedSend = Optional.empty();

        Wire() {
            Thread.Builder builder =
                    transport.holdsItsThread() ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
            this.thread = builder.name("wire-" + gateway.id()).unstarted(this::run);
        }

        private void run() {
            try {
                device.acquire();
            } catch (InterruptedException _) {
                // Cut while another still had the device.
                return;
            }
            try {
                receive();
            } catch (InterruptedException _) {
                // Cut: the session wants to hear no more of it.
                Thread.currentThread().interrupt();
            } finally {
                transport.close();
                device.release();
            }
        }

        private void receive() throws InterruptedException {
            try {
                transport.open();
            } catch (IOException e) {
                arrived(this, new LinkEvent.ConnectFailed(Reasons.of(e)));
                return;
            }
            if (arrived(this, new LinkEvent.Connected())) {
                String reason = readToItsEnd();
                arrived(this, new LinkEvent.Closed(reason));
            }
        }

        /** Hands over what comes; why no more does, which nobody hears of one that was cut. */
        private String readToItsEnd() throws InterruptedException {
            try {
                transport.read(bytes -> arrived(this, new LinkEvent.Received(bytes)));
                return failedSend.map(Reasons::of).orElse("by the other side");
            } catch (SSLException refused) {
                return Reasons.of(refused);
            } catch (IOException e) {
                return Reasons.of(failedSend.orElse(e));
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

        private void cut() {
            transport.cut();
            // It may be this thread's own doing, which has more to do then.
            if (!Thread.currentThread().equals(thread)) {
                thread.interrupt();
            }
        }
    }
}
