package dev.bulkhead.simulator.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulkhead.agent.peer.Certificates;
import dev.bulkhead.agent.peer.Reasons;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Gateways served otherwise than over plain Modbus TCP. CRCs were worked out apart from ours. */
@Timeout(60)
class ServedLinksTest {
    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String ASK = "01 03 9C94 0001 EBB6";
    private static final String ANSWER = "01 03 02 15C8 B742";

    @TempDir private Path folder;
    private final TwoRooms site = new TwoRooms();
    private final List<Socket> clients = new ArrayList<>();
    private Optional<Serving> serving = Optional.empty();

    @BeforeEach
    void set() {
        site.plant.set(Role.RACK_VOLTAGE, HandSetPlant.node("A1-S01"), 557.6);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        if (serving.isPresent()) {
            serving.get().close();
        }
    }

    private void serve(Way way) throws IOException {
        Map<GatewayId, Way> ways = new LinkedHashMap<>();
        site.gateways.keySet().forEach(gateway -> ways.put(gateway, way));
        serving =
                Optional.of(
                        Serving.start(site.gateways, new ReentrantLock(), () -> site.now, ways));
    }

    private InetSocketAddress address(String gateway) {
        return Site.known(serving.orElseThrow().addresses(), new GatewayId(gateway));
    }

    private Socket connect(String gateway) throws IOException {
        InetSocketAddress address = address(gateway);
        return used(new Socket(address.getAddress(), address.getPort()));
    }

    private Socket connect(SSLContext context) throws IOException {
        InetSocketAddress address = address("A1-bms");
        return used(
                context.getSocketFactory().createSocket(address.getAddress(), address.getPort()));
    }

    private Socket used(Socket client) throws IOException {
        client.setSoTimeout(10_000);
        clients.add(client);
        return client;
    }

    private static void exchange(Socket client, String request, String answer) throws IOException {
        client.getOutputStream().write(TwoRooms.bytes(request));
        byte[] expected = TwoRooms.bytes(answer);
        assertArrayEquals(expected, client.getInputStream().readNBytes(expected.length));
    }

    @Test
    void framesOfASerialLineComeThroughTcp() throws IOException {
        serve(new Way.RtuOverTcp(ANY));
        Socket bms = connect("A1-bms");
        exchange(bms, ASK, ANSWER);
        exchange(bms, ASK + ASK, ANSWER + ANSWER);
        exchange(bms, "01 07 41E2", "01 87 01 8230");
    }

    @Test
    void whatIsNoFrameOfALineIsPassedOver() throws IOException {
        serve(new Way.RtuOverTcp(ANY));
        Socket bms = connect("A1-bms");
        exchange(bms, "01 03 9C94 0001 0000" + ASK, ANSWER);
        exchange(bms, "FF 00 FF" + ASK, ANSWER);
    }

    /** No gateway is there to say so of a unit that isn't; and what all are told, none answers. */
    @Test
    void onALineNobodyAnswersForOthers() throws IOException {
        serve(new Way.RtuOverTcp(ANY));
        exchange(connect("A1-bms"), "63 03 9C94 0001 E3F4" + ASK, ANSWER);
        Socket field = connect("A1-field");
        exchange(field, "00 05 0000 FF00 8DEB" + "06 05 0001 FF00 DC4D", "06 05 0001 FF00 DC4D");
        assertEquals(List.of("select QB-A1-1", "trip QB-A1-1"), site.plant.acts);
    }

    /** A request whose length stands in it. */
    @Test
    void severalOutputsAreWrittenOnALine() throws IOException {
        serve(new Way.RtuOverTcp(ANY));
        exchange(connect("A1-field"), "06 0F 0002 0002 01 03 A6B0", "06 0F 0002 0002 747D");
        assertEquals(List.of("select QB-A1-2", "trip QB-A1-2"), site.plant.acts);
    }

    @Test
    void modbusTcpComesWithinTls() throws Exception {
        Certificates.Made own = Certificates.made(folder, "simulator", "ip:127.0.0.1");
        serve(new Way.Tls(ANY, own.server(), false));
        Socket bms = connect(trusting(own, own));
        exchange(bms, "0007 0000 0006 01 03 9C94 0001", "0007 0000 0005 01 03 02 15C8");
    }

