package dev.bulkhead.agent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.bulkhead.agent.bridge.StoreClient.Result;
import dev.bulkhead.agent.peer.Certificates;
import dev.bulkhead.agent.peer.Secret;
import dev.bulkhead.agent.peer.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a store answers decides whether a line is tried again, put aside for good, or whether the
 * bridge waits. Taking one for the other loses lines or blocks all others behind one.
 */
@Timeout(120)
class StoreClientTest {
    private static final List<String> LINES =
            List.of("room,room=A1 hydrogen=0.4 1764108007123456789", "poll sequence=7i 1");

    /** Long for a loopback, short for a test that waits for it to pass. */
    private static final Duration ANSWER = Duration.ofMillis(800);

    @TempDir private Path folder;
    private final FakeStore fake;

    StoreClientTest() throws IOException {
        fake = new FakeStore();
    }

    @AfterEach
    void closeStore() {
        fake.close();
    }

    private static Store store(
            Store.Kind kind,
            String url,
            Optional<Secret> token,
            Optional<String> user,
            Optional<Secret> password,
            Optional<Trust> trust) {
        return new Store(
                kind, url, "telemetry", Optional.of("ops"), token, user, password, trust, ANSWER);
    }

    private Store store(int port) {
        return store(
                Store.Kind.INFLUXDB2,
                "http://127.0.0.1:" + port,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private Result write() {
        return write(store(fake.port()));
    }

    private static Result write(Store store) {
        try (var client = new StoreClient(store)) {
            return client.write(LINES);
        }
    }

    private Secret secret(String name, String text) throws IOException {
        return new Secret(Files.writeString(folder.resolve(name), text));
    }

    private static String reason(Result result) {
        return switch (result) {
            case Result.Stored _ -> "";
            case Result.Refused(String reason) -> reason;
            case Result.Away(String reason, Optional<Duration> _, boolean _) -> reason;
        };
    }

    private static void hasOneLineThatSays(String expected, Result result) {
        assertTrue(reason(result).contains(expected), () -> expected + "\nnot in\n" + result);
        assertFalse(reason(result).contains("\n"), result::toString);
    }

    @Test
    void linesGoOutAsTheyAreToTheBucketOfTheOrg() {
        assertEquals(new Result.Stored(), write());
        FakeStore.Asked asked = fake.asked().getFirst();
        assertEquals(String.join("\n", LINES), asked.body());
        assertTrue(asked.target().startsWith("/api/v2/write?"), asked.target());
        for (String parameter : List.of("bucket=telemetry", "org=ops", "precision=ns")) {
            assertTrue(asked.target().contains(parameter), asked.target());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void aRefusedLineIsRefusedWithTheStoresOwnWords(int status) {
        fake.answers(
                status,
                "{\"code\":\"invalid\",\"message\":\"partial write: field type conflict: input field"
                        + " \\\"hydrogen\\\" is type float,\\n already exists as type integer dropped=1\"}",
                Map.of());
        Result result = write();
        assertInstanceOf(Result.Refused.class, result);
        hasOneLineThatSays(
                status
                        + " partial write: field type conflict: input field \"hydrogen\" is type"
                        + " float, already exists as type integer dropped=1",
                result);
    }

    /** A proxy's kind page must not pass for a store: what it "takes" is gone. */
    @ParameterizedTest
    @ValueSource(ints = {200, 202, 302})
    void onlyWhatAStoreAnswersIsStored(int status) {
        fake.answers(status, "<html>log in</html>", Map.of("Location", "/login"));
        Result result = write();
        assertInstanceOf(Result.Away.class, result);
        hasOneLineThatSays(status + " is no answer of a store", result);
        assertEquals(1, fake.asked().size(), "it followed nobody");
    }

    /** A store that breaks over a line is not away for the others. */
    @Test
    void onlyAFailureOfTheStoresOwnMayBeOfTheLines() {
        fake.answers(500, "null", Map.of());
        fake.answers(503, "", Map.of());
        assertTrue(assertInstanceOf(Result.Away.class, write()).mayBeOfLines());
        assertFalse(assertInstanceOf(Result.Away.class, write()).mayBeOfLines());
    }

    /** As InfluxDB 1 says it. */
    @Test
    void aRefusalInTheFormOfTheFirstVersionIsReadToo() {
        fake.answers(400, "{\"error\":\"unable to parse 'x': missing fields\"}", Map.of());
        Result result = write();
        assertInstanceOf(Result.Refused.class, result);
        hasOneLineThatSays("400 unable to parse 'x': missing fields", result);
    }

    @Test
    void aRefusalWithoutAWordSaysAtLeastItsNumber() {
        fake.answers(400, "", Map.of());
        Result result = write();
        assertInstanceOf(Result.Refused.class, result);
        hasOneLineThatSays("400 ", result);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aWrongTokenIsNoFaultOfTheLines(int status) {
        fake.answers(
                status,
                "{\"code\":\"unauthorized\",\"message\":\"unauthorized access\"}",
                Map.of());
        Result result = write();
        assertInstanceOf(Result.Away.class, result);
        hasOneLineThatSays(status + " the token or user is refused: unauthorized access", result);
    }

    @Test
    void aBucketThatIsMissingIsNoFaultOfTheLines() {
        fake.answers(
                404,
                "{\"code\":\"not found\",\"message\":\"bucket \\\"telemetry\\\" not found\"}",
                Map.of());
        Result result = write();
        assertInstanceOf(Result.Away.class, result);
        hasOneLineThatSays(
                "404 there is no bucket 'telemetry': bucket \"telemetry\" not found", result);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void aStoreThatHasTooMuchSaysHowLongItWantsToBeLeftAlone(int status) {
        fake.answers(
                status,
                "{\"code\":\"unavailable\",\"message\":\"too many writes\"}",
                Map.of("Retry-After", "7"));
        Result result = write();
        assertEquals(
                Optional.of(Duration.ofSeconds(7)),
                assertInstanceOf(Result.Away.class, result).retryAfter());
        hasOneLineThatSays(status + " too many writes", result);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT", "9999999999999"})
    void aWaitThatIsNoNumberOfSecondsIsNone(String header) {
        fake.answers(503, "{}", Map.of("Retry-After", header));
        assertEquals(Optional.empty(), assertInstanceOf(Result.Away.class, write()).retryAfter());
        assertEquals(1, fake.asked().size(), "asked again by itself");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 504, 302})
    void whatIsWrongWithTheStoreIsNoFaultOfTheLines(int status) {
        fake.answers(status, "<html><body>\n<h1>Bad Gateway</h1>\n</body></html>", Map.of());
        Result result = write();
        assertInstanceOf(Result.Away.class, result);
        hasOneLineThatSays(status + " ", result);
    }

    /** Its lines may be stored or not; what is sent again is the same point. */
    @Test
    void aStoreThatNeverAnswersIsAwayWhenItsTimeIsOver() {
        fake.mute();
        Result result = write();
        assertInstanceOf(Result.Away.class, result);
        hasOneLineThatSays("no answer in time", result);
    }

    @Test
    void aStoreThatIsNotThereIsAway() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Result result = write(store(port));
        assertInstanceOf(Result.Away.class, result);
        hasOneLineThatSays("nobody listens there (connection refused)", result);
    }

    @Test
    void theFirstVersionIsWrittenToByItsOwnPathAndUser() throws IOException {
        Store store =
                store(
                        Store.Kind.INFLUXDB1,
                        "http://127.0.0.1:" + fake.port(),
                        Optional.empty(),
                        Optional.of("bulkhead"),
                        Optional.of(secret("password", "päss:word\n")),
                        Optional.empty());
        assertEquals(new Result.Stored(), write(store));
        FakeStore.Asked asked = fake.asked().getFirst();
        assertEquals("/write?db=telemetry&precision=ns", asked.target());
        assertEquals(String.join("\n", LINES), asked.body());
        assertTrue(asked.authorization().startsWith("Basic "), asked.authorization());
        byte[] credentials = Base64.getDecoder().decode(asked.authorization().substring(6));
        assertEquals("bulkhead:päss:word", new String(credentials, StandardCharsets.ISO_8859_1));
    }

    @Test
    void theFirstVersionBehindAPathKeepsIt() {
        Store store =
                store(
                        Store.Kind.INFLUXDB1,
                        "http://127.0.0.1:" + fake.port() + "/influx",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        assertEquals(new Result.Stored(), write(store));
        assertEquals("/influx/write?db=telemetry&precision=ns", fake.asked().getFirst().target());
        assertEquals("", fake.asked().getFirst().authorization());
    }

    /** Else a token that expired at night means a restart by hand at night. */
    @Test
    void aTokenThatIsMendedCountsAtTheNextWrite() throws IOException {
        fake.wants("right");
        Store store =
                store(
                        Store.Kind.INFLUXDB2,
                        "http://127.0.0.1:" + fake.port(),
                        Optional.of(secret("token", "wrong\n")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        try (var client = new StoreClient(store)) {
            assertInstanceOf(Result.Away.class, client.write(LINES));
            secret("token", "right\n");
            assertEquals(new Result.Stored(), client.write(LINES));
        }
    }

    @Test
    void aTokenFileThatIsGoneMeansAwayUntilItIsThereAgain() throws IOException {
        Secret token = secret("token", "right");
        Files.delete(token.file());
        Store store =
                store(
                        Store.Kind.INFLUXDB2,
                        "http://127.0.0.1:" + fake.port(),
                        Optional.of(token),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        try (var client = new StoreClient(store)) {
            Result result = client.write(LINES);
            assertInstanceOf(Result.Away.class, result);
            hasOneLineThatSays("the secret in " + token.file() + " can't be read", result);
            secret("token", "right");
            assertEquals(new Result.Stored(), client.write(LINES));
        }
    }

    /** The HTTP client throws at once where a header has such a letter. */
    @Test
    void aMistakeOfTheLibrariesIsAwayAndEndsNothing() throws IOException {
        Store store =
                store(
                        Store.Kind.INFLUXDB2,
                        "http://127.0.0.1:" + fake.port(),
                        Optional.of(secret("token", "tökén")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        Result result = write(store);
        assertInstanceOf(Result.Away.class, result);
        hasOneLineThatSays("Unexpected char", result);
    }

    @Test
    void aStoreIsBelievedOnlyWithACertificateThatIsTrusted() throws Exception {
        var localhost = Certificates.made(folder, "localhost", "dns:localhost");
        var other = Certificates.made(folder, "other", "dns:localhost");
        HttpsServer https = HttpsServer.create();
        https.setHttpsConfigurator(new HttpsConfigurator(localhost.server()));
        try (var tls = new FakeStore(https)) {
            String url = "https://localhost:" + tls.port();
            assertEquals(new Result.Stored(), write(tls(url, localhost.trust())));

            Result stranger = write(tls(url, other.trust()));
            assertInstanceOf(Result.Away.class, stranger);
            assertEquals(
                    "its certificate is vouched for by nobody that is trusted; see 'trust'",
                    reason(stranger));

            Result renamed = write(tls("https://127.0.0.1:" + tls.port(), localhost.trust()));
            assertInstanceOf(Result.Away.class, renamed);
            hasOneLineThatSays("127.0.0.1", renamed);
            assertTrue(reason(renamed).length() < 200, () -> reason(renamed));
        }
    }

    private static Store tls(String url, Path trust) {
        return store(
                Store.Kind.INFLUXDB2,
                url,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Trust(trust)));
    }
}
