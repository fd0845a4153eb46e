package dev.bulkhead.simulator.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Gateways on real sockets: one client's bytes, whatever they are, harm no other client. */
@Timeout(30)
class ServingTest {
    private static final String ASK = "0007 0000 0006 01 03 9C94 0001";
    private static final String ANSWER = "0007 0000 0005 01 03 02 15C8";

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

    private InetSocketAddress address(String gateway) {
        return Site.known(serving.addresses(), new GatewayId(gateway));
    }

    private Socket connect(String gateway) throws IOException {
        InetSocketAddress address = address(gateway);
        var client = new Socket(address.getAddress(), address.getPort());
        client.setSoTimeout(10_000);
        clients.add(client);
        return client;
    }

    private static void send(Socket client, String hex) throws IOException {
        client.getOutputStream().write(TwoRooms.bytes(hex));
    }

    private static void expect(Socket client, String hex) throws IOException {
        byte[] expected = TwoRooms.bytes(hex);
        assertArrayEquals(expected, client.getInputStream().readNBytes(expected.length));
    }

    private static void expectEnd(Socket client) throws IOException {
        assertEquals(-1, client.getInputStream().read());
    }

    private static void expectAnswers(Socket client) throws IOException {
        send(client, ASK);
        expect(client, ANSWER);
    }

    @Test
    void randomBytesHarmNobodyElse() throws IOException {
        long seed = 20221015;
        var random = new Random(seed);
        Socket neighbour = connect("A1-bms");
        for (int each = 0; each < 100; each++) {
            byte[] noise = new byte[random.nextInt(1, 400)];
            random.nextBytes(noise);
            try (Socket client = connect("A1-bms")) {
                client.getOutputStream().write(noise);
            } catch (IOException _) {
                // Hung up on, as it should be.
            }
        }
        expectAnswers(neighbour);
        assertEquals(List.of(), site.plant.acts, "seed " + seed);
    }

    @Test
    void theLinkIsCutForOldAndNewClientsAndComesBack() throws IOException {
        Socket old = connect("A1-bms");
        expectAnswers(old);
        inflict(new CutLink());
        send(old, ASK);
        expectEnd(old);
        expectEnd(connect("A1-bms"));
        lock.lock();
        try {
            site.gateway("A1-bms").mend(new CutLink());
        } finally {
            lock.unlock();
        }
        expectAnswers(connect("A1-bms"));
    }

    @Test
    void aSlowAnswerComesByteByByte() throws IOException {
        inflict(new DeviceId("A1-S01-bms"), new SlowAnswer(Duration.ofMillis(30)));
        Socket client = connect("A1-bms");
        Socket neighbour = connect("A1-bms");
        long asked = System.nanoTime();
        send(client, ASK);
        expect(client, ANSWER.substring(0, 2));
        long first = System.nanoTime();
        send(neighbour, "0008 0000 0006 02 03 9C48 0001");
        expect(neighbour, "0008 0000 0005 02 03 02 2073");
        long neighbours = System.nanoTime();
        expect(client, ANSWER.substring(2));
        long whole = System.nanoTime();
        assertTrue(whole - asked >= 10 * 30_000_000L, whole - asked + " ns");
        assertTrue(whole - first >= 8 * 30_000_000L, whole - first + " ns");
        assertTrue(neighbours < whole, "the neighbour had to wait");
    }

    @Test
    void aSingleMasterHangsUpOnTheSecondUntilTheFirstIsGone()
            throws IOException, InterruptedException {
        inflict(new SingleMaster());
        Socket first = connect("A1-bms");
        expectAnswers(first);
        expectEnd(connect("A1-bms"));
        expectAnswers(first);
        first.close();
        while (!isServed(connect("A1-bms"))) {
            Thread.onSpinWait();
        }
    }

    /** A server needs a moment to see that a client is gone. */
    private static boolean isServed(Socket client) {
        try {
            send(client, ASK);
            return client.getInputStream().read() >= 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void theLastMasterPushesOutTheFirst() throws IOException {
        Socket first = connect("A1-bms");
        expectAnswers(first);
        inflict(new LastMaster());
        Socket last = connect("A1-bms");
        expectAnswers(last);
        expectEnd(first);
        expectAnswers(last);
    }

    private void inflict(DeviceId device, Fault.OfAnswer fault) {
        lock.lock();
        try {
            site.gateway("A1-bms").inflict(device, fault);
        } finally {
            lock.unlock();
        }
    }

    private void inflict(Fault.OfGateway fault) {
        lock.lock();
        try {
            site.gateway("A1-bms").inflict(fault);
        } finally {
            lock.unlock();
        }
    }

    @Test
    void aLateAnswerComesLateAndHoldsUpThoseBehindIt() throws IOException {
        inflict(new DeviceId("A1-S01-bms"), new LateAnswer(Duration.ofMillis(200)));
        Socket client = connect("A1-bms");
        long asked = System.nanoTime();
        send(client, ASK + "0008 0000 0006 02 03 9C48 0001");
        expect(client, ANSWER + "0008 0000 0005 02 03 02 2073");
        assertTrue(System.nanoTime() - asked >= 200_000_000);
    }

    @Test
    void theEndpointsFileSaysWhereEachGatewayListens(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("endpoints.yaml");
        serving.writeEndpoints(file);
        assertEquals(
                "\"A1-bms\": \"127.0.0.1:" + address("A1-bms").getPort() + "\"",
                Files.readString(file, UTF_8).lines().findFirst().orElseThrow());
        assertEquals(10, Files.readString(file, UTF_8).lines().count());
    }

    @Test
    void afterClosingNobodyIsServed() throws IOException {
        Socket client = connect("A1-bms");
        expectAnswers(client);
        InetSocketAddress address = address("A1-bms");
        serving.close();
        expectEnd(client);
        assertThrows(
                IOException.class,
                () -> new Socket(address.getAddress(), address.getPort()).close());
    }

    @Test
    void aTakenPortIsSaidByGateway() throws IOException {
        int taken = address("A1-bms").getPort();
        IOException refused =
                assertThrows(
                        IOException.class,
                        () -> Serving.start(site.gateways, lock, () -> site.now, taken).close());
        assertTrue(
                String.valueOf(refused.getMessage())
                        .startsWith("port " + taken + " for gateway A1-bms"),
                refused.getMessage());
    }
}
