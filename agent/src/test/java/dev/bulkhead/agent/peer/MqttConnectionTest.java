package dev.bulkhead.agent.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.peer.FakeBroker.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class MqttConnectionTest {
    private static final String CLIENT = "a-client";

    /** More than a loopback's buffers hold. */
    private static final int MEBIBYTES = 64;

    /** Acknowledges whatever comes. */
    private static final MqttConnection.Listener GRATEFUL =
            new MqttConnection.Listener() {
                @Override
                public void arrived(MqttConnection.Arrived message) {
                    message.acknowledge();
                }

                @Override
                public void lost(String reason) {}
            };

    @TempDir private static Path folder;
    private static Certificates.Made localhost;

    @BeforeAll
    static void makeCertificates() throws Exception {
        localhost = Certificates.made(folder, "localhost", "dns:localhost");
    }

    private static FakeBroker tlsBroker() throws IOException {
        return new FakeBroker(
                localhost
                        .server()
                        .getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    private static MqttConnection open(String url, Optional<Trust> trust)
            throws IOException, InterruptedException {
        return MqttConnection.open(
                new Broker(url, CLIENT, Optional.empty(), Optional.empty(), trust),
                false,
                Optional.of(new MqttConnection.Will("agent", "offline")),
                GRATEFUL);
    }

    private static MqttConnection open(FakeBroker broker) throws IOException, InterruptedException {
        return open("tcp://localhost:" + broker.port(), Optional.empty());
    }

    private static MqttConnection openTls(FakeBroker broker, String host)
            throws IOException, InterruptedException {
        return open(
                "ssl://" + host + ":" + broker.port(), Optional.of(new Trust(localhost.trust())));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** It has number 0; to acknowledge that would be to acknowledge some other message. */
    @Test
    void aMessageThatAsksForNoAcknowledgementGetsNone() throws IOException, InterruptedException {
        try (var broker = new FakeBroker();
                MqttConnection connection = open(broker)) {
            connection.subscribe("#");
            broker.send(0, "a", "asks for nothing");
            broker.send(1, "a", "asks for one");
            Connection seen = broker.connections().getFirst();
            await(() -> !seen.acknowledged().isEmpty());
            assertEquals(List.of(1), seen.acknowledged());
        }
    }

    /** A display shows an agent as alive until its will is carried out. */
    @Test
    void theWillIsCarriedOutWhenItIsAbandonedAndNotWhenItIsClosed()
            throws IOException, InterruptedException {
        try (var broker = new FakeBroker()) {
            open(broker).close();
            open(broker).abandon();
            await(() -> broker.connections().stream().allMatch(Connection::isOver));
            assertEquals(
                    List.of(Optional.empty(), Optional.of("offline")),
                    broker.connections().stream().map(Connection::carriedOut).toList());
        }
    }

    static Stream<Consumer<MqttConnection>> ends() {
        return Stream.of(MqttConnection::close, MqttConnection::abandon);
    }

    /** Else the agent's publisher stands still for as long as such a broker lives. */
    @ParameterizedTest
    @MethodSource("ends")
    void aBrokerThatReadsNoMoreHoldsUpNoEnd(Consumer<MqttConnection> end)
            throws IOException, InterruptedException {
        try (var broker = tlsBroker()) {
            MqttConnection connection = openTls(broker, "localhost");
            broker.goDeaf();
            for (int each = 0; each < MEBIBYTES; each++) {
                connection.publish("a", "x".repeat(1 << 20), false, () -> {});
            }
            await(MqttConnectionTest::isSenderStuck);
            Thread ending = Thread.ofVirtual().start(() -> end.accept(connection));
            assertTrue(ending.join(Duration.ofSeconds(30)), "it is still closing");
            await(() -> !isSenderStuck());
        }
    }

    private static boolean isSenderStuck() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(one -> one.getKey().getName().equals("MQTT Snd: " + CLIENT))
                .flatMap(one -> Arrays.stream(one.getValue()))
                .anyMatch(
                        frame ->
                                frame.getClassName().equals("sun.nio.ch.NioSocketImpl")
                                        && frame.getMethodName().equals("park"));
    }

    @Test
    void aBrokerIsBelievedOnlyByTheNameItsCertificateIsFor()
            throws IOException, InterruptedException {
        try (var broker = tlsBroker()) {
            openTls(broker, "localhost").close();
            var renamed = assertThrows(IOException.class, () -> openTls(broker, "127.0.0.1"));
            assertTrue(Reasons.of(renamed).contains("127.0.0.1"), () -> Reasons.of(renamed));
            var stranger =
                    assertThrows(
                            IOException.class,
                            () -> open("ssl://localhost:" + broker.port(), Optional.empty()));
            assertTrue(
                    Reasons.of(stranger).contains("vouched for by nobody"),
                    () -> Reasons.of(stranger));
        }
    }
}
