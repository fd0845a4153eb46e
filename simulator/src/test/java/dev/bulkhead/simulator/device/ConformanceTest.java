package dev.bulkhead.simulator.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Modbus TCP as a client with nothing but a socket meets it: Application Protocol V1.1b3 and
 * Messaging on TCP/IP V1.0b. Whatever one client sends, the right answer comes or the connection
 * ends cleanly, and its neighbour is served on time.
 */
@Timeout(60)
class ConformanceTest {
    private static final int CLIENTS = 300;

    /** Two registers of a string: its voltage, and no value. */
    private static final String ASK = "03 9C94 0001";

    private static final String ANSWER = "03 02 15C8";

    private final TwoRooms site = new TwoRooms();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Socket> clients = new ArrayList<>();
    private Serving serving;

    @BeforeEach
    void serve() throws IOException {
        site.plant.set(Role.RACK_VOLTAGE, HandSetPlant.node("A1-S01"), 557.6);
        serving = Serving.start(site.gateways, lock, () -> site.now, 0);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        serving.close();
    }

    private Socket connect(String gateway) throws IOException {
        InetSocketAddress address = Site.known(serving.addresses(), new GatewayId(gateway));
        var client = new Socket(address.getAddress(), address.getPort());
        client.setTcpNoDelay(true);
        client.setSoTimeout(20_000);
        clients.add(client);
        return client;
    }

    private static void send(Socket client, String hex) throws IOException {
        client.getOutputStream().write(TwoRooms.bytes(hex));
    }

    /** A frame around a PDU. */
    private static String frame(int number, int unit, String pdu) {
        return "%04X 0000 %04X %02X %s"
                .formatted(number, 1 + TwoRooms.bytes(pdu).length, unit, pdu);
    }

    private static void expect(Socket client, String hex) throws IOException {
        byte[] expected = TwoRooms.bytes(hex);
        assertArrayEquals(expected, client.getInputStream().readNBytes(expected.length), hex);
    }

    private static void expectEnd(Socket client) throws IOException {
        assertEquals(-1, client.getInputStream().read());
    }

    /** The PDU that comes back for a PDU. */
    private void exchange(Socket client, int unit, String pdu, String answer) throws IOException {
        send(client, frame(0x1234, unit, pdu));
        expect(client, frame(0x1234, unit, answer));
    }

