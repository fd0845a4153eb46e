package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.agent.peer.MqttConnection;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.simulator.lab.SmallDisk;
import dev.bulkhead.simulator.plant.Happening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agent, bridge and ledger as commands, by way of brokers and into stores that others wrote and
 * customers run: what is counted must be what these really keep.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class TellingIT {
    /** Some seconds of the facility's twenty polls a second. */
    private static final int ENOUGH = 150;

    @TempDir private Path folder;
    private ServedFacility served;
    private final int brokerPort = freePort();
    private final int storePort = freePort();

    TellingIT() throws IOException {}

    @BeforeEach
    void serve() throws IOException {
        served = ServedFacility.in(folder);
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(int port) throws InterruptedException {
        ServedFacility.await(
                () -> {
                    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return socket.isConnected();
                    } catch (IOException _) {
                        return false;
                    }
                });
    }

    private void mosquitto(String more) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("mosquitto"));
        Files.writeString(
                folder.resolve("mosquitto.conf"),
                """
                user root
                listener %d 127.0.0.1
                persistence true
                persistence_location %s/
                autosave_interval 1
                max_queued_messages 0
                max_inflight_messages 1000
                %s
                """
                        .formatted(brokerPort, folder.resolve("mosquitto"), more));
        served.start("mosquitto.log", List.of("mosquitto", "-c", served.path("mosquitto.conf")));
        awaitPort(brokerPort);
    }

    private String brokerUrl() {
        return "tcp://127.0.0.1:" + brokerPort;
    }

    private String storeUrl() {
        return "http://127.0.0.1:" + storePort;
    }

    private void bridge() throws IOException, InterruptedException {
        served.bulkhead("bridge.log", "bridge", "--config", served.path("bridge.yaml"));
        ServedFacility.await(() -> !served.lines("bridge.log", "subscribed").isEmpty());
    }

    private JsonNode ledger() throws IOException {
        String told =
                ServedFacility.told(
                        "ledger",
                        "--config",
                        served.path("agent.yaml"),
                        "--bridge",
                        served.path("bridge.yaml"),
                        "--whole",
                        "--json");
        assertTrue(told.startsWith("{"), told);
        return new JsonMapper().readTree(told);
    }

    /** Whether the agent's own ledger has so many samples by now. */
    private boolean hasSampled(int most) {
        return ServedFacility.told("ledger", "--config", served.path("agent.yaml"))
                .lines()
                .filter(line -> line.startsWith("sampled"))
                .map(line -> line.replaceAll("\\D*([0-9,]+).*", "$1").replace(",", ""))
                .anyMatch(count -> Long.parseLong(count) >= most);
    }

    private void stopWhenEnough(Process agent) throws InterruptedException {
        ServedFacility.await(() -> hasSampled(ENOUGH));
        agent.destroy();
        assertEquals(0, agent.waitFor(), () -> served.log("agent.log"));
    }

    private static void assertWhole(JsonNode ledger) {
        assertTrue(ledger.get("sampled").asLong() >= ENOUGH, ledger::toString);
        assertEquals(
                ledger.get("sampled").asLong(), ledger.get("stored").asLong(), ledger::toString);
        assertEquals(0, ledger.get("missing").asLong(), ledger::toString);
        assertEquals(0, ledger.get("duplicated").asLong(), ledger::toString);
    }

    /** The broker most sites have, and a store that only looks like InfluxDB. */
    @Test
    @NeedsPeer({"mosquitto", "victoria-metrics"})
    void everySampleComesByMosquittoIntoVictoriaMetrics() throws Exception {
        mosquitto("allow_anonymous true");
        served.start(
                "store.log",
                List.of(
                        "victoria-metrics",
                        "-httpListenAddr=127.0.0.1:" + storePort,
                        "-storageDataPath=" + folder.resolve("victoria"),
                        "-retentionPeriod=100y"));
        awaitPort(storePort);
        served.append("agent.yaml", "telemetry: {broker: {url: \"" + brokerUrl() + "\"}}\n");
        served.append(
                "bridge.yaml",
                """
                broker: {url: "%s"}
                share: test
                store: {kind: victoriametrics, url: "%s", bucket: test}
                """
                        .formatted(brokerUrl(), storeUrl()));
        bridge();

        stopWhenEnough(served.agent("agent.log"));

        assertWhole(ledger());
    }

    private String influx(String method, String query, String... login)
            throws IOException, InterruptedException {
        String path =
                method.equals("write")
                        ? "/write?db=facility&u=bulkhead&p=right"
                        : "/query?"
                                + (login.length > 0 ? login[0] + "&" : "")
                                + "db=facility&q="
                                + URLEncoder.encode(query, StandardCharsets.UTF_8);
        var body =
                method.equals("write")
                        ? HttpRequest.BodyPublishers.ofString(query)
                        : HttpRequest.BodyPublishers.noBody();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(storeUrl() + path))
                                    .POST(body)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private void influxd() throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve("influxdb.conf"),
                """
                reporting-disabled = true
                bind-address = "127.0.0.1:%d"
                [meta]
                  dir = "%s"
                [data]
                  dir = "%s"
                  wal-dir = "%s"
                [monitor]
                  store-enabled = false
                [http]
                  bind-address = "127.0.0.1:%d"
                  auth-enabled = true
                """
                        .formatted(
                                freePort(),
                                folder.resolve("influx-meta"),
                                folder.resolve("influx-data"),
                                folder.resolve("influx-wal"),
                                storePort));
        served.start("store.log", List.of("influxd", "-config", served.path("influxdb.conf")));
        awaitPort(storePort);
        influx("query", "CREATE USER bulkhead WITH PASSWORD 'right' WITH ALL PRIVILEGES");
    }

    private void openssl(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        assertEquals(
                0, served.start("openssl.log", command).waitFor(), () -> served.log("openssl.log"));
    }

    /** An authority, and a certificate of 127.0.0.1 that it vouches for. */
    private void certificates(String name) throws IOException, InterruptedException {
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem");
        Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=IP:127.0.0.1\n");
        openssl(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=127.0.0.1",
                "-keyout",
                name + "-server.key",
                "-out",
                name + "-server.csr");
        openssl(
                "x509",
                "-req",
                "-in",
                name + "-server.csr",
                "-CA",
                name + ".pem",
                "-CAkey",
                name + ".key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                name + ".ext",
                "-out",
                name + "-server.pem");
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private void assertSaidOnce(String log, String part) {
        assertEquals(1, served.lines(log, part).size(), () -> part + ":\n" + served.log(log));
    }

    /**
     * Whatever is wrong between agent and store is one clear line, costs no sample, and needs no
     * restart when it is mended; what the store refuses is kept with the store's reason, and the
     * rest is stored.
     */
    @Test
    @NeedsPeer({"mosquitto", "mosquitto_passwd", "influxd", "openssl"})
    void whatIsWrongIsSaidOnceAndLosesNothingByMosquittoWithTlsIntoInfluxDb() throws Exception {
        certificates("right");
        certificates("wrong");
        assertEquals(
                0,
                served.start(
                                "passwd.log",
                                List.of(
                                        "mosquitto_passwd",
                                        "-b",
                                        "-c",
                                        served.path("passwords"),
                                        "bulkhead",
                                        "right"))
                        .waitFor());
        mosquitto(
                """
                certfile %s
                keyfile %s
                allow_anonymous false
                password_file %s
                """
                        .formatted(
                                served.path("right-server.pem"),
                                served.path("right-server.key"),
                                served.path("passwords")));
        influxd();
        write("broker.secret", "right\n");
        write("store.secret", "wrong\n");
        Files.copy(folder.resolve("right.pem"), folder.resolve("bridge-trust.pem"));
        Files.copy(folder.resolve("wrong.pem"), folder.resolve("agent-trust.pem"));
        write("agent.secret", "wrong\n");
        String broker =
                "broker: {url: \"ssl://127.0.0.1:%d\", user: bulkhead, password: {file: %s}, trust: %s}\n";
        served.append(
                "agent.yaml",
                "telemetry:\n  " + broker.formatted(brokerPort, "agent.secret", "agent-trust.pem"));
        served.append(
                "bridge.yaml",
                broker.formatted(brokerPort, "broker.secret", "bridge-trust.pem")
                        + """
                        share: test
                        store: {kind: influxdb1, url: "%s", bucket: facility, user: bulkhead, password: {file: store.secret}}
                        """
                                .formatted(storeUrl()));

        served.bulkhead("bridge.log", "bridge", "--config", served.path("bridge.yaml"));
        ServedFacility.await(() -> !served.lines("bridge.log", "(facility): 401 ").isEmpty());
        write("store.secret", "right\n");
        ServedFacility.await(() -> !served.lines("bridge.log", "(facility): 404 ").isEmpty());
        influx("query", "CREATE DATABASE facility", "u=bulkhead&p=right");
        ServedFacility.await(() -> !served.lines("bridge.log", "subscribed").isEmpty());
        // From now on the store holds that a rack's voltage is a text.
        influx("write", "rack,device=x voltage=\"high\" " + nanos());

        Process agent = served.agent("agent.log");
        ServedFacility.await(() -> !served.lines("agent.log", "vouched").isEmpty());
        ServedFacility.await(() -> hasSampled(20));
        Files.writeString(
                folder.resolve("agent-trust.pem"), Files.readString(folder.resolve("right.pem")));
        ServedFacility.await(() -> !served.lines("agent.log", "password is refused").isEmpty());
        write("agent.secret", "right\n");
        ServedFacility.await(() -> !served.lines("agent.log", "works, after").isEmpty());
        stopWhenEnough(agent);

        assertWhole(ledger());
        assertSaidOnce("bridge.log", "(facility): 401 ");
        assertSaidOnce("bridge.log", "(facility): 404 ");
        assertSaidOnce("agent.log", "vouched");
        assertSaidOnce("agent.log", "password is refused");
        List<String> refused = Files.readAllLines(folder.resolve("dead-letter.jsonl"));
        assertFalse(refused.isEmpty());
        for (String line : refused) {
            JsonNode entry = new JsonMapper().readTree(line);
            assertTrue(entry.get("line").asText().startsWith("rack,"), line);
            assertTrue(entry.get("reason").asText().contains("field type conflict"), line);
        }
        String modules =
                influx("query", "SELECT count(temperature) FROM module", "u=bulkhead&p=right");
        assertTrue(modules.contains("module"), () -> "the rest of those batches: " + modules);
    }

    private static long nanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** What a tool of the site's hears that subscribes after the fact. */
    private Map<String, String> retained(String filter) throws IOException, InterruptedException {
        Map<String, String> heard = new ConcurrentHashMap<>();
        try (var connection =
                MqttConnection.open(
                        new Broker(
                                brokerUrl(),
                                "a-tool",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        false,
                        Optional.empty(),
                        new MqttConnection.Listener() {
                            @Override
                            public void arrived(MqttConnection.Arrived message) {
                                heard.put(message.topic(), message.payload().text());
                                message.acknowledge();
                            }

                            @Override
                            public void lost(String reason) {}
                        })) {
            connection.subscribe(filter);
            TimeUnit.MILLISECONDS.sleep(500);
        }
        return heard;
    }

    private boolean says(String topic, String part) {
        try {
            return retained("bulkhead/#").getOrDefault(topic, "").contains(part);
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    /**
     * A display that shows green because nobody told it otherwise is worse than none. The disk for
     * samples is as small as one can be made here, and full within seconds.
     */
    @Test
    @NeedsPeer("mosquitto")
    void alarmsRoomsAndWhetherTheAgentLivesAreRetainedThroughAnOutage() throws Exception {
        Path disk = Files.createDirectories(Path.of(served.path("disk")));
        try (var _ = SmallDisk.mount(disk, "96k")) {
            alarmsAreRetained(disk, true);
        } catch (SmallDisk.Refused _) {
            alarmsAreRetained(disk, false);
        }
    }

    private void alarmsAreRetained(Path disk, boolean isSmall) throws Exception {
        served.append(
                "agent.yaml",
                "telemetry: {broker: {url: \"%s\"}, spool: {folder: \"%s\"}}\n"
                        .formatted(brokerUrl(), disk));
        String alarm = "bulkhead/two-rooms/alarm/breaker-local@QB-A1-1";
        Process agent = served.agent("agent.log");
        if (isSmall) {
            ServedFacility.await(
                    () -> served.log("agent.log").contains("the spool fails (No space left"));
        }
        // The broker is away when the alarm comes.
        served.inPlant(
                () -> served.plant().apply(new Happening.SetLocal(new BreakerId("QB-A1-1"), true)));
        ServedFacility.await(
                () ->
                        ServedFacility.told("alarms", "list", "--config", served.path("agent.yaml"))
                                .contains("breaker-local@QB-A1-1"));
        mosquitto("allow_anonymous true");

        ServedFacility.await(() -> says(alarm, "\"state\":\"UNACKNOWLEDGED\""));
        assertTrue(says("bulkhead/two-rooms/room/A1", "\"level\":\"NORMAL\""));
        assertTrue(says("bulkhead/two-rooms/agent", "online"));

        agent.destroyForcibly().waitFor();
        ServedFacility.await(() -> says("bulkhead/two-rooms/agent", "offline"));
        assertTrue(says(alarm, "UNACKNOWLEDGED"));
    }
}
