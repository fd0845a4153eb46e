package dev.bulkhead.agent.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever reads it at night has to know from one line what to mend. */
@Timeout(120)
class ReasonsTest {
    private static final MqttConnection.Listener DEAF =
            new MqttConnection.Listener() {
                @Override
                public void arrived(MqttConnection.Arrived message) {
                    // Nothing comes.
                }

                @Override
                public void lost(String reason) {
                    // Nothing was there.
                }
            };

    @TempDir private Path folder;

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new UnknownHostException("broker7"), "no such host: broker7"),
                Arguments.of(
                        new MqttException(new UnknownHostException("broker7")),
                        "no such host: broker7"),
                Arguments.of(
                        new MqttException(32103, new ConnectException("Connection refused")),
                        "nobody listens there (connection refused)"),
                Arguments.of(
                        new IllegalStateException(new SocketTimeoutException("timeout")),
                        "no answer in time"),
                Arguments.of(new MqttException(4), "user or password is refused"),
                Arguments.of(new MqttException(5), "user or password is refused"),
                Arguments.of(new MqttException(2), "the client id is refused"),
                Arguments.of(
                        new IOException("it is so", new ConnectException("Connection refused")),
                        "it is so (nobody listens there (connection refused))"),
                Arguments.of(new IOException("closed"), "closed"),
                Arguments.of(new IllegalStateException(), "IllegalStateException"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsSaidInTheWordsOfWhoMendsIt(Throwable failure, String expected) {
        assertEquals(expected, Reasons.of(failure));
    }

    private static int unusedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String whyNoConnection(String url, Optional<Trust> trust) {
        var broker = new Broker(url, "test", Optional.empty(), Optional.empty(), trust);
        var failed =
                assertThrows(
                        IOException.class,
                        () -> MqttConnection.open(broker, false, Optional.empty(), DEAF));
        return String.valueOf(failed.getMessage());
    }

    @Test
    void aBrokerThatIsNotThereIsSaid() throws IOException {
        assertEquals(
                "nobody listens there (connection refused)",
                whyNoConnection("tcp://127.0.0.1:" + unusedPort(), Optional.empty()));
    }

    @Test
    void aBrokerWithACertificateNobodyVouchesForIsSaid() throws Exception {
        Certificates.Made own = Certificates.made(folder, "own", "dns:localhost");
        Certificates.Made other = Certificates.made(folder, "other", "dns:localhost");
        assertEquals(
                "its certificate is vouched for by nobody that is trusted; see 'trust'",
                whyNoConnection(own, other));
    }

    @Test
    void aBrokerWithACertificateOfAnotherNameIsSaid() throws Exception {
        Certificates.Made own = Certificates.made(folder, "own", "dns:broker.example.org");
        String why = whyNoConnection(own, own);
        assertTrue(why.startsWith("its certificate is wrong: "), why);
        assertTrue(why.contains("localhost"), why);
        assertFalse(why.contains("\n"), why);
    }

    /** A proxy whose broker is down takes a connection and hangs up: each must leave nothing. */
    @Test
    void aProxyThatHangsUpAtOnceIsSaidAndLeavesNoThread() throws IOException {
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    while (true) {
                                        listening.accept().close();
                                    }
                                } catch (IOException _) {
                                    // The test is over.
                                }
                            });
            for (int time = 0; time < 3; time++) {
                assertEquals(
                        "the other side closed it",
                        whyNoConnection(
                                "tcp://127.0.0.1:" + listening.getLocalPort(), Optional.empty()));
            }
        }
        assertTrue(
                Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("MQTT Con: test")));
    }

    /** What only tells must not end what watches, whatever a library makes of a name. */
    @Test
    void aHostThatIsNoUriHostIsSaidAndThrowsNothingElse() {
        String why = whyNoConnection("tcp://mqtt_broker:1883", Optional.empty());
        assertTrue(why.contains("mqtt_broker"), why);
    }

    /** A broker as far as the handshake. */
    private static String whyNoConnection(Certificates.Made own, Certificates.Made trusted)
            throws IOException {
        try (var listening =
                (SSLServerSocket)
                        own.server()
                                .getServerSocketFactory()
                                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> shakeHands(listening));
            return whyNoConnection(
                    "ssl://localhost:" + listening.getLocalPort(),
                    Optional.of(new Trust(trusted.trust())));
        }
    }

    private static void shakeHands(SSLServerSocket listening) {
        // Twice: the first connection only asks whether somebody is there.
        for (int time = 0; time < 2; time++) {
            try (Socket socket = listening.accept()) {
                ((SSLSocket) socket).startHandshake();
            } catch (IOException _) {
                // The other side does not believe us; that is what is tested.
            }
        }
    }

    @Test
    void aFileOfTrustThatIsMissingOrEmptyOrNoneIsSaidByItsName() throws IOException {
        Path file = folder.resolve("ca.pem");
        var trust = Optional.of(new Trust(file));
        String url = "ssl://127.0.0.1:" + unusedPort();
        assertEquals(
                "the certificates in " + file + " can't be read (there is no such file)",
                whyNoConnection(url, trust));
        Files.writeString(file, "");
        assertTrue(
                whyNoConnection(url, trust).contains("there is no certificate in " + file),
                () -> whyNoConnection(url, trust));
        Files.writeString(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertTrue(
                whyNoConnection(url, trust).contains("" + file), () -> whyNoConnection(url, trust));
    }
}
