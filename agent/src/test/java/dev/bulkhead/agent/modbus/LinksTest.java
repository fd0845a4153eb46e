package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.modbus.LoopbackUnits.Manner;
import dev.bulkhead.agent.peer.Certificates;
import dev.bulkhead.agent.peer.Certificates.Made;
import dev.bulkhead.agent.peer.Reasons;
import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of link that goes over a network, on real sockets. */
@Timeout(60)
final class LinksTest {
    private static final LinkTimings TIMINGS =
            new LinkTimings(
                    Duration.ofMillis(100),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(20),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(2));

    @TempDir private static Path folder;
    private static Made device;
    private static Made agent;
    private static Made stranger;

    private final BlockingQueue<Reading> readings = new LinkedBlockingQueue<>();
    private final BlockingQueue<LinkNews> news = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final AgentTime time = AgentTime.system();

    @BeforeAll
    static void makeCertificates() throws Exception {
        device = Certificates.made(folder, "device", "dns:localhost,ip:127.0.0.1");
        agent = Certificates.made(folder, "agent", "dns:agent", "Operator");
        stranger = Certificates.made(folder, "stranger", "dns:localhost");
    }

    private LinkDriver drive(Link link, Courtesy courtesy) {
        var gateway = new Gateway(Bench.GATEWAY, link, courtesy);
        return LinkDriver.start(
                new Bench(gateway).session(TIMINGS.forGateway(gateway), time.now()),
                gateway,
                time,
                findings);
    }

    private final LinkDriver.Findings findings =
            new LinkDriver.Findings() {
                @Override
                public void sampled(Sample sample) {
                    silenced(sample.observations());
                }

                @Override
                public void silenced(List<Observation> observations) {
                    observations.forEach(each -> readings.add(each.reading()));
                }

                @Override
                public void news(LinkNews edge) {
                    news.add(edge);
                }
            };

