package dev.bulkhead.agent.peer;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * One connection to a broker, from its making to its end; a new one is a new object. So whatever is
 * acknowledged is acknowledged on the connection it came by: message numbers begin anew on each,
 * and one of yesterday's would stand for another message today. Paho's own reconnecting, buffering
 * and persistence are not used.
 */
public final class MqttConnection implements AutoCloseable {
    /** At least once: what waits at either end is kept until it is acknowledged. */
    private static final int QOS = 1;

    private static final String TLS = "ssl:";

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final Duration KNOCK = Duration.ofMillis(300);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final Duration GOOD_BYE_WITHIN = Duration.ofSeconds(1);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);

    /** More than anybody here lets be under way. */
    private static final int MOST_IN_FLIGHT = 10_000;

    /** Hears of a connection, on a thread of the client's. */
    public interface Listener {
        /**
         * A message came; it is this listener's to acknowledge. May block, and then no more come.
         */
        void arrived(Arrived message) throws InterruptedException;

        /** It is over, and not because {@link #close} was called. */
        void lost(String reason);
    }

    /** What is left behind at the broker if the connection ends without a good-bye. */
    public record Will(String topic, String payload) {}

    /** A message, and the connection it came by. */
    public record Arrived(MqttConnection by, int id, int qos, String topic, Payload payload) {
        /**
         * The broker need not keep it any longer. On a connection that has ended this does nothing,
         * and the broker sends it again.
         */
        public void acknowledge() {
            // What was sent without asking for an acknowledgement has number 0; Paho would give it
            // the number of another message.
            if (qos > 0) {
                by.acknowledge(id);
            }
        }
    }

    /** Some bytes. */
    public static final class Payload {
        private final byte[] bytes;

        private Payload(byte[] bytes) {
            this.bytes = bytes;
        }

        public static Payload of(String text) {
            return new Payload(text.getBytes(StandardCharsets.UTF_8));
        }

        /** As UTF-8; what isn't, becomes replacement characters. */
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        public int size() {
            return bytes.length;
        }
    }

    private final MqttAsyncClient client;
    private final Listener listener;
    private volatile boolean isOver;

    private MqttConnection(MqttAsyncClient client, Listener listener) {
        this.client = client;
        this.listener = listener;
    }

    /**
     * Connects.
     *
     * @param keepsSession the broker keeps what waits for this client id while it is away
     * @throws IOException if there is no connection, in words for people
     */
    public static MqttConnection open(
            Broker broker, boolean keepsSession, Optional<Will> will, Listener listener)
            throws IOException, InterruptedException {
        MqttConnection connection = null;
        try {
            MqttConnectOptions options = options(broker, keepsSession, will);
            knock(URI.create(broker.url()));
            // TLS too is a matter of the sockets given to it: its own can't be closed on a server
            // that reads no more.
            String url = broker.url().replaceFirst("^" + TLS, "tcp:");
            var client = new MqttAsyncClient(url, broker.clientId(), new MemoryPersistence());
            client.setManualAcks(true);
            connection = new MqttConnection(client, listener);
            client.setCallback(connection.new Callback());
            client.connect(options).waitForCompletion(CONNECT_WITHIN.plusSeconds(1).toMillis());
            return connection;
        } catch (MqttException | IOException | RuntimeException refused) {
            // Paho's own mistakes too: whoever only tells must not end whoever watches.
            if (connection != null) {
                connection.close();
            }
            throw new IOException(Reasons.of(refused), refused);
        }
    }

    /**
     * Whether the other side keeps a connection it has taken. A broker says nothing before it is
     * spoken to; a proxy without its broker hangs up at once, and for each such connection Paho
     * 1.2.5 would leave a thread behind for ever.
     */
    private static void knock(URI at) throws IOException {
        if (at.getHost() == null) {
            throw new IOException("'" + at + "' has no host name that a URI may have");
        }
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(at.getHost(), at.getPort()),
                    (int) CONNECT_WITHIN.toMillis());
            socket.setSoTimeout((int) KNOCK.toMillis());
            if (socket.getInputStream().read() < 0) {
                throw new EOFException();
            }
        } catch (SocketTimeoutException silent) {
            // As it should be, unless there was no connection.
            if (!String.valueOf(silent.getMessage()).contains("Read timed out")) {
                throw silent;
            }
        }
    }

    private static MqttConnectOptions options(
            Broker broker, boolean keepsSession, Optional<Will> will) throws IOException {
        var options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setCleanSession(!keepsSession);
        options.setAutomaticReconnect(false);
        options.setConnectionTimeout((int) CONNECT_WITHIN.toSeconds());
        options.setKeepAliveInterval((int) KEEP_ALIVE.toSeconds());
        options.setMaxInflight(MOST_IN_FLIGHT);
        broker.user().ifPresent(options::setUserName);
        if (broker.password().isPresent()) {
            options.setPassword(broker.password().get().read().toCharArray());
        }
        if (broker.url().startsWith(TLS)) {
            options.setSocketFactory(TlsSocket.factory(context(broker.trust())));
        }
        will.ifPresent(
                last ->
                        options.setWill(
                                last.topic(),
                                last.payload().getBytes(StandardCharsets.UTF_8),
                                QOS,
                                true));
        return options;
    }

    private static SSLContext context(Optional<Trust> trust) throws IOException {
        if (trust.isPresent()) {
            return trust.get().read().context();
        }
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException broken) {
            throw new IOException("Java's own trusted certificates can't be read", broken);
        }
    }

    public boolean isOver() {
        return isOver;
    }

    /**
     * Subscribes, and returns when the broker has agreed.
     *
     * @throws IOException if it doesn't
     */
    public void subscribe(String filter) throws IOException {
        try {
            IMqttToken answer = client.subscribe(filter, QOS);
            answer.waitForCompletion(ANSWER_WITHIN.toMillis());
            if (answer.getGrantedQos()[0] != QOS) {
                throw new IOException("the broker does not grant " + filter + " to this user");
            }
        } catch (MqttException | RuntimeException refused) {
            throw new IOException(Reasons.of(refused), refused);
        }
    }

    /**
     * Publishes, and returns at once.
     *
     * @param acknowledged runs on a thread of the client's when the broker has it; never if it
     *     doesn't come to that
     * @throws IOException if it can't go out: the connection is over
     */
    public void publish(String topic, String payload, boolean isRetained, Runnable acknowledged)
            throws IOException {
        try {
            client.publish(
                    topic,
                    payload.getBytes(StandardCharsets.UTF_8),
                    QOS,
                    isRetained,
                    null,
                    new IMqttActionListener() {
                        @Override
                        public void onSuccess(IMqttToken token) {
                            acknowledged.run();
                        }

                        @Override
                        public void onFailure(IMqttToken token, Throwable lost) {
                            // Whoever published is told by lost(), and publishes again elsewhere.
                        }
                    });
        } catch (MqttException | RuntimeException refused) {
            throw new IOException(Reasons.of(refused), refused);
        }
    }

    /** Publishes a retained message and waits for its acknowledgement, at most so long. */
    public void publishAndWait(String topic, String payload, Duration limit) throws IOException {
        try {
            client.publish(topic, payload.getBytes(StandardCharsets.UTF_8), QOS, true)
                    .waitForCompletion(limit.toMillis());
        } catch (MqttException | RuntimeException refused) {
            throw new IOException(Reasons.of(refused), refused);
        }
    }

    private void acknowledge(int id) {
        try {
            client.messageArrivedComplete(id, QOS);
        } catch (MqttException _) {
            // The connection is over; the broker sends it again.
        }
    }

    /** Says good-bye if it still can, so that no will is carried out, and lets go of everything. */
    @Override
    public void close() {
        end(true);
    }

    /** Lets go of everything without a good-bye: the broker carries out the will. */
    public void abandon() {
        end(false);
    }

    private void end(boolean isGoodBye) {
        isOver = true;
        try {
            client.disconnectForcibly(0, GOOD_BYE_WITHIN.toMillis(), isGoodBye);
        } catch (MqttException _) {
            // There was no connection any more.
        }
        try {
            client.close(true);
        } catch (MqttException _) {
            // Its threads have ended; that is all that matters.
        }
    }

    private final class Callback implements MqttCallback {
        @Override
        public void connectionLost(Throwable cause) {
            boolean wasOver = isOver;
            isOver = true;
            if (!wasOver) {
                listener.lost(cause == null ? "closed" : Reasons.of(cause));
            }
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) throws InterruptedException {
            listener.arrived(
                    new Arrived(
                            MqttConnection.this,
                            message.getId(),
                            message.getQos(),
                            topic,
                            new Payload(message.getPayload())));
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {
            // Each publication has its own listener.
        }
    }
}
