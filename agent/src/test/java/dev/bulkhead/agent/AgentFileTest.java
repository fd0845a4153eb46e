package dev.bulkhead.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.AgentFile.Configuration;
import dev.bulkhead.agent.AgentSettings.TelemetrySettings;
import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.agent.peer.Secret;
import dev.bulkhead.agent.peer.Trust;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Document.Parsed;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentFileTest {
    private static final String LEAST =
            """
            site: site.yaml
            journal: {file: journal}
            control: control.sock
            """;

    @TempDir private Path folder;

    @BeforeEach
    void copySite() throws IOException {
        Files.copy(Sites.TWO_ROOMS, folder.resolve("site.yaml"));
    }

    private Parsed<Configuration> load(String text) throws IOException {
        return AgentFile.load(Files.writeString(folder.resolve("agent.yaml"), text));
    }

    /** The problems without the folder they are in. */
    private List<String> problems(String text) throws IOException {
        return load(text).lines().stream().map(line -> line.replace(folder + "/", "")).toList();
    }

    @Test
    void whoWritesTheLeastGetsAnAgentThatAdvises() throws IOException {
        Configuration configuration = load(LEAST).orElseThrow();
        AgentSettings settings = configuration.settings();
        assertTrue(settings.armed().isEmpty());
        assertEquals(folder.resolve("journal"), settings.journal().file());
        assertEquals(64 << 20, settings.journal().reserveBytes());
        assertEquals(folder.resolve("control.sock"), settings.control());
        assertEquals(Duration.ofSeconds(2), settings.polls().fast());
        assertEquals(Duration.ofSeconds(5), settings.polls().slow());
        assertEquals(Duration.ofSeconds(1), settings.cycle());
        assertTrue(configuration.facility().signals().size() > 100);
        assertFalse(configuration.facility().packs().isEmpty());
    }

    @Test
    void aRoomArmsItsOwnBatteryBreakersAndNothingElse() throws IOException {
        Configuration configuration = load(LEAST + "armed: [{room: A1}, QB-B1-1]\n").orElseThrow();
        Site site = configuration.facility().site();
        List<BreakerId> expected = new ArrayList<>(site.boundaryOf(new RoomId("A1")));
        expected.add(new BreakerId("QB-B1-1"));
        assertEquals(expected, List.copyOf(configuration.settings().armed()));
    }

    @Test
    void whatIsNoBatteryBreakerCannotBeArmed() throws IOException {
        Site site = load(LEAST).orElseThrow().facility().site();
        String feeder =
                site.breakers().values().stream()
                        .filter(breaker -> breaker.duty().name().equals("FEEDER"))
                        .findFirst()
                        .orElseThrow()
                        .id()
                        .value();
        assertEquals(
                List.of(
                        "agent.yaml:4:9: armed: "
                                + feeder
                                + " is no battery DC breaker; anything wider is opened by people"
                                + " only"),
                problems(LEAST + "armed: [" + feeder + "]\n"));
    }

    @Test
    void breakersMovedByHandCannotBeArmed() throws IOException {
        Files.copy(Sites.PANGYO_2022, folder.resolve("pangyo.yaml"));
        List<String> problems =
                problems(LEAST.replace("site.yaml", "pangyo.yaml") + "armed: [{room: BR-1}]\n");
        assertFalse(problems.isEmpty());
        for (String problem : problems) {
            assertTrue(problem.startsWith("agent.yaml:4:9: armed: "), problem);
            assertTrue(problem.endsWith("is moved by hand only"), problem);
        }
    }

    @Test
    void endpointsMoveGatewaysAndNothingElse() throws IOException {
        Files.writeString(folder.resolve("endpoints.yaml"), "A1-bms: \"[::1]:15099\"\n");
        Site documented = load(LEAST).orElseThrow().facility().site();
        Site moved = load(LEAST + "endpoints: endpoints.yaml\n").orElseThrow().facility().site();
        var id = new GatewayId("A1-bms");
        assertEquals(Gateway.tcp(id, "::1", 15099), moved.gateways().get(id));
        assertEquals(
                List.copyOf(documented.gateways().keySet()),
                List.copyOf(moved.gateways().keySet()));
        assertEquals(documented.devices(), moved.devices());
    }

    /** One box must not count as two independent gateways because of one value. */
    @Test
    void twoGatewaysAtOneEndpointAreAProblem() throws IOException {
        Files.writeString(
                folder.resolve("endpoints.yaml"),
                "A1-bms: 127.0.0.1:15999\nA1-field: 127.0.0.1:15999\n");

        List<String> problems = problems(LEAST + "endpoints: endpoints.yaml\n");

        assertEquals(1, problems.size(), () -> "" + problems);
        assertTrue(problems.getFirst().contains("one box would count as two causes"));
    }

    @Test
    void everyMistakeOfEveryFileIsSaidAtOnce() throws IOException {
        Files.writeString(
                folder.resolve("endpoints.yaml"), "A1-bsm: 127.0.0.1:502\nA1-bms: here\n");
        Files.createDirectory(folder.resolve("profiles"));
        Files.writeString(folder.resolve("profiles/own.yaml"), "profile: own\ntitel: Own\n");
        Files.writeString(folder.resolve("profiles/readme.txt"), "no register map");
        List<String> problems =
                problems(
                        """
                        site: site.yaml
                        journal: {file: journal, reserve: 64, sync: never}
                        control: control.sock
                        armed: [QB-A1-9, {room: A2}, {romm: A1}, [QB-A1-1], {room: HALL-1}]
                        endpoints: endpoints.yaml
                        profiles: [profiles, elsewhere]
                        packs: packs
                        poll: {fast: 2, slow: 1 min}
                        timeouts: {request: 0 s, conect: 3 s}
                        cycle: fast
                        broker: mqtt.example.org
                        """);
        for (String expected :
                List.of(
                        "agent.yaml:2:35: reserve is '64'; a size with its unit was expected",
                        "agent.yaml:2:39: unknown key 'sync'",
                        "agent.yaml:4:9: armed: there is no breaker 'QB-A1-9'; did you mean",
                        "agent.yaml:4:18: armed: there is no battery room 'A2'; did you mean 'A1'?",
                        "agent.yaml:4:30: 'room' is missing",
                        "agent.yaml:4:31: unknown key 'romm'; did you mean 'room'?",
                        "agent.yaml:4:42: armed is a list; a text was expected",
                        "agent.yaml:4:53: armed: there is no battery room 'HALL-1'",
                        "agent.yaml:6:22: there is no folder elsewhere",
                        "agent.yaml:7:8: packs is 'packs'; a list was expected",
                        "agent.yaml:8:14: fast is '2'; a time with its unit was expected",
                        "agent.yaml:8:23: slow is 60 s; expected 50 ms to 15 s",
                        "agent.yaml:9:21: request is 0 s; expected 50 ms to 10 s",
                        "agent.yaml:9:26: unknown key 'conect'; did you mean 'connect'?",
                        "agent.yaml:10:8: cycle is 'fast'; a time with its unit was expected",
                        "agent.yaml:11:1: unknown key 'broker'",
                        "endpoints.yaml:1:9: the site has no gateway 'A1-bsm'; did you mean",
                        "endpoints.yaml:2:9: A1-bms is 'here'; expected host:port",
                        "profiles/own.yaml:2:1: unknown key 'titel'; did you mean 'title'?")) {
            assertEquals(
                    1,
                    problems.stream().filter(line -> line.startsWith(expected)).count(),
                    () -> expected + "\nnot once in\n" + String.join("\n", problems));
        }
    }

    @Test
    void aSiteThatIsMissingIsSaidAtItsPlaceTogetherWithTheRest() throws IOException {
        List<String> problems = problems("site: sight.yaml\njournal: {fiel: j}\ncontrol: c\n");
        assertEquals(
                List.of(
                        "agent.yaml:1:7: there is no file sight.yaml",
                        "agent.yaml:2:10: 'file' is missing",
                        "agent.yaml:2:11: unknown key 'fiel'; did you mean 'file'?"),
                problems);
    }

    @Test
    void anEmptyMappingLacksWhatEveryAgentNeeds() throws IOException {
        assertEquals(
                List.of(
                        "agent.yaml:1:1: 'control' is missing",
                        "agent.yaml:1:1: 'journal' is missing",
                        "agent.yaml:1:1: 'site' is missing"),
                problems("{}").stream().sorted().toList());
    }

    @Test
    void mistakesOfTheSiteAreSaidWithThoseOfTheAgent() throws IOException {
        String site = Files.readString(Sites.TWO_ROOMS);
        Files.writeString(
                folder.resolve("site.yaml"), site.replace("busbar: BB-A1-1", "busbar: X"));
        List<String> problems = problems(LEAST + "cycle: 1\n");
        assertTrue(problems.stream().anyMatch(line -> line.startsWith("site.yaml:")));
        assertTrue(problems.stream().anyMatch(line -> line.startsWith("agent.yaml:4:8")));
    }

    @Test
    void aRegisterMapThatIsWrongIsNotSaidToBeUnknownAsWell() throws IOException {
        Files.createDirectory(folder.resolve("profiles"));
        Files.writeString(
                folder.resolve("profiles/own.yaml"),
                "profile: acme-ups\ntitle: Own\nsource: here\npoints: [{name: v, at: x, as: u16}]\n");
        String site = Files.readString(Sites.TWO_ROOMS);
        Files.writeString(
                folder.resolve("site.yaml"),
                site.replace("profile: e3point-lfl", "profile: acme-ups"));
        assertEquals(
                List.of("profiles/own.yaml:4:24: at is 'x'; a number was expected"),
                problems(LEAST + "profiles: [profiles]\n"));
    }

    @Test
    void aRegisterMapThatTakesAnotherOnesNameIsAProblem() throws IOException {
        Files.createDirectory(folder.resolve("profiles"));
        String own;
        try (var stream =
                AgentFile.class.getResourceAsStream(
                        "/dev/bulkhead/rules/profiles/e3point-lfl.yaml")) {
            own = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        Files.writeString(folder.resolve("profiles/own.yaml"), own);
        assertEquals(
                List.of(
                        "profiles/own.yaml:1:1: there is already a profile 'e3point-lfl', in"
                                + " e3point-lfl.yaml"),
                problems(LEAST + "profiles: [profiles]\n"));
    }

    @Test
    void aSocketPathTheKernelWouldCutIsAProblem() throws IOException {
        List<String> problems =
                problems(LEAST.replace("control.sock", "control".repeat(20) + ".sock"));
        assertEquals(1, problems.size());
        assertTrue(problems.getFirst().contains("a unix socket's path has 107 at most"));
    }

    @Test
    void aFileTellsByItsKeysWhetherItIsAnAgentsOrASites() throws IOException {
        load(LEAST);
        assertTrue(AgentFile.isOne(folder.resolve("agent.yaml")));
        assertFalse(AgentFile.isOne(folder.resolve("site.yaml")));
        assertFalse(AgentFile.isOne(folder.resolve("missing.yaml")));
    }

    @Test
    void withoutTelemetryNothingIsPublished() throws IOException {
        assertEquals(Optional.empty(), load(LEAST).orElseThrow().settings().telemetry());
    }

    @Test
    void whoNamesABrokerGetsASpoolBesideTheFile() throws IOException {
        TelemetrySettings telemetry =
                load(LEAST + "telemetry: {broker: {url: \"tcp://broker:1883\"}}\n")
                        .orElseThrow()
                        .settings()
                        .telemetry()
                        .orElseThrow();
        assertEquals(
                new TelemetrySettings(
                        new Broker(
                                "tcp://broker:1883",
                                "bulkhead-two-rooms",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        folder.resolve("spool"),
                        1L << 30),
                telemetry);
    }

    @Test
    void everyKeyOfTelemetryIsTakenAsItIsWritten() throws IOException {
        Files.writeString(folder.resolve("password"), "secret");
        Files.writeString(folder.resolve("ca.pem"), "certificate");
        TelemetrySettings telemetry =
                load(LEAST
                                + """
                                        telemetry:
                                          broker:
                                            url: ssl://broker:8883
                                            clientId: agent-7
                                            user: bulkhead
                                            password: {file: password}
                                            trust: ca.pem
                                          spool: {folder: var/spool, quota: 16 MiB}
                                        """)
                        .orElseThrow()
                        .settings()
                        .telemetry()
                        .orElseThrow();
        assertEquals(
                new TelemetrySettings(
                        new Broker(
                                "ssl://broker:8883",
                                "agent-7",
                                Optional.of("bulkhead"),
                                Optional.of(new Secret(folder.resolve("password"))),
                                Optional.of(new Trust(folder.resolve("ca.pem")))),
                        folder.resolve("var/spool"),
                        16 << 20),
                telemetry);
    }

    @Test
    void everyMistakeOfTelemetryIsSaidAtItsPlace() throws IOException {
        Files.writeString(folder.resolve("ca.pem"), "certificate");
        assertEquals(
                List.of(
                        "agent.yaml:6:10: url is 'broker:1883'; expected tcp://host:port, or"
                                + " ssl://host:port for TLS; a host's name has letters, digits and '-'",
                        "agent.yaml:7:12: trust is for a url that begins with ssl://",
                        "agent.yaml:8:22: there is no file password",
                        "agent.yaml:9:5: unknown key 'usr'; did you mean 'user'?",
                        "agent.yaml:10:33: quota is 4 KiB; expected at least 1 MiB",
                        "agent.yaml:11:3: unknown key 'spol'; did you mean 'spool'?"),
                problems(
                        LEAST
                                + """
                                telemetry:
                                  broker:
                                    url: broker:1883
                                    trust: ca.pem
                                    password: {file: password}
                                    usr: bulkhead
                                  spool: {folder: spool, quota: 4 KiB}
                                  spol: {}
                                """));
        assertEquals(
                List.of("agent.yaml:4:12: 'broker' is missing"),
                problems(LEAST + "telemetry: {}\n"));
    }
}