    private static <T> T await(BlockingQueue<T> queue, Predicate<T> wanted)
            throws InterruptedException {
        while (true) {
            T next = queue.poll(30, TimeUnit.SECONDS);
            assertTrue(next != null, "nothing came for 30 s");
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    private static Link link(Dialect dialect, int port) {
        return switch (dialect) {
            case MBAP -> new Link.Tcp("127.0.0.1", port);
            case RTU -> new Link.RtuOverTcp("127.0.0.1", port);
            case ASCII -> new Link.AsciiOverTcp("127.0.0.1", port);
        };
    }

    private void submitWrite(LinkDriver link) {
        link.submit(
                new Exchange.WriteCoil(
                        Bench.PANEL, 0, Bench.breaker(1), Leaves.leave("Q1", time.now())),
                answers::add);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void readingsComeAndAnActIsAnsweredInEveryFraming(Dialect dialect) throws InterruptedException {
        try (var units =
                        new LoopbackUnits(
                                LoopbackUnits.listening(0), dialect, (_, _) -> Manner.ANSWER);
                LinkDriver link = drive(link(dialect, units.port()), Courtesy.NONE)) {
            await(readings, Reading.Measured.class::isInstance);
            submitWrite(link);
            assertInstanceOf(Answer.Written.class, await(answers, _ -> true));
            assertEquals(1, units.accepted());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Dialect.class,
            names = {"RTU", "ASCII"})
    void aDeadUnitOnASharedLineLeavesItsNeighboursTheirReadings(Dialect dialect)
            throws InterruptedException {
        try (var units =
                        new LoopbackUnits(
                                LoopbackUnits.listening(0),
                                dialect,
                                (_, r) ->
                                        r.at(6) == Bench.LOOPS
                                                ? Manner.SAY_NOTHING
                                                : Manner.ANSWER);
                LinkDriver _ = drive(link(dialect, units.port()), Courtesy.NONE)) {
            await(news, LinkNews.DeviceLost.class::isInstance);
            readings.clear();
            await(readings, Reading.Measured.class::isInstance);
            assertTrue(units.accepted() > 1, "the connection was not given up");
            assertTrue(units.open() <= 1, units.open() + " open");
        }
    }

    @Test
    void aCardThatLetsInOneClientIsLeftBetweenPolls() throws InterruptedException {
        var courtesy = new Courtesy(true, Duration.ofMillis(5), Duration.ofMillis(2));
        try (var units = new LoopbackUnits(0, (_, _) -> Manner.ANSWER);
                LinkDriver link = drive(link(Dialect.MBAP, units.port()), courtesy)) {
            await(readings, _ -> units.accepted() > 3);
            submitWrite(link);
            assertInstanceOf(Answer.Written.class, await(answers, _ -> true));
            assertTrue(units.open() <= 1, units.open() + " open");
            assertEquals(List.of(), List.copyOf(news));
        }
    }

    /** Units behind TLS that let in whom their trust vouches for. */
    private static LoopbackUnits secured(Optional<Path> trusted) throws Exception {
        SSLContext context = device.server(trusted);
        ServerSocket server =
                context.getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ((SSLServerSocket) server).setNeedClientAuth(trusted.isPresent());
        return new LoopbackUnits(server, Dialect.MBAP, (_, _) -> Manner.ANSWER);
    }

    private static Link tls(LoopbackUnits units, String name, Path trust, Optional<Made> own) {
        return new Link.Tls(
                "127.0.0.1",
                units.port(),
                name,
                trust.toString(),
                own.map(
                        it ->
                                new Link.Tls.Own(
                                        it.trust().toString(),
                                        it.key().toString(),
                                        Optional.empty())));
    }

    @Test
    void overTlsBothSidesProveWhoTheyAreAndReadingsCome() throws Exception {
        try (var units = secured(Optional.of(agent.trust()));
                LinkDriver link =
                        drive(
                                tls(units, "localhost", device.trust(), Optional.of(agent)),
                                Courtesy.NONE)) {
            await(readings, Reading.Measured.class::isInstance);
            submitWrite(link);
            assertInstanceOf(Answer.Written.class, await(answers, _ -> true));
        }
    }

    private void isLostBecause(Link link, Predicate<String> said) throws InterruptedException {
        isLostBecause(link, Courtesy.NONE, said);
    }

    private void isLostBecause(Link link, Courtesy courtesy, Predicate<String> said)
            throws InterruptedException {
        try (LinkDriver driver = drive(link, courtesy)) {
            var lost =
                    assertInstanceOf(
                            LinkNews.LinkLost.class,
                            await(news, LinkNews.LinkLost.class::isInstance));
            assertTrue(said.test(lost.reason()), lost.reason());
            assertEquals(1, lost.reason().lines().count(), lost.reason());
            submitWrite(driver);
            assertInstanceOf(Answer.NotSent.class, await(answers, _ -> true));
        }
        assertTrue(readings.stream().noneMatch(Reading.Measured.class::isInstance));
        assertTrue(news.stream().noneMatch(LinkNews.LinkLost.class::isInstance), "said twice");
    }

    @Test
    void aDeviceNobodyTrustedVouchesForIsNotBelieved() throws Exception {
        try (var units = secured(Optional.empty())) {
            isLostBecause(
                    tls(units, "localhost", stranger.trust(), Optional.empty()),
                    "its certificate is vouched for by nobody that is trusted; see 'trust'"
                            ::equals);
        }
    }

    @Test
    void aDeviceOfAnotherNameIsNotBelieved() throws Exception {
        try (var units = secured(Optional.empty())) {
            isLostBecause(
                    tls(units, "ups-a1.example", device.trust(), Optional.empty()),
                    reason -> reason.contains("ups-a1.example"));
        }
    }

    @Test
    void aDeviceThatWantsToKnowWhoAsksRefusesWhoDoesNotSay() throws Exception {
        // So long that a refusal arrives before a request is sent into it.
        var courtesy = new Courtesy(false, Duration.ofSeconds(1), Duration.ZERO);
        try (var units = secured(Optional.of(agent.trust()))) {
            isLostBecause(
                    tls(units, "localhost", device.trust(), Optional.empty()),
                    courtesy,
                    reason -> reason.startsWith("TLS failed: ") && reason.contains("certificate"));
            isLostBecause(
                    tls(units, "localhost", device.trust(), Optional.of(stranger)),
                    courtesy,
                    reason -> reason.startsWith("TLS failed: "));
        }
    }

    @Test
    void aPeerThatSpeaksNoTlsIsNoLink() throws Exception {
        try (var units = new LoopbackUnits(0, (_, _) -> Manner.ANSWER)) {
            isLostBecause(
                    tls(units, "localhost", device.trust(), Optional.empty()),
                    reason -> !reason.isBlank());
        }
    }

    @Test
    void theRoleInTheOwnCertificateIsHeldAgainstWhatTheSiteSays() throws Exception {
        credentials(agent.trust(), agent.key(), "Operator").read();

        assertEquals(
                "the certificate in "
                        + agent.trust()
                        + " has the role 'Operator'; expected the"
                        + " role 'Engineer'",
                objection(credentials(agent.trust(), agent.key(), "Engineer")));
        assertEquals(
                "the certificate in "
                        + stranger.trust()
                        + " has no role; expected the role"
                        + " 'Operator'",
                objection(credentials(stranger.trust(), stranger.key(), "Operator")));
    }

    @Test
    void filesThatAreNoCertificateAndItsKeyAreSaidToBeSo() throws IOException {
        assertEquals(
                stranger.key() + " is not the key of " + agent.trust(),
                objection(credentials(agent.trust(), stranger.key(), "Operator")));
        Path old = Files.writeString(folder.resolve("old.key"), OLD_KEY);
        assertTrue(
                objection(credentials(agent.trust(), old, "Operator")).contains("openssl pkcs8"));
        Path none = Files.writeString(folder.resolve("none.pem"), "nothing");
        assertTrue(objection(credentials(agent.trust(), none, "Operator")).contains("no key"));
        assertTrue(
                objection(credentials(folder.resolve("away.pem"), none, "Operator"))
                        .contains("there is no such file"));
    }

    /** As {@code openssl ec -aes128} writes one. */
    @Test
    void aFileThatHoldsSomethingElseIsSaidToHoldIt() throws IOException {
        Path locked =
                Files.writeString(
                        folder.resolve("locked.key"),
                        OLD_KEY.replaceFirst(
                                "\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,8F\n\n"));
        assertEquals(
                locked
                        + " holds 'EC PRIVATE KEY'; a plain 'PRIVATE KEY' was expected, as written"
                        + " by openssl pkcs8 -topk8 -nocrypt",
                objection(credentials(agent.trust(), locked, "Operator")));
        assertEquals(
                agent.key() + " holds 'PRIVATE KEY'; a 'CERTIFICATE' was expected",
                objection(credentials(agent.key(), agent.key(), "Operator")));
    }

    private static final String OLD_KEY =
            "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n";

    private static Credentials credentials(Path certificate, Path key, String role) {
        return Credentials.of(
                new Link.Tls(
                        "h",
                        802,
                        "h",
                        device.trust().toString(),
                        Optional.of(
                                new Link.Tls.Own(
                                        certificate.toString(),
                                        key.toString(),
                                        Optional.of(role)))));
    }

    private static String objection(Credentials wrong) {
        return Reasons.of(assertThrows(IOException.class, wrong::read));
    }
}
