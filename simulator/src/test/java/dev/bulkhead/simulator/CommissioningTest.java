package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.device.RecordedGateway;
import dev.bulkhead.simulator.device.Recording;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.device.SilentDevice;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.device.WordCap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person meets who sets devices up, before the agent may watch them. */
@Timeout(120)
class CommissioningTest {
    @TempDir private Path folder;
    private ServedFacility served;

    @BeforeEach
    void serve() throws IOException {
        served = ServedFacility.in(folder);
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    private String doctor(String device) {
        return ServedFacility.told(
                "modbus", "doctor", served.path("agent.yaml"), "--device", device);
    }

    /** Every map that is shipped is right for the device that is simulated by it. */
    @Test
    void aDoctorFindsNothingWrongWithAnyKindOfServedDevice() {
        for (Device device : served.facility().site().devices().values()) {
            if (device.id().value().startsWith("A1-")) {
                String said = doctor(device.id().value());
                assertTrue(said.contains("\nregister map " + device.profile() + ", from "), said);
                assertTrue(said.endsWith("It fits its register map.\n"), said);
            }
        }
    }

    @Test
    void aDoctorSaysWhichModelsADeviceHas() {
        String said = doctor("A1-bank1");
        assertTrue(
                said.contains(
                        """
                        right  it has model 1 at 40002, L 66
                        right  it has model 802 at 40070, L 62
                        right  it has model 803 at 40134, L 90
                        """),
                said);
    }

    @Test
    void aDoctorSaysWhenItIsAnotherDevice() throws IOException {
        Path site = Path.of(served.path("site.yaml"));
        Files.writeString(
                site,
                Files.readString(site)
                        .replace(
                                "gateway: A1-bms, unit: 1, of: A1-S01",
                                "gateway: A1-bms, unit: 12, of: A1-S01")
                        .replace(
                                "gateway: A1-bms, unit: 2, of: A1-S02",
                                "gateway: A1-bms, unit: 1, of: A1-S02"));
        String said = doctor("A1-S02-bms");
        assertTrue(said.contains("WRONG  identity: "), said);
        assertTrue(said.endsWith("One thing doesn't fit.\n"), said);
    }

    @Test
    void aNumberOfAManualIsNamedWhereItIsRefused() {
        String holding = read("40001");
        assertTrue(
                holding.endsWith(
                        "; where a manual says 40001, it may mean --table holding --at 0\n"),
                holding);
        String input = read("30011");
        assertTrue(
                input.endsWith("; where a manual says 30011, it may mean --table input --at 10\n"),
                input);
        String plain = read("3900");
        assertTrue(plain.startsWith("exception 2 ") && !plain.contains("manual"), plain);
    }

    private String read(String address) {
        return ServedFacility.told(
                "modbus", "read", served.path("agent.yaml"), "--device", "A1-lfl", "--at", address);
    }

    /** As the agent reads it: what the device lacks costs that value, and no other. */
    @Test
    void aDoctorFindsTheRegisterThatADeviceLacks() throws IOException {
        Files.createDirectory(folder.resolve("profiles"));
        served.append(
                "profiles/own.yaml",
                """
                profile: own-lfl
                title: Gas monitor
                source: this test
                blocks: [{at: 21, count: 8, rate: fast}]
                points:
                  - {name: reading, at: 21, as: s16, scale: 0.1, none: 0x8000, role: room.lfl}
                  - {name: divisor, at: 23, as: u16}
                  - {name: hours, at: 28, as: u16}
                identity: [{point: divisor, is: 10}]
                """);
        served.append("agent.yaml", "\nprofiles: [profiles]\n");
        Path site = Path.of(served.path("site.yaml"));
        Files.writeString(
                site,
                Files.readString(site)
                        .replace(
                                "{id: A1-lfl, profile: e3point-lfl,",
                                "{id: A1-lfl, profile: own-lfl,"));
        String said = doctor("A1-lfl");
        assertTrue(said.contains("right  holding 21 to 23 answered in "), said);
        assertTrue(said.contains("WRONG  holding 28 is refused: exception 2 "), said);
        assertTrue(said.contains("right  A1-lfl.reading (room.lfl): "), said);
        assertTrue(said.endsWith("One thing doesn't fit.\n"), said);
    }

    @Test
    void aDoctorSaysWhenOnlyTheRequestIsTooLong() {
        var device = new DeviceId("A1-lfl");
        SimulatedGateway gateway =
                Site.known(
                        served.gateways(),
                        Site.known(served.facility().site().devices(), device).gateway());
        served.inPlant(() -> gateway.inflict(device, new WordCap(4)));
        String said = doctor("A1-lfl");
        assertTrue(
                said.contains("WRONG  holding 21 to 26 is refused in one request, and given in 2;"),
                said);
        assertTrue(said.endsWith("One thing doesn't fit.\n"), said);
    }

    @Test
    void aDoctorSaysThatNobodyAnswers() {
        var device = new DeviceId("A1-lfl");
        SimulatedGateway gateway =
                Site.known(
                        served.gateways(),
                        Site.known(served.facility().site().devices(), device).gateway());
        served.inPlant(() -> gateway.inflict(device, new SilentDevice()));
        String said = doctor("A1-lfl");
        assertTrue(said.contains("no answer within 2 s; is the unit right"), said);
        assertTrue(said.contains("annex A; held against its maker's document\n"), said);
        assertTrue(said.endsWith("fit.\n"), said);
    }

    @Test
    void aScanListsTheUnitsThatAnswer() {
        String said =
                ServedFacility.told(
                        "modbus",
                        "scan",
                        served.path("agent.yaml"),
                        "--gateway",
                        "A1-bms",
                        "--from",
                        "1",
                        "--to",
                        "3",
                        "--at",
                        "40000");
        assertEquals(
                """
                unit   1  value 21365
                unit   2  value 21365
                unit   3  value 21365
                """,
                said.lines().limit(3).map(line -> line + "\n").reduce("", String::concat),
                said);
        assertTrue(said.contains("3 of 3 units answer at 127.0.0.1:"), said);
    }

    @Test
    void aReadPrintsRegistersAsTheyAre() {
        String said =
                ServedFacility.told(
                        "modbus",
                        "read",
                        served.path("agent.yaml"),
                        "--device",
                        "A1-S01-bms",
                        "--at",
                        "40000",
                        "--count",
                        "2");
        assertEquals("40000  0x5375  21365   21365\n40001  0x6E53  28243   28243\n", said);
    }

    @Test
    void whatCannotBeMeantIsSaid() {
        assertTrue(
                doctor("A1-S1-bms").contains("The site has no device 'A1-S1-bms'; did you mean"),
                () -> doctor("A1-S1-bms"));
        assertTrue(
                doctor("A1-ups")
                        .startsWith(
                                "A1-ups is a gateway; behind it are the devices H1A-status,"
                                        + " H2A-status\n"),
                () -> doctor("A1-ups"));
        String unit =
                ServedFacility.told(
                        "modbus",
                        "read",
                        served.path("agent.yaml"),
                        "--device",
                        "A1-lfl",
                        "--unit",
                        "9",
                        "--at",
                        "21");
        assertTrue(unit.startsWith("Either --device or --unit: "), unit);
        String nobody = ServedFacility.told("modbus", "read", "--host", "127.0.0.1:1", "--at", "0");
        assertEquals(
                "no connection to 127.0.0.1:1: nobody listens there (connection refused)\n",
                nobody);
    }

    private String write(String file, String... options) {
        List<String> arguments = new ArrayList<>(List.of("modbus", "write", served.path(file)));
        arguments.addAll(List.of("--device", "A1-breakers", "--table", "coil", "--yes"));
        arguments.addAll(List.of(options));
        return ServedFacility.told(arguments.toArray(String[]::new));
    }

    private Position position() {
        var breaker = new Subject.OfBreaker(new BreakerId("QB-A1-1"));
        var found = new AtomicReference<Position>(Position.BAD);
        served.inPlant(
                () -> {
                    if (served.plant().sense(Role.BREAKER_POSITION, breaker)
                            instanceof Value.At(Position position)) {
                        found.set(position);
                    }
                });
        return found.get();
    }

    /** The shipped agent.yaml arms room A1. */
    @Test
    void anArmedBreakersPanelIsNotWrittenTo() {
        String said = write("agent.yaml", "--at", "0", "--values", "1", "--breaker", "QB-A1-1");
        assertTrue(said.startsWith("refused: the device acts on armed breakers (QB-A1-1, "), said);
        assertTrue(
                write("site.yaml", "--at", "0", "--values", "1", "--breaker", "QB-A1-1")
                        .contains("whether one of them is armed only the agent.yaml says"));
        assertEquals(Position.CLOSED, position());
    }

    @Test
    void aBreakerThatIsNotArmedIsDrilledByItsName() throws IOException, InterruptedException {
        Path agent = Path.of(served.path("agent.yaml"));
        Files.writeString(agent, Files.readString(agent).replace("  - {room: A1}\n", ""));
        String unnamed = write("agent.yaml", "--at", "1", "--values", "1");
        assertTrue(unnamed.contains("of breaker QB-A1-1; say --breaker QB-A1-1"), unnamed);

        for (String coil : List.of("0", "1")) {
            String said =
                    write("agent.yaml", "--at", coil, "--values", "1", "--breaker", "QB-A1-1");
            assertTrue(said.contains("it has proved to be that device"), said);
            assertTrue(said.contains("written, answered at "), said);
        }
        ServedFacility.await(() -> position() == Position.OPEN);
    }

    @Test
    void whatWasDumpedIsServedAgainAsItWas() throws IOException {
        Path dump = folder.resolve("dump.txt");
        String said =
                ServedFacility.told(
                        "modbus",
                        "dump",
                        served.path("agent.yaml"),
                        "--device",
                        "A1-S01-bms",
                        "--out",
                        dump.toString());
        assertTrue(said.endsWith(" answers are in " + dump + "\n"), said);
        Recording recording =
                Recording.parse(dump.toString(), Files.readString(dump)).orElseThrow();
        assertEquals(new GatewayId("A1-bms"), recording.gateway());

        Instant start = Instant.now();
        var gateway = new RecordedGateway(recording.gateway(), List.of(recording), start);
        try (var again =
                Serving.start(
                        new LinkedHashMap<>(Map.of(gateway.id(), gateway)),
                        new ReentrantLock(),
                        Instant::now,
                        0)) {
            Path endpoints = folder.resolve("endpoints.yaml");
            String there = "127.0.0.1:" + Site.known(again.addresses(), gateway.id()).getPort();
            Files.writeString(
                    endpoints,
                    Files.readString(endpoints)
                            .replaceFirst(
                                    "\"A1-bms\": \"[^\"]*\"", "\"A1-bms\": \"" + there + "\""));
            String once = doctor("A1-S01-bms");
            assertTrue(once.endsWith("It fits its register map.\n"), once);
            assertEquals(values(once), values(doctor("A1-S01-bms")));
            assertTrue(values(once).size() > 20, once);
        }
    }

    /** What a doctor read, without how long it took. */
    private static List<String> values(String doctor) {
        return doctor.lines().filter(line -> line.matches("right  \\S+ \\(.*\\): .*")).toList();
    }
}
