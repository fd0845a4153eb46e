package dev.bulkhead.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.bridge.BridgeSettings;
import dev.bulkhead.agent.bridge.Store;
import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.agent.peer.Secret;
import dev.bulkhead.agent.peer.Trust;
import dev.bulkhead.rules.site.Document.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BridgeFileTest {
    private static final String BROKER = "broker: {url: \"tcp://broker:1883\"}\n";
    private static final String LEAST =
            BROKER
                    + "store: {kind: influxdb2, url: \"http://store:8086\", bucket: telemetry, org:"
                    + " ops}\n";

    @TempDir private Path folder;

    @BeforeEach
    void writeSecrets() throws IOException {
        for (String name : List.of("token", "password", "ca.pem")) {
            Files.writeString(folder.resolve(name), "secret");
        }
    }

    private Parsed<BridgeSettings> load(String text) throws IOException {
        return BridgeFile.load(Files.writeString(folder.resolve("bridge.yaml"), text));
    }

    /** The problems without the folder they are in. */
    private List<String> problems(String text) throws IOException {
        return load(text).lines().stream().map(line -> line.replace(folder + "/", "")).toList();
    }

    @Test
    void whoWritesTheLeastGetsABridgeThatTakesEverySitesSamples() throws IOException {
        BridgeSettings settings = load(LEAST).orElseThrow();
        assertEquals(
                new Broker(
                        "tcp://broker:1883",
                        "bulkhead-bridge",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                settings.broker());
        assertEquals("bulkhead/+/sample/+", settings.topic());
        assertEquals(Optional.empty(), settings.share());
        assertEquals(folder.resolve("dead-letter.jsonl"), settings.deadLetter());
        assertEquals(64 << 20, settings.deadLetterBytes());
        assertEquals(5000, settings.batchLines());
        assertEquals(Duration.ofMillis(250), settings.linger());
        assertEquals(
                new Store(
                        Store.Kind.INFLUXDB2,
                        "http://store:8086",
                        "telemetry",
                        Optional.of("ops"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(10)),
                settings.store());
    }

    @Test
    void everyKeyIsTakenAsItIsWritten() throws IOException {
        BridgeSettings settings =
                load("""
                                broker:
                                  url: ssl://broker:8883
                                  clientId: bridge-7
                                  user: bulkhead
                                  password: {file: password}
                                  trust: ca.pem
                                share: bulkhead_2
                                topic: bulkhead/two-rooms/sample/+
                                store:
                                  kind: influxdb3
                                  url: https://store:8181/influx/
                                  bucket: telemetry
                                  token: {file: token}
                                  trust: ca.pem
                                  answer: 3 s
                                deadLetter: {file: refused/lines.jsonl, quota: 2 GiB}
                                batch: {lines: 100, linger: 1 s}
                                """)
                        .orElseThrow();
        var trust = Optional.of(new Trust(folder.resolve("ca.pem")));
        assertEquals(
                new BridgeSettings(
                        new Broker(
                                "ssl://broker:8883",
                                "bridge-7",
                                Optional.of("bulkhead"),
                                Optional.of(new Secret(folder.resolve("password"))),
                                trust),
                        "bulkhead/two-rooms/sample/+",
                        Optional.of("bulkhead_2"),
                        new Store(
                                Store.Kind.INFLUXDB3,
                                "https://store:8181/influx",
                                "telemetry",
                                Optional.empty(),
                                Optional.of(new Secret(folder.resolve("token"))),
                                Optional.empty(),
                                Optional.empty(),
                                trust,
                                Duration.ofSeconds(3)),
                        folder.resolve("refused/lines.jsonl"),
                        2L << 30,
                        100,
                        Duration.ofSeconds(1)),
                settings);
    }

    @Test
    void theFirstVersionHasAUserWithAPassword() throws IOException {
        Store store =
                load(BROKER
                                + """
                                        store:
                                          kind: influxdb1
                                          url: http://store:8086
                                          bucket: telemetry
                                          user: bulkhead
                                          password: {file: password}
                                        """)
                        .orElseThrow()
                        .store();
        assertEquals(Optional.of("bulkhead"), store.user());
        assertEquals(Optional.of(new Secret(folder.resolve("password"))), store.password());
    }

    @Test
    void whatAStoreOfThisKindDoesNotKnowIsSaidAtItsPlace() throws IOException {
        assertEquals(
                List.of(
                        "bridge.yaml:6:10: InfluxDB 1 knows users, not tokens: see user and"
                                + " password"),
                problems(
                        BROKER
                                + """
                                store:
                                  kind: influxdb1
                                  url: http://store:8086
                                  bucket: telemetry
                                  token: {file: token}
                                """));
        assertEquals(
                List.of(
                        "bridge.yaml:3:3: 'org' is missing: InfluxDB 2 wants to know whose bucket"
                                + " it is",
                        "bridge.yaml:6:9: only InfluxDB 1 knows users here: see token"),
                problems(
                        BROKER
                                + """
                                store:
                                  kind: influxdb2
                                  url: http://store:8086
                                  bucket: telemetry
                                  user: bulkhead
                                """));
        assertEquals(
                List.of("bridge.yaml:3:3: only InfluxDB 1 knows users here: see token"),
                problems(
                        BROKER
                                + """
                                store:
                                  kind: questdb
                                  url: http://store:9000
                                  bucket: telemetry
                                  password: {file: password}
                                """));
    }

    /** What the first of the kinds would want is no help to who meant another. */
    @Test
    void aStoreOfNoKnownKindIsOneMistake() throws IOException {
        for (String login : List.of("token: {file: token}", "user: bulkhead")) {
            assertEquals(
                    List.of(
                            "bridge.yaml:2:15: kind is 'influx2'; expected one of influxdb1,"
                                    + " influxdb2, influxdb3, questdb, victoriametrics;"
                                    + " did you mean 'influxdb2'?"),
                    problems(
                            BROKER
                                    + "store: {kind: influx2, url: \"http://store\", bucket: x, "
                                    + login
                                    + "}\n"));
            assertEquals(
                    List.of("bridge.yaml:2:8: 'kind' is missing"),
                    problems(
                            BROKER + "store: {url: \"http://store\", bucket: x, " + login + "}\n"));
        }
    }

    @Test
    void everyMistakeIsSaidAtOnceAtItsPlace() throws IOException {
        assertEquals(
                List.of(
                        "bridge.yaml:2:8: url is 'mqtt://broker'; expected tcp://host:port, or"
                                + " ssl://host:port for TLS; a host's name has letters, digits and '-'",
                        "bridge.yaml:3:20: there is no file passwort",
                        "bridge.yaml:4:10: trust is for a url that begins with ssl://",
                        "bridge.yaml:5:3: unknown key 'clientID'; did you mean 'clientId'?",
                        "bridge.yaml:6:8: share is 'all of us'; expected letters, digits, '-' and"
                                + " '_'",
                        "bridge.yaml:8:9: kind is 'influx'; expected one of influxdb1, influxdb2,"
                                + " influxdb3, questdb, victoriametrics",
                        "bridge.yaml:9:8: url is 'store:8086'; expected http://host:port or"
                                + " https://…",
                        "bridge.yaml:10:10: 'file' is missing",
                        "bridge.yaml:10:11: unknown key 'fiel'; did you mean 'file'?",
                        "bridge.yaml:11:10: trust is for a url that begins with https://",
                        "bridge.yaml:11:10: there is no file other.pem",
                        "bridge.yaml:12:11: answer is 'soon'; a time with its unit was expected,"
                                + " as in 500 ms, 2 s, 90 min",
                        "bridge.yaml:13:21: quota is '64'; a size with its unit was expected, as in"
                                + " 64 MiB",
                        "bridge.yaml:14:16: lines is 0; expected 1 to 100000",
                        "bridge.yaml:14:27: linger is 60000 ms; expected at most 10 s",
                        "bridge.yaml:15:1: unknown key 'topics'; did you mean 'topic'?"),
                problems(
                                """
                        broker:
                          url: mqtt://broker
                          password: {file: passwort}
                          trust: ca.pem
                          clientID: x
                        share: all of us
                        store:
                          kind: influx
                          url: store:8086
                          token: {fiel: token}
                          trust: other.pem
                          answer: soon
                        deadLetter: {quota: 64}
                        batch: {lines: 0, linger: 1 min}
                        topics: bulkhead/#
                        """)
                        .stream()
                        .filter(line -> !line.endsWith("'bucket' is missing"))
                        .toList());
    }

    @Test
    void anEmptyMappingLacksBothServers() throws IOException {
        assertEquals(
                List.of(
                        "bridge.yaml:1:1: 'broker' is missing",
                        "bridge.yaml:1:1: 'store' is missing"),
                problems("{}").stream().sorted().toList());
    }

    @Test
    void aQuotaTooSmallForAnythingIsAProblem() throws IOException {
        assertEquals(
                List.of("bridge.yaml:3:21: quota is 4 KiB; expected at least 1 MiB"),
                problems(LEAST + "deadLetter: {quota: 4 KiB}\n"));
    }

    @Test
    void aFileThatIsMissingIsSaid() {
        Path missing = folder.resolve("missing.yaml");
        assertEquals(
                List.of(missing + ":1:1: can't be read: no such file"),
                BridgeFile.load(missing).lines());
    }

    @Test
    void aFileTellsByItsKeysThatItIsABridges() throws IOException {
        load(LEAST);
        assertTrue(BridgeFile.isOne(folder.resolve("bridge.yaml")));
        assertFalse(AgentFile.isOne(folder.resolve("bridge.yaml")));
        assertFalse(BridgeFile.isOne(Sites.TWO_ROOMS));
    }
}
