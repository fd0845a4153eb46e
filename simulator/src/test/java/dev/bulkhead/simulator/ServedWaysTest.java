package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.peer.Certificates;
import dev.bulkhead.agent.peer.Identity;
import dev.bulkhead.agent.peer.Trust;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.simulator.device.Way;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedWaysTest {
    private static final GatewayId BMS = new GatewayId("A1-bms");
    private static final GatewayId UPS = new GatewayId("A1-ups");
    private static final List<GatewayId> BOTH = List.of(BMS, UPS);

    private static ServedWays ways(int portBase, String hostBase, String... links) {
        return new ServedWays(
                portBase,
                Optional.of(hostBase).filter(host -> !host.isEmpty()),
                List.of(links),
                Optional.empty());
    }

    private static InetSocketAddress at(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    @Test
    void portsFollowEachOtherOnOneAddressOrAddressesOnOnePort() throws IOException {
        assertEquals(
                Map.of(
                        BMS, new Way.Tcp(at("127.0.0.1", 1502)),
                        UPS, new Way.Tcp(at("127.0.0.1", 1503))),
                ways(1502, "").of(BOTH));
        assertEquals(
                Map.of(
                        BMS, new Way.Tcp(at("127.0.1.255", 1502)),
                        UPS, new Way.Tcp(at("127.0.2.0", 1502))),
                ways(1502, "127.0.1.255").of(BOTH));
    }

    @Test
    void eachGatewayHasTheLinkThatIsSaid() throws IOException {
        assertEquals(
                Map.of(
                        BMS, new Way.RtuOverTcp(at("127.0.0.1", 0)),
                        UPS, new Way.Rtu(Path.of("/dev/pts/3"))),
                ways(0, "", "A1-bms=rtu-tcp", "A1-ups=rtu:/dev/pts/3").of(BOTH));
    }

    @Test
    void tlsTakesCertificatesFromFiles(@TempDir Path folder) throws Exception {
        Certificates.Made own = Certificates.made(folder, "simulator", "ip:127.0.0.1");
        SequencedMap<GatewayId, Way> ways =
                new ServedWays(
                                0,
                                Optional.empty(),
                                List.of("A1-bms=tls"),
                                Optional.of(
                                        new ServedWays.Tls(
                                                new Identity(own.trust(), own.key()),
                                                Optional.of(new Trust(own.trust())))))
                        .of(BOTH);
        assertTrue(ways.get(BMS) instanceof Way.Tls(var _, var _, boolean asksWho) && asksWho);
    }

    @Test
    void whatCannotBeIsSaid() {
        assertRefused("--port-base is 65535; expected 0 to 65534", ways(65535, ""));
        assertRefused(
                "--host-base is 10.0.0.1; expected an address of 127.0.0.0/8",
                ways(502, "10.0.0.1"));
        assertRefused(
                "--link: there is no gateway 'A1-bmx'; did you mean 'A1-bms'?",
                ways(502, "", "A1-bmx=tcp"));
        assertRefused(
                "--link: 'udp' is none of tcp, tls, rtu-tcp, rtu:DEVICE",
                ways(502, "", "A1-bms=udp"));
        assertRefused(
                "--link: 'A1-bms' is no GATEWAY=LINK; expected one as in A1-ups=tls",
                ways(502, "", "A1-bms"));
        assertRefused(
                "--link: gateway 'A1-bms' has two", ways(502, "", "A1-bms=tcp", "A1-bms=tcp"));
        assertRefused("tls needs --certificate and --key", ways(502, "", "A1-bms=tls"));
    }

    private static void assertRefused(String why, ServedWays ways) {
        assertEquals(
                why,
                assertThrows(IllegalArgumentException.class, () -> ways.of(BOTH)).getMessage());
    }
}
