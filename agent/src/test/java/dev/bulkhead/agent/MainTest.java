package dev.bulkhead.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.control.ControlSocket;
import dev.bulkhead.agent.control.Display;
import dev.bulkhead.agent.control.Reply;
import dev.bulkhead.agent.control.SignalView;
import dev.bulkhead.agent.control.View;
import dev.bulkhead.agent.journal.Journal;
import dev.bulkhead.agent.journal.JournalFile;
import dev.bulkhead.rules.Command;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.condition.ConditionId;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MainTest {
    private static final Instant AT = Instant.parse("2022-10-15T06:19:00Z");

    @TempDir private Path folder;

    /** What a command line came to. */
    private record Ran(int code, String out, String err) {}

    private static Ran run(Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        String[] texts = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        int code = Main.run(texts, new PrintWriter(out), new PrintWriter(err));
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void helpAndVersionAreDone() {
        Ran help = run("--help");
        assertEquals(0, help.code());
        for (String command :
                List.of(
                        "check", "run", "plan", "schema", "journal", "alarms", "plans", "rooms",
                        "modbus")) {
            assertTrue(help.out().contains("\n  " + command), help.out());
            assertEquals(0, run(command, "--help").code(), command);
        }
        Ran version = run("--version");
        assertEquals(0, version.code());
        assertTrue(version.out().startsWith("bulkhead 0."), version.out());
        assertTrue(version.out().contains("(Java 25"), version.out());
    }

    @Test
    void aWrongOptionIsSaidInFewLines() {
        Ran ran = run("modbus", "read", "--host", "h");

        assertEquals(
                """
                Missing required option: '--at=N'
                Usage: bulkhead modbus read [-hV] --at=N [--count=N] [--device=D] [--host=HOST[:
                                            PORT]] [--table=TABLE] [--unit=U] [SITE]
                'bulkhead modbus read --help' says more.
                """,
                ran.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "isolate",
                "check",
                "check a b",
                "run",
                "run agent.yaml",
                "plan site.yaml",
                "journal",
                "journal show",
                "journal show no-such-file",
                "alarms",
                "alarms ack",
                "alarms ack x@y --config agent.yaml",
                "alarms ack x@y --config agent.yaml --by Kim",
                "rooms release A1 --by Kim --why cold",
                "plans approve --config agent.yaml --by Kim --why go",
                "ledger",
                "ledger --config agent.yaml --whole --last 5",
                "ledger --config agent.yaml --all --last 5",
                "ledger --config agent.yaml --all --whole",
                "modbus",
                "modbus plan",
                "modbus plan site.yaml --answers-in -1",
                "modbus doctor site.yaml",
                "modbus read --at 0",
                "modbus read --host h --at 0 --count 126",
                "modbus read site.yaml --device d --host h --at 0",
                "modbus scan",
                "modbus scan --host h --from 9 --to 3",
                "modbus scan --host h:x"
            })
    void aWrongCommandLineIsUsage(String line) {
        Ran ran = run((Object[]) (line.isEmpty() ? new String[0] : line.split(" ")));
        assertEquals(64, ran.code(), ran.err());
        assertEquals("", ran.out());
        assertFalse(ran.err().isBlank());
    }

    @Test
    void aMisspeltCommandGetsAHint() {
        assertTrue(run("chek", "site.yaml").err().contains("Did you mean"));
    }

    @Test
    void aGoodSiteIsCounted() {
        Ran ran = run("check", Sites.TWO_ROOMS);
        assertEquals("", ran.err());
        assertEquals(0, ran.code());
        assertTrue(ran.out().contains("site two-rooms"), ran.out());
        assertTrue(ran.out().contains("battery room A1: 6 DC breakers"), ran.out());
    }

    @Test
    void everyMistakeOfAFileIsALineAndTheExitIsConfiguration() throws IOException {
        Path site = folder.resolve("site.yaml");
        Files.writeString(
                site,
                Files.readString(Sites.TWO_ROOMS)
                        .replace("busbar: BB-A1-1", "busbar: BB-A9-1")
                        .replace("duty: outer", "duty: outter"));
        Ran ran = run("check", site);
        assertEquals(78, ran.code());
        assertEquals("", ran.out());
        assertTrue(ran.err().lines().count() >= 6, ran.err());
        for (String line : ran.err().lines().toList()) {
            assertTrue(line.matches(".*site\\.yaml:\\d+:\\d+: .+"), line);
        }
    }

    /** Judged as a site it would have twenty mistakes that are none. */
    @Test
    void aRegisterMapIsCheckedAsOne() throws IOException {
        Path map = folder.resolve("acme.yaml");
        String text = "profile: acme\ntitle: T\nsource: s\npoints: [{name: v, at: 0, as: u16}]\n";
        Files.writeString(map, text);
        Ran right = run("check", map);
        assertEquals(0, right.code());
        assertTrue(right.out().startsWith("register map acme (T): "), right.out());

        Files.writeString(map, text.replace("u16", "u17"));
        Ran wrong = run("check", map);
        assertEquals(78, wrong.code());
        assertEquals(1, wrong.err().lines().count(), wrong.err());
        assertTrue(wrong.err().contains("acme.yaml:4:31: as is 'u17'"), wrong.err());
    }

    @Test
    void aFileOfAnotherKindIsOneMistake() {
        Path plant = Sites.TWO_ROOMS.resolveSibling("plant.yaml");
        Ran ran = run("check", plant);
        assertEquals(78, ran.code());
        assertEquals(
                plant
                        + ":1:1: this is no site.yaml and no agent.yaml: it has none of site, rooms,"
                        + " gateways, devices\n",
                ran.err());
    }

    /** What docs/reference/files.md shows as a small site and a small map that work. */
    @Test
    void theExampleOfOneDeviceIsRight() {
        Path example = Path.of("../docs/how-to/one-device");
        for (String file : List.of("agent.yaml", "profiles/acme-ups.yaml")) {
            Ran ran = run("check", example.resolve(file));
            assertEquals("", ran.err());
            assertEquals(0, ran.code());
        }
        Ran plan = run("modbus", "plan", example.resolve("agent.yaml"));
        assertTrue(plan.out().contains("u1 (acme-ups, held against nothing"), plan.out());
    }

    @Test
    void aFileThatIsNotThereIsConfiguration() {
        for (Ran ran :
                List.of(
                        run("check", "none.yaml"),
                        run("plan", "none.yaml", "--room", "A1"),
                        run("run", "--config", "none.yaml"),
                        run("alarms", "list", "--config", "none.yaml"))) {
            assertEquals(78, ran.code());
            assertEquals("none.yaml:1:1: can't be read: no such file\n", ran.err());
        }
    }

    @Test
    void aRoomThatCanBeIsolatedFromAfarIsGood() {
        Ran ran = run("plan", Sites.PANGYO_REBUILT, "--room", "A1");
        assertEquals("", ran.err());
        assertEquals(0, ran.code(), ran.out());
        assertTrue(ran.out().contains("no server lost"), ran.out());
    }

    @Test
    void pangyoAsItWasCouldNotBeIsolatedFromAfarNorBeProvenDead() {
        Ran ran = run("plan", Sites.PANGYO_2022, "--room", "BR-1");
        assertEquals(1, ran.code(), ran.err());
        assertTrue(ran.out().contains("not remotely operable and not provable"), ran.out());
        assertTrue(ran.out().contains("32000") || ran.out().contains("32,000"), ran.out());
        Ran json = run("plan", Sites.PANGYO_2022, "--room", "BR-1", "--json");
        assertEquals(1, json.out().lines().count());
        assertTrue(
                json.out()
                        .startsWith("{\"site\":\"pangyo-2022\",\"room\":\"BR-1\",\"findings\":[{"));
        assertTrue(json.out().contains("\"isProvable\":false"), json.out());
    }

    @Test
    void aRoomTheSiteDoesNotHaveIsUsageWithTheNearestName() {
        Ran ran = run("plan", Sites.PANGYO_2022, "--room", "BR1");
        assertEquals(64, ran.code());
        assertTrue(ran.err().contains("did you mean 'BR-1'?"), ran.err());
    }

    @Test
    void aJournalIsShownToPeopleAndPrograms() {
        Path path = folder.resolve("journal");
        write(path, new Event.Released(AT, new RoomId("A1"), "Kim", "cold for 24 h"));
        Ran people = run("journal", "show", path);
        assertEquals(0, people.code());
        assertEquals(
                "2022-10-15T06:19:00Z      Released         A1      released by Kim: cold for 24 h\n",
                people.out());
        Ran programs = run("journal", "show", path, "--json");
        assertEquals(
                "{\"is\":\"Released\",\"at\":\"2022-10-15T06:19:00Z\",\"room\":\"A1\",\"who\":\"Kim\","
                        + "\"why\":\"cold for 24 h\"}\n",
                programs.out());
    }

    @Test
    void aDamagedJournalIsShownAsFarAsItGoesAndTheExitIsBad() throws IOException {
        Path path = folder.resolve("journal");
        var released = new Event.Released(AT, new RoomId("A1"), "Kim", "cold");
        write(path, released, released);
        String text = Files.readString(path);
        int second = text.lastIndexOf("cold");
        Files.writeString(path, text.substring(0, second) + "gold" + text.substring(second + 4));
        Ran ran = run("journal", "show", path);
        assertEquals(1, ran.code());
        assertEquals(1, ran.out().lines().count());
        assertTrue(ran.err().contains("entry 2 at byte"), ran.err());
    }

    private static void write(Path path, Event... events) {
        switch (JournalFile.open(path, 4096)) {
            case JournalFile.Opening.Opened opened -> {
                try (Journal journal = opened.journal()) {
                    for (Event event : events) {
                        journal.append(List.of(event));
                    }
                }
            }
            case JournalFile.Opening.Refused(String why) -> throw new AssertionError(why);
        }
    }

    private static Display display(View view) {
        return new Display() {
            @Override
            public View view() {
                return view;
            }

            @Override
            public Reply.SeenSignals signals() {
                return new Reply.SeenSignals(
                        AT,
                        List.of(
                                new SignalView(
                                        new SignalId("A1-S03-bms.V"),
                                        new DeviceId("A1-S03-bms"),
                                        Role.RACK_VOLTAGE,
                                        new Reading.Measured(
                                                AT.minusMillis(1500), 7, new Value.Quantity(485.2)),
                                        "",
                                        Duration.ofMillis(1001),
                                        Duration.ofMillis(1250)),
                                new SignalView(
                                        new SignalId("A1-gas.lfl"),
                                        new DeviceId("A1-gas"),
                                        Role.ROOM_LFL,
                                        new Reading.Silent(AT, Instant.EPOCH),
                                        "no answer within 2 s",
                                        Duration.ZERO,
                                        Duration.ZERO)));
            }
        };
    }

    @Test
    void peopleSeeAndCommandARunningAgent() throws IOException, InterruptedException {
        Path config = folder.resolve("agent.yaml");
        Files.writeString(config, "control: c.sock\nsite: broken-meanwhile.yaml\n");
        var alarm = new AlarmId("rack-off-gas@A1-S03");
        var view =
                new View(
                        AT,
                        List.of(
                                new View.Room(
                                        new RoomId("A1"),
                                        Level.SUSPECT,
                                        List.of(),
                                        List.of(
                                                new View.HeldBack(
                                                        new ConditionId("rack-off-gas-vote"),
                                                        new Subject.OfNode(new NodeId("A1-S03")),
                                                        "not judged unless a reference is clear")),
                                        22,
                                        3)),
                        List.of(
                                new View.Alarm(
                                        alarm,
                                        new RoomId("A1"),
                                        AlarmState.UNACKNOWLEDGED,
                                        AT,
                                        "off-gas at A1-S03")),
                        List.of());
        var opening =
                ControlSocket.open(
                        folder.resolve("c.sock"),
                        display(view),
                        (command, _, why) ->
                                command.equals(new Command.Acknowledge(alarm))
                                        ? new Reply.Accepted("acknowledged: " + why)
                                        : new Reply.Refused("the cause is still there"));
        if (!(opening instanceof ControlSocket.Opening.Opened(ControlSocket socket))) {
            throw new AssertionError(opening);
        }
        Thread thread = Thread.ofVirtual().start(socket);
        try {
            assertTrue(
                    run("rooms", "list", "--config", config)
                            .out()
                            .contains(
                                    """
                                    A1       SUSPECT  blind in part: 3 of 22 devices measure nothing
                                             held back: rack-off-gas-vote at A1-S03: \
                                    not judged unless a reference is clear
                                    """));
            assertTrue(
                    run("alarms", "list", "--config", config).out().contains("off-gas at A1-S03"));
            Ran plans = run("plans", "list", "--config", config);
            assertTrue(plans.out().contains("no plan"));
            assertTrue(plans.err().contains("the agent hangs"), plans::err);
            assertEquals(
                    """
                    as of %s
                    signal                               reading                          age s    scan s longest s
                    A1-S03-bms.V                         485.2 V                          1.500     1.001     1.250
                    """
                            .formatted(AT),
                    run("signals", "list", "--config", config, "--device", "A1-S03-bms").out());
            assertTrue(
                    run("signals", "list", "--config", config)
                            .out()
                            .contains(" silent: no answer within 2 s "));
            assertTrue(
                    run("signals", "list", "--config", config, "--device", "A1-S03-bsm")
                            .out()
                            .contains(
                                    "no signal is of a device 'A1-S03-bsm'; did you mean"
                                            + " 'A1-S03-bms'?"));
            Ran ack =
                    run(
                            "alarms",
                            "ack",
                            alarm,
                            "--config",
                            config,
                            "--by",
                            "Kim",
                            "--why",
                            "on it");
            assertEquals(new Ran(0, "acknowledged: on it\n", ""), ack);
            Ran reset =
                    run("alarms", "reset", alarm, "--config", config, "--by", "Kim", "--why", "x");
            assertEquals(new Ran(1, "", "refused: the cause is still there\n"), reset);
            assertEquals(
                    64,
                    run("rooms", "release", "A1", "--config", config, "--by", " ", "--why", "x")
                            .code());
        } finally {
            socket.close();
            thread.join();
        }
        Ran gone = run("rooms", "list", "--config", config);
        assertEquals(1, gone.code());
        assertTrue(gone.err().contains("no agent answers at"), gone.err());
    }
}
