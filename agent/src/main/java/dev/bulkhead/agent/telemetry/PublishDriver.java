package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.agent.peer.MqttConnection;
import dev.bulkhead.agent.peer.Outage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Publishes what there is to tell. Its thread owns the connection to the broker and waits for
 * nothing else: an alarm goes out while the disk hangs.
 */
final class PublishDriver {
    /** How soon an alarm goes out while there are no samples to send. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /**
     * A client can look connected while nothing gets through (eclipse-paho/paho.mqtt.java#348): so
     * long without any acknowledgement, and the connection is made anew.
     */
    private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(30);

    /** Alarms and rooms under way; with the samples well below what a client lets be. */
    private static final int MOST_STANDING = 1000;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);
    private static final Duration GOOD_BYE_WITHIN = Duration.ofSeconds(2);

    private final Broker broker;
    private final Topics topics;
    private final Standing standing;
    private final SpoolDriver spool;
    private final Outage outage;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private volatile String lostBecause = "";
    private Duration retry = FIRST_RETRY;

    PublishDriver(Broker broker, Topics topics, Standing standing, SpoolDriver spool) {
        this.broker = broker;
        this.topics = topics;
        this.standing = standing;
        this.spool = spool;
        this.outage = new Outage("telemetry: broker " + broker.url());
        this.thread = TelemetryDriver.telling("publish", this::run);
    }

    void start() {
        thread.start();
    }

    /** Tells what is left of alarms and rooms, says good-bye and ends; waits for it a little. */
    void stop() throws InterruptedException {
        stopped.countDown();
        if (thread.isAlive()) {
            thread.join(GOOD_BYE_WITHIN.multipliedBy(2));
        }
        thread.interrupt();
    }

    private void run() {
        try {
            while (stopped.getCount() > 0) {
                try (MqttConnection connection = connect()) {
                    talk(connection);
                } catch (IOException failed) {
                    outage.because(
                            failed.getMessage()
                                    + "; samples wait in the spool, nothing else waits");
                    boolean _ = stopped.await(retry.toMillis(), TimeUnit.MILLISECONDS);
                    retry = min(retry.multipliedBy(2), LONGEST_RETRY);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private MqttConnection connect() throws IOException, InterruptedException {
        return MqttConnection.open(
                broker,
                false,
                Optional.of(new MqttConnection.Will(topics.agent(), presence("offline"))),
                new MqttConnection.Listener() {
                    @Override
                    public void arrived(MqttConnection.Arrived message) {
                        message.acknowledge();
                    }

                    @Override
                    public void lost(String reason) {
                        // The publisher sees it the next time it looks, and says so.
                        lostBecause = reason;
                    }
                });
    }

    static String presence(String state) {
        return "{\"agent\":\"" + state + "\"}";
    }

    private void talk(MqttConnection connection) throws IOException, InterruptedException {
        var talk = new Talk(connection);
        try {
            talk.run();
        } catch (RuntimeException bug) {
            connection.abandon();
            throw bug;
        } catch (IOException failed) {
            boolean wasOver = connection.isOver();
            // Without a good-bye: the broker says that the agent is offline, until it is back.
            connection.abandon();
            if (!wasOver) {
                throw failed;
            }
            throw new IOException(
                    "the connection is lost: "
                            + lostBecause
                            + (talk.isHeard.get()
                                    ? ""
                                    : "; nothing was acknowledged: may this user publish?"),
                    failed);
        }
    }

    /** What is said over one connection. */
    private final class Talk {
        private final MqttConnection connection;
        private final AtomicBoolean isHeard = new AtomicBoolean();
        private final AtomicInteger samples = new AtomicInteger();
        private final AtomicInteger standings = new AtomicInteger();
        private volatile long progressNanos = System.nanoTime();

        private Talk(MqttConnection connection) {
            this.connection = connection;
        }

        /** Sends what there is, until the connection is over or nothing more shall be sent. */
        private void run() throws IOException, InterruptedException {
            tell(topics.agent(), presence("online"));
            standing.again();
            BlockingQueue<Spool.Outgoing> outbox = spool.connected();
            boolean isSaid = false;
            while (stopped.getCount() > 0) {
                check();
                if (isHeard.get() && !isSaid) {
                    // A broker may take a connection and still not a word over it.
                    isSaid = true;
                    outage.isOver(spool.waiting() + " samples wait");
                    retry = FIRST_RETRY;
                }
                tell(standing.take(MOST_STANDING - standings.get()));
                Optional<Spool.Outgoing> next =
                        Optional.ofNullable(
                                outbox.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
                if (next.isPresent()) {
                    send(next.get());
                }
            }
            tell(standing.take(MOST_STANDING));
            connection.publishAndWait(topics.agent(), presence("offline"), GOOD_BYE_WITHIN);
        }

        private void check() throws IOException {
            if (connection.isOver()) {
                throw new IOException("the connection is over");
            }
            if (samples.get() + standings.get() == 0) {
                progressNanos = System.nanoTime();
            } else if (System.nanoTime() - progressNanos > ACKNOWLEDGED_WITHIN.toNanos()) {
                throw new IOException(
                        "nothing was acknowledged for " + ACKNOWLEDGED_WITHIN.toSeconds() + " s");
            }
        }

        private void tell(List<Standing.Message> messages) throws IOException {
            for (Standing.Message message : messages) {
                tell(message.topic(), message.json());
            }
        }

        private void tell(String topic, String json) throws IOException {
            standings.incrementAndGet();
            connection.publish(
                    topic,
                    json,
                    true,
                    () -> {
                        isHeard.set(true);
                        progressNanos = System.nanoTime();
                        standings.decrementAndGet();
                    });
        }

        private void send(Spool.Outgoing next) throws IOException {
            samples.incrementAndGet();
            connection.publish(
                    topics.sample(next.parcel().series().device()),
                    next.parcel().lines(),
                    false,
                    () -> {
                        progressNanos = System.nanoTime();
                        samples.decrementAndGet();
                        spool.acknowledged(next.number());
                    });
        }
    }
}
