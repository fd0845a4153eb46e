package dev.bulkhead.agent.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.control.ControlSocket.Opening;
import dev.bulkhead.rules.Command;
import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.isolation.Rung;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ControlSocketTest {
    private static final View VIEW =
            new View(
                    Instant.parse("2022-10-15T06:19:00Z"),
                    List.of(
                            new View.Room(
                                    new RoomId("A1"), Level.SUSPECT, List.of(), List.of(), 22, 3)),
                    List.of(
                            new View.Alarm(
                                    new AlarmId("rack-off-gas@A1-S03"),
                                    new RoomId("A1"),
                                    AlarmState.UNACKNOWLEDGED,
                                    Instant.parse("2022-10-15T06:18:00Z"),
                                    "off-gas at A1-S03")),
                    List.of(
                            new View.Plan(
                                    new PlanId("A1#1"),
                                    new RoomId("A1"),
                                    Rung.BATTERY,
                                    "waiting",
                                    List.of(new BreakerId("QB-A1-1")),
                                    "not armed")));

    private static final Reply.SeenSignals SIGNALS =
            new Reply.SeenSignals(
                    VIEW.at(),
                    List.of(
                            signal(new Reading.Measured(VIEW.at(), 7, new Value.Quantity(23.5))),
                            signal(new Reading.Invalid(VIEW.at(), 7, "not a number")),
                            signal(new Reading.Silent(VIEW.at(), Instant.EPOCH))));

    private final Display display =
            new Display() {
                @Override
                public View view() {
                    return VIEW;
                }

                @Override
                public Reply.SeenSignals signals() {
                    return SIGNALS;
                }
            };

    private static SignalView signal(Reading reading) {
        return new SignalView(
                new SignalId("A1-S01-bms.V"),
                new DeviceId("A1-S01-bms"),
                Role.RACK_VOLTAGE,
                reading,
                "no answer",
                Duration.ofMillis(1001),
                Duration.ofMillis(1500));
    }

    @TempDir private Path folder;
    private final List<String> orders = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<ControlSocket> sockets = new ArrayList<>();

    private Path path() {
        return folder.resolve("control.sock");
    }

    private Opening open(Duration limit) {
        return ControlSocket.open(path(), display, this::order, limit);
    }

    private ControlSocket started(Duration limit) {
        ControlSocket socket = assertInstanceOf(Opening.Opened.class, open(limit)).socket();
        sockets.add(socket);
        threads.add(Thread.ofVirtual().name("control").start(socket));
        return socket;
    }

    private void started() {
        started(Duration.ofSeconds(10));
    }

    private Reply order(Command command, String who, String why) {
        orders.add(command + "|" + who + "|" + why);
        return switch (command) {
            case Command.Release _ -> new Reply.Refused("room A1 is still FAILING");
            case Command.Acknowledge _, Command.Reset _, Command.Approve _, Command.Resume _ ->
                    new Reply.Accepted("done");
        };
    }

    @AfterEach
    void stop() throws InterruptedException {
        sockets.forEach(ControlSocket::close);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void whoLooksSeesTheView() {
        started();
        assertEquals(new Reply.Seen(VIEW), ControlClient.ask(path(), new Request.Look()));
    }

    @Test
    void whoLooksAtSignalsSeesThem() {
        started();
        assertEquals(SIGNALS, ControlClient.ask(path(), new Request.LookAtSignals()));
    }

    @Test
    void anOrderReachesTheJudgeWithNameUserAndReason() {
        started();
        var order = new Request.Order("Kim", "seen it", new Command.Approve(new PlanId("A1#1")));
        assertEquals(new Reply.Accepted("done"), ControlClient.ask(path(), order));
        String user = System.getProperty("user.name");
        assertEquals(List.of("Approve[plan=A1#1]|Kim (user " + user + ")|seen it"), orders);
    }

    @Test
    void whatTheJudgeRefusesIsRefusedWithItsReason() {
        started();
        var order = new Request.Order("Kim", "I want", new Command.Release(new RoomId("A1")));
        assertEquals(
                new Reply.Refused("room A1 is still FAILING"), ControlClient.ask(path(), order));
    }

    @Test
    void onlyTheOwnerMayUseTheSocket() throws IOException {
        started();
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
    }

    @Test
    void anOrderWithoutNameOrReasonOrWithTerminalCodesCannotBeMade() {
        var release = new Command.Release(new RoomId("A1"));
        for (String text : List.of("", " ", "a\nb", "\u001b[2J", "x".repeat(600), "\u202eevil")) {
            assertThrows(
                    IllegalArgumentException.class, () -> new Request.Order(text, "why", release));
            assertThrows(
                    IllegalArgumentException.class, () -> new Request.Order("Kim", text, release));
        }
    }

    @Test
    void whatIsNotARequestIsRefusedAndChangesNothing() throws IOException {
        started();
        for (String line :
                List.of(
                        "",
                        "reboot",
                        "{}",
                        "{\"is\":\"Shell\",\"command\":\"reboot\"}",
                        "{\"is\":\"Look\",\"file\":\"/etc/shadow\"}",
                        "{\"is\":\"Order\",\"by\":\"Kim\",\"why\":\"w\"}",
                        "{\"is\":\"Order\",\"by\":\"\",\"why\":\"w\",\"command\":{\"is\":\"Release\",\"room\":\"A1\"}}",
                        "{\"is\":\"Order\",\"by\":\"K\",\"why\":\"w\",\"command\":{\"is\":\"Trip\",\"room\":\"A1\"}}",
                        "x".repeat(ControlSocket.LONGEST_REQUEST_BYTES))) {
            String reply = raw(line + "\n");
            assertTrue(reply.startsWith("{\"is\":\"Refused\""), line + " -> " + reply);
        }
        assertEquals(List.of(), orders);
        assertInstanceOf(Reply.Seen.class, ControlClient.ask(path(), new Request.Look()));
    }

    private String raw(String line) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
            channel.write(ByteBuffer.wrap(line.getBytes(UTF_8)));
            var buffer = ByteBuffer.allocate(64 << 10);
            while (channel.read(buffer) >= 0) {
                assertTrue(buffer.hasRemaining());
            }
            return new String(buffer.array(), 0, buffer.position(), UTF_8);
        }
    }

    @Test
    void aClientThatSaysNothingKeepsNobodyWaiting() throws IOException {
        started();
        try (var silent = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
            silent.write(ByteBuffer.wrap("{\"is\":".getBytes(UTF_8)));
            assertInstanceOf(Reply.Seen.class, ControlClient.ask(path(), new Request.Look()));
        }
    }

    @Test
    void aClientThatSaysNothingIsDropped() throws IOException {
        started(Duration.ofMillis(20));
        try (var silent = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
            silent.write(ByteBuffer.wrap("{\"is\":".getBytes(UTF_8)));
            assertEquals(-1, silent.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void aSocketLeftBehindByAKilledAgentIsReplaced() throws IOException {
        try (var killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(path()));
        }
        assertTrue(Files.exists(path()), "the file outlives its socket");
        started();
        assertInstanceOf(Reply.Seen.class, ControlClient.ask(path(), new Request.Look()));
    }

    @Test
    void aSecondAgentDoesNotTakeTheSocketAway() {
        started();
        var refused = assertInstanceOf(Opening.Refused.class, open(Duration.ofSeconds(1)));
        assertTrue(refused.why().contains("another agent listens"), refused.why());
        assertInstanceOf(Reply.Seen.class, ControlClient.ask(path(), new Request.Look()));
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(path(), "precious");
        assertInstanceOf(Opening.Refused.class, open(Duration.ofSeconds(1)));
        assertEquals("precious", Files.readString(path()));
    }

    @Test
    void withoutAnAgentTheAnswerSaysSo() {
        var refused =
                assertInstanceOf(
                        Reply.Refused.class, ControlClient.ask(path(), new Request.Look()));
        assertTrue(refused.why().startsWith("no agent answers at " + path()), refused.why());
    }

    @Test
    void closingTakesTheFileAway() throws InterruptedException {
        ControlSocket socket = started(Duration.ofSeconds(1));
        socket.close();
        threads.getFirst().join();
        assertFalse(Files.exists(path()));
    }
}