    private void await(BooleanSupplier what) {
        while (true) {
            lock.lock();
            try {
                if (what.getAsBoolean()) {
                    return;
                }
            } finally {
                lock.unlock();
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void eachFunctionHasItsLimits() throws IOException {
        Socket bms = connect("A1-bms");
        exchange(bms, 1, "03 9C40 0000", "83 03");
        exchange(bms, 1, "03 9C40 007E", "83 03");
        exchange(bms, 1, "03 9C40 FFFF", "83 03");
        exchange(bms, 1, "03 FFFF 007D", "83 02");
        exchange(bms, 1, "04 9C40 007E", "84 03");
        exchange(bms, 1, "04 9C40 0001", "84 02");
        exchange(bms, 1, "01 0000 0000", "81 03");
        exchange(bms, 1, "01 0000 07D1", "81 03");
        exchange(bms, 1, "02 0000 07D0", "82 02");
        send(bms, frame(1, 1, "03 9C40 007D"));
        expect(bms, "0001 0000 00FD 01 03 FA");
        bms.getInputStream().readNBytes(250);
        exchange(bms, 1, ASK, ANSWER);
    }

    /** A request whose length is right and whose PDU is longer or shorter than its function has. */
    @Test
    void aRequestOfTheWrongLengthIsRefused() throws IOException {
        Socket bms = connect("A1-bms");
        exchange(bms, 1, "03", "83 03");
        exchange(bms, 1, "03 9C94", "83 03");
        exchange(bms, 1, "03 9C94 0001 00", "83 03");
        exchange(bms, 1, "05 0000 FF", "85 03");
        exchange(bms, 1, "0F 0000 0008 02 FF FF", "8F 03");
        exchange(bms, 1, "0F 0000 0008 01", "8F 03");
        exchange(bms, 1, "0F 0000 07B1 F7" + "FF".repeat(0xF7), "8F 03");
        exchange(bms, 1, ASK, ANSWER);
    }

    @Test
    void whatNoProfileGivesAMeaningIsAnUnknownFunction() throws IOException {
        Socket bms = connect("A1-bms");
        List<Integer> known = List.of(1, 2, 3, 4, 5, 15);
        for (int function = 0; function < 128; function++) {
            String pdu = "%02X 0000 0001".formatted(function);
            if (!known.contains(function)) {
                exchange(bms, 1, pdu, "%02X 01".formatted(function | 0x80));
            }
        }
        exchange(bms, 1, "83 0000 0001", "83 01");
    }

    @Test
    void onlyCommandsAreWrittenAndAllOfARequestOrNone() throws IOException {
        Socket field = connect("A1-field");
        exchange(field, 6, "05 0000 FF00", "05 0000 FF00");
        exchange(field, 6, "05 0001 FF00", "05 0001 FF00");
        assertEquals(List.of("select QB-A1-1", "trip QB-A1-1"), site.plant.acts);
        exchange(field, 6, "05 0000 0000", "85 03");
        exchange(field, 6, "05 0000 1234", "85 03");
        exchange(field, 6, "05 FFFF FF00", "85 02");
        exchange(field, 6, "0F 0000 0003 01 05", "8F 03");
        exchange(field, 6, "0F 000A 0008 01 FF", "8F 02");
        exchange(field, 1, "05 0000 FF00", "85 02");
        assertEquals(2, site.plant.acts.size());
        exchange(field, 6, "0F 0002 0003 01 07", "0F 0002 0003");
        assertEquals(
                List.of("select QB-A1-2", "trip QB-A1-2", "select QS-A1-01"),
                site.plant.acts.subList(2, 5));
    }

    @Test
    void whatIsWrittenToAllIsAnsweredByNone() throws IOException {
        Socket field = connect("A1-field");
        send(field, frame(1, 0, "05 0000 FF00") + frame(2, 0, "03 0000 0001"));
        exchange(field, 6, "03 0064 0001", "03 02 0001");
        assertEquals(List.of("select QB-A1-1"), site.plant.acts);
    }

    @Test
    void unitsThatAreNotThereOrDeadAreSaidToBeByTheirGateway() throws IOException {
        Socket bms = connect("A1-bms");
        exchange(bms, 99, ASK, "83 0B");
        exchange(bms, 255, ASK, "83 0B");
        site.plant.dead.add(new DeviceId("A1-S01-bms"));
        exchange(bms, 1, ASK, "83 0B");
        exchange(bms, 2, ASK, "03 02 0000");
    }

    @Test
    void refusalsOfADeviceInTroubleCarryTheirCode() throws IOException {
        Socket bms = connect("A1-bms");
        for (int code : List.of(1, 2, 3, 4, 6, 0x0A, 0x0B)) {
            lock.lock();
            try {
                site.gateway("A1-bms")
                        .inflict(new DeviceId("A1-S01-bms"), new ExceptionAnswer(code));
            } finally {
                lock.unlock();
            }
            exchange(bms, 1, ASK, "83 %02X".formatted(code));
        }
    }

    @Test
    void manyRequestsInOneSegmentAreAnsweredInTheirOrder() throws IOException {
        Socket bms = connect("A1-bms");
        var requests = new StringBuilder();
        var answers = new StringBuilder();
        for (int number = 0; number < 200; number++) {
            requests.append(frame(number, 1, ASK));
            answers.append(frame(number, 1, ANSWER));
        }
        send(bms, requests.toString());
        expect(bms, answers.toString());
    }

    /** Split at every place it can be split at. */
    @Test
    void aRequestMayComeInAnyTwoPieces() throws IOException {
        Socket bms = connect("A1-bms");
        String request = frame(7, 1, ASK).replace(" ", "");
        for (int at = 2; at < request.length(); at += 2) {
            send(bms, request.substring(0, at));
            send(bms, request.substring(at));
            expect(bms, frame(7, 1, ANSWER));
        }
    }

    @Test
    void aFrameOfAnotherProtocolIsPassedOver() throws IOException {
        Socket bms = connect("A1-bms");
        send(bms, "0001 0001 0006 01 03 9C94 0001" + "0002 FFFF 0003 01 03 9C");
        exchange(bms, 1, ASK, ANSWER);
    }

    /** A reset would take the answers with it that are still on their way. */
    @Test
    void aLengthThatCannotBeEndsTheConnectionCleanlyAfterWhatWasAsked() throws IOException {
        for (String length : List.of("0000", "0001", "00FF", "FFFF")) {
            Socket bms = connect("A1-bms");
            send(bms, frame(7, 1, ASK) + "0001 0000" + length + "01 03 9C94 0001".repeat(2000));
            expect(bms, frame(7, 1, ANSWER));
            expectEnd(bms);
        }
        exchange(connect("A1-bms"), 1, ASK, ANSWER);
    }

    @Test
    void hundredsAreServedAtOnce() throws IOException {
        List<Socket> all = new ArrayList<>();
        for (int each = 0; each < CLIENTS; each++) {
            all.add(connect("A1-bms"));
        }
        for (int round = 0; round < 3; round++) {
            for (Socket client : all) {
                send(client, frame(round, 1, ASK));
            }
            for (Socket client : all.reversed()) {
                expect(client, frame(round, 1, ANSWER));
            }
        }
    }

    /** Each sends a byte now and then, and never a whole request. */
    @Test
    void thoseWhoDripKeepNobodyWaiting() throws IOException {
        List<Socket> slow = new ArrayList<>();
        for (int each = 0; each < CLIENTS; each++) {
            slow.add(connect("A1-bms"));
        }
        Socket neighbour = connect("A1-bms");
        byte[] request = TwoRooms.bytes(frame(7, 1, ASK));
        long worst = 0;
        for (int at = 0; at < request.length - 1; at++) {
            for (Socket client : slow) {
                client.getOutputStream().write(request[at]);
            }
            long asked = System.nanoTime();
            exchange(neighbour, 1, ASK, ANSWER);
            worst = Math.max(worst, System.nanoTime() - asked);
        }
        assertTrue(worst < 5_000_000_000L, worst + " ns");
        for (Socket client : slow) {
            client.getOutputStream().write(request[request.length - 1]);
            expect(client, frame(7, 1, ANSWER));
        }
    }

    /** They have asked, and say no more; what they asked is answered before the end. */
    @Test
    void aClientThatHasClosedItsSideStillGetsItsAnswers() throws IOException {
        lock.lock();
        try {
            site.gateway("A1-bms")
                    .inflict(new DeviceId("A1-S01-bms"), new LateAnswer(Duration.ofMillis(100)));
        } finally {
            lock.unlock();
        }
        Socket bms = connect("A1-bms");
        send(bms, frame(1, 1, ASK) + frame(2, 1, ASK));
        bms.shutdownOutput();
        expect(bms, frame(1, 1, ANSWER) + frame(2, 1, ANSWER));
        expectEnd(bms);
    }

    /** Reset in the middle of a frame: the server is rid of them, which a single master shows. */
    @Test
    void thoseWhoVanishAreForgotten() throws IOException {
        for (int each = 0; each < CLIENTS; each++) {
            Socket client = connect("A1-bms");
            send(client, "0001 0000 0006 01");
            client.setSoLinger(true, 0);
            client.close();
        }
        lock.lock();
        try {
            site.gateway("A1-bms").inflict(new SingleMaster());
        } finally {
            lock.unlock();
        }
        while (true) {
            Socket client = connect("A1-bms");
            try {
                exchange(client, 1, ASK, ANSWER);
                return;
            } catch (IOException | AssertionError _) {
                // Some are still being let go.
                client.close();
            }
        }
    }

    /**
     * Their answers fill all buffers; they stall themselves, and the server's end ends them too.
     */
    @Test
    void thoseWhoNeverReadStallOnlyThemselves() throws IOException {
        List<Thread> deaf =
                IntStream.range(0, 5)
                        .mapToObj(_ -> Thread.ofVirtual().start(() -> askAndNeverRead()))
                        .toList();
        Socket neighbour = connect("A1-bms");
        for (int each = 0; each < 200; each++) {
            exchange(neighbour, 1, ASK, ANSWER);
        }
        assertTrue(deaf.stream().allMatch(Thread::isAlive), "the deaf were hung up on");
        serving.close();
        await(() -> deaf.stream().noneMatch(Thread::isAlive));
    }

    private void askAndNeverRead() {
        InetSocketAddress address = Site.known(serving.addresses(), new GatewayId("A1-bms"));
        byte[] asks = TwoRooms.bytes(frame(1, 1, "03 9C40 007D").repeat(1000));
        try (var client = new Socket(address.getAddress(), address.getPort())) {
            while (true) {
                client.getOutputStream().write(asks);
            }
        } catch (IOException _) {
            // The server's end.
        }
    }
}
