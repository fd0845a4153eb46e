package dev.bulkhead.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.bulkhead.agent.Facility;
import dev.bulkhead.agent.bridge.BridgeDriver;
import dev.bulkhead.agent.bridge.BridgeSettings;
import dev.bulkhead.agent.bridge.Store;
import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.condition.ConditionId;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dashboards, alarm rules and other programs are built on published names; one that changes
 * unnoticed leaves an operator before an empty panel.
 */
final class NamesTest {
    private static final Path SITES = Path.of("../simulator/src/main/sites");
    private static final Instant AT = Instant.parse("2026-03-01T02:13:44.123456789Z");
    private static final Pattern LINE =
            Pattern.compile("((?:\\\\.|[^\\\\ ])+) ((?:\"(?:\\\\.|[^\\\\\"])*\"|[^ \"])+) [0-9]+");
    private static final Pattern FIELD =
            Pattern.compile("([A-Za-z]+)=(\"(?:\\\\.|[^\\\\\"])*\"|[^,\"]+)");

    /** The names in some lines of line protocol: tags, and fields with their types. */
    private static final class Named {
        private final Map<String, Set<String>> tags = new TreeMap<>();
        private final Map<String, Map<String, String>> fields = new TreeMap<>();

        void add(String line) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new AssertionError("no line protocol: " + line);
            }
            String[] head = matcher.group(1).split("(?<!\\\\),", -1);
            Set<String> keys = tags.computeIfAbsent(head[0], _ -> new TreeSet<>());
            for (int tag = 1; tag < head.length; tag++) {
                keys.add(head[tag].split("=", -1)[0]);
            }
            Matcher field = FIELD.matcher(matcher.group(2));
            while (field.find()) {
                String before =
                        fields.computeIfAbsent(head[0], _ -> new TreeMap<>())
                                .put(field.group(1), type(field.group(2)));
                assertEquals(
                        type(field.group(2)),
                        before == null ? type(field.group(2)) : before,
                        () -> "a field's type must not depend on its value: " + line);
            }
        }

        private static String type(String value) {
            return switch (value.charAt(value.length() - 1)) {
                case '"' -> "text";
                case 'i' -> "integer";
                case 'e' -> "boolean";
                default -> "float";
            };
        }
    }

    @Test
    void everyTagAndFieldIsRegisteredWithItsTypeAndEveryRegisteredOneIsPublished(
            @TempDir Path folder) throws IOException, InterruptedException {
        Register register = Register.read();
        var named = new Named();
        for (String site : List.of("pangyo-rebuilt", "two-rooms")) {
            samples(site).forEach(named::add);
        }
        named.add(lineOfABridge(folder));

        assertEquals(registeredAndMeasured(register, named), lines(named.fields));
        for (Map.Entry<String, Set<String>> measurement : named.tags.entrySet()) {
            Set<String> expected =
                    new TreeSet<>(register.tags().getOrDefault(measurement.getKey(), Set.of()));
            if (!measurement.getValue().contains("point")) {
                expected.remove("point");
            }
            assertEquals(expected, measurement.getValue(), measurement::getKey);
        }
        var published = new TreeSet<String>();
        named.tags.values().forEach(published::addAll);
        assertEquals(register.tagNames(), published);
        assertEquals(register.tags().keySet(), named.tags.keySet());
    }

    /** A role that no shipped device measures is registered all the same. */
    private static String registeredAndMeasured(Register register, Named named) {
        var expected = new TreeMap<String, Map<String, String>>();
        register.fields()
                .forEach(
                        (measurement, fields) -> {
                            var some = new TreeMap<>(fields);
                            some.keySet()
                                    .removeIf(
                                            field ->
                                                    isRole(measurement, field)
                                                            && !named.fields
                                                                    .getOrDefault(
                                                                            measurement, Map.of())
                                                                    .containsKey(field));
                            expected.put(measurement, some);
                        });
        return lines(expected);
    }

    private static boolean isRole(String measurement, String field) {
        return Role.named(measurement + "." + field).isPresent();
    }

    private static String lines(Map<String, Map<String, String>> fields) {
        var lines = new StringBuilder();
        fields.forEach((of, each) -> lines.append(of).append(' ').append(each).append('\n'));
        return lines.toString();
    }

    /** Two samples of each device of a site: all measured, and nothing measured. */
    private static List<String> samples(String site) {
        Facility facility = Facility.load(SITES.resolve(site).resolve("site.yaml")).orElseThrow();
        var lines = new Lines(facility.site(), facility.signals());
        return facility.site().devices().keySet().stream()
                .flatMap(
                        device ->
                                Stream.of(true, false)
                                        .map(isGood -> sample(facility, device, isGood)))
                .flatMap(sample -> lines.of(sample, AT.toEpochMilli(), AT).lines())
                .toList();
    }

    private static Sample sample(Facility facility, DeviceId device, boolean isGood) {
        List<Observation> observations =
                facility.signals().ofDevice(device).stream()
                        .map(signal -> new Observation(signal.index(), reading(signal, isGood)))
                        .toList();
        return new Sample(device, 7, AT, Optional.of(Duration.ofSeconds(1)), observations);
    }

    private static Reading reading(Signal signal, boolean isGood) {
        return isGood
                ? new Reading.Measured(AT, 7, value(signal))
                : new Reading.Invalid(AT, 7, "says \"n/a\", as if\nit were broken");
    }

    private static Value value(Signal signal) {
        return switch (signal.role().type()) {
            case NUMBER -> new Value.Quantity(Math.ceil(signal.role().low()));
            case FLAG -> new Value.Flag(true);
            case POSITION -> new Value.At(Position.MOVING);
        };
    }

    /** What a bridge writes of itself to a store that takes everything. */
    private static String lineOfABridge(Path folder) throws IOException, InterruptedException {
        BlockingQueue<String> written = new ArrayBlockingQueue<>(10);
        HttpServer store =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext(
                "/",
                exchange -> {
                    written.offer(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        store.start();
        var bridge =
                new BridgeDriver(
                        new BridgeSettings(
                                new Broker(
                                        "tcp://127.0.0.1:1",
                                        "bulkhead-bridge",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                Topics.ALL_SAMPLES,
                                Optional.empty(),
                                new Store(
                                        Store.Kind.INFLUXDB2,
                                        "http://127.0.0.1:" + store.getAddress().getPort(),
                                        "bulkhead",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Duration.ofSeconds(5)),
                                folder.resolve("dead-letter.jsonl"),
                                1 << 20,
                                100,
                                Duration.ZERO),
                        InstantSource.fixed(AT),
                        () -> {});
        var running =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        bridge.run();
                                    } catch (InterruptedException _) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        try {
            return Optional.ofNullable(written.poll(20, TimeUnit.SECONDS)).orElseThrow();
        } finally {
            bridge.stop();
            running.join();
            store.stop(0);
        }
    }

    @Test
    void everyTopicIsRegisteredAndEveryRegisteredOneIsMade() throws IOException {
        var topics = new Topics("<site>");
        assertEquals(
                Register.read().topics(),
                new TreeSet<>(
                        List.of(
                                topics.sample(new DeviceId("<device>")),
                                topics.alarm(new AlarmId("<alarm id>")),
                                topics.room(new RoomId("<room>")),
                                topics.agent())));
    }

    @Test
    @Timeout(60)
    void everyKeyOfAMessageIsRegisteredAndEveryRegisteredOneIsSaid(@TempDir Path folder)
            throws IOException {
        var standing = new Standing(new Topics("two-rooms"));
        var room = new RoomId("A1");
        var vote =
                new Vote(
                        new ConditionId("rack-off-gas"),
                        Kind.GAS,
                        room,
                        new Subject.OfNode(new NodeId("A1-S03")),
                        new DeviceId("A1-gas"),
                        new GatewayId("A1-field"),
                        AT,
                        AT,
                        "off-gas");
        standing.room(
                room, Level.SUSPECT, List.of(vote), Optional.of("waiting"), AT, Duration.ZERO);
        standing.alarm(
                new AlarmId("rack-off-gas@A1-S03"),
                room,
                AlarmState.UNACKNOWLEDGED,
                AT,
                "off-gas",
                AT);
        Map<String, Set<String>> said = new TreeMap<>();
        for (Standing.Message message : standing.take(100)) {
            keys(
                    message.json(),
                    "",
                    said.computeIfAbsent(of(message.topic()), _ -> new TreeSet<>()));
        }
        keys(
                PublishDriver.presence("online"),
                "",
                said.computeIfAbsent("agent", _ -> new TreeSet<>()));

        assertEquals(Register.read().keys(), said);
    }

    private static String of(String topic) {
        return topic.split("/", -1)[2];
    }

    private static void keys(String json, String within, Set<String> found) throws IOException {
        keys(new JsonMapper().readTree(json), within, found);
    }

    private static void keys(JsonNode node, String within, Set<String> found) {
        node.forEachEntry(
                (key, value) -> {
                    found.add(within + key);
                    value.forEach(each -> keys(each, within + key + ".", found));
                });
    }
}