    @Test
    void aClientIsAskedWhoItIs() throws Exception {
        Certificates.Made own = Certificates.made(folder, "simulator", "ip:127.0.0.1");
        Certificates.Made client = Certificates.made(folder, "client", "dns:client");
        serve(new Way.Tls(ANY, own.server(Optional.of(client.trust())), true));
        exchange(
                connect(trusting(client, own)),
                "0007 0000 0006 01 03 9C94 0001",
                "0007 0000 0005 01 03 02 15C8");
        Socket stranger = connect(trusting(own, own));
        assertThrows(
                IOException.class,
                () ->
                        exchange(
                                stranger,
                                "0007 0000 0006 01 03 9C94 0001",
                                "0007 0000 0005 01 03 02 15C8"));
    }

    /** Its answers fill all buffers, and a farewell would have to wait behind them. */
    @Test
    void whoNeverReadsWithinTlsDoesNotKeepTheServerFromItsEnd() throws Exception {
        Certificates.Made own = Certificates.made(folder, "simulator", "ip:127.0.0.1");
        serve(new Way.Tls(ANY, own.server(), false));
        Socket deaf = connect(trusting(own, own));
        var asked = new AtomicInteger();
        Thread asking = Thread.ofVirtual().start(() -> askAndNeverRead(deaf, asked));
        for (int before = 0; before == 0 || before != asked.get(); ) {
            before = asked.get();
            TimeUnit.MILLISECONDS.sleep(500);
        }

        serving.orElseThrow().close();

        asking.join();
    }

    private static void askAndNeverRead(Socket deaf, AtomicInteger asked) {
        byte[] asks = TwoRooms.bytes("0007 0000 0006 01 03 9C40 007D".repeat(100));
        try {
            while (true) {
                deaf.getOutputStream().write(asks);
                asked.incrementAndGet();
            }
        } catch (IOException _) {
            // The server's end.
        }
    }

    /** One who believes the other's certificate, and has one. */
    private static SSLContext trusting(Certificates.Made own, Certificates.Made other)
            throws Exception {
        return own.server(Optional.of(other.trust()));
    }

    @Test
    void eachGatewayMayHaveAnAddressOfItsOwn() throws IOException {
        var elsewhere = new InetSocketAddress(InetAddress.getByName("127.3.2.1"), 0);
        serve(new Way.Tcp(elsewhere));
        assertEquals("127.3.2.1", address("A1-bms").getAddress().getHostAddress());
        exchange(
                connect("A1-bms"),
                "0007 0000 0006 01 03 9C94 0001",
                "0007 0000 0005 01 03 02 15C8");
    }

    @Test
    void theEndpointsFileSaysWhichLinkIsNoModbusTcp() throws IOException {
        serve(new Way.RtuOverTcp(ANY));
        Path file = folder.resolve("endpoints.yaml");
        serving.orElseThrow().writeEndpoints(file);
        assertEquals(
                "\"A1-bms\": \"127.0.0.1:%d\"  # rtu-tcp".formatted(address("A1-bms").getPort()),
                Files.readAllLines(file).getFirst());
    }

    @Test
    void aLineThatIsNotThereIsSaid() {
        IOException refused =
                assertThrows(
                        IOException.class, () -> serve(new Way.Rtu(folder.resolve("ttyNone"))));
        assertEquals(
                "line " + folder.resolve("ttyNone") + " for gateway A1-bms can't be opened",
                refused.getMessage());
    }

    /** Whoever mixes up two options must not lose a file. */
    @Test
    void aFileThatIsNoLineIsRefusedAndLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("scenario.yaml"), "title: precious");
        for (Path wrong : List.of(file, folder)) {
            IOException refused = assertThrows(IOException.class, () -> serve(new Way.Rtu(wrong)));
            assertEquals(
                    "line %s for gateway A1-bms can't be opened (it is no serial line or pseudo-terminal)"
                            .formatted(wrong),
                    Reasons.of(refused));
        }
        assertEquals("title: precious", Files.readString(file));
    }
}
