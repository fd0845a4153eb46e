package dev.bulkhead.rules.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** How a site's file says by what link each gateway is reached. */
final class CablingTest {
    private static final NamedFiles IN_ETC =
            new NamedFiles() {
                @Override
                public String path(String name) {
                    return "/etc/" + name;
                }

                @Override
                public Optional<String> objection(Link.Tls link) {
                    return link.trust().equals("/etc/bad.pem")
                            ? Optional.of("there is no certificate in /etc/bad.pem")
                            : Optional.empty();
                }
            };

    private static Document.Parsed<SequencedMap<GatewayId, Gateway>> parse(String rows) {
        return Document.parse(
                "site.yaml",
                "gateways:\n" + rows,
                top -> new Cabling(new Names(), IN_ETC).read(top.tables("gateways")));
    }

    private static Gateway only(String row) {
        return parse("  - " + row + "\n").orElseThrow().firstEntry().getValue();
    }

    @Test
    void aGatewayThatSaysNothingElseIsReachedOverModbusTcp() {
        assertEquals(
                Gateway.tcp(new GatewayId("g"), "10.0.0.7", 15020),
                only("{id: g, host: 10.0.0.7, port: 15020}"));
        assertEquals(
                new Link.Tcp("10.0.0.7", 502), only("{id: g, host: 10.0.0.7, link: tcp}").link());
    }

    @Test
    void everyKindOfLinkHasWhatItNeedsAndTheRestByDefault() {
        assertEquals(
                new Link.Tls("ups", 802, "ups", "/etc/ca.pem", Optional.empty()),
                only("{id: g, link: tls, host: ups, trust: ca.pem}").link());
        assertEquals(
                new Link.Tls(
                        "10.0.0.8",
                        1802,
                        "ups.example",
                        "/etc/ca.pem",
                        Optional.of(
                                new Link.Tls.Own(
                                        "/etc/a.pem", "/etc/a.key", Optional.of("Operator")))),
                only("{id: g, link: tls, host: 10.0.0.8, port: 1802, serverName: ups.example,"
                                + " trust: ca.pem, certificate: a.pem, key: a.key, role: Operator}")
                        .link());
        assertEquals(
                new Link.RtuOverTcp("h", 4001),
                only("{id: g, link: rtu-tcp, host: h, port: 4001}").link());
        assertEquals(
                new Link.AsciiOverTcp("h", 502), only("{id: g, link: ascii-tcp, host: h}").link());
        assertEquals(
                new Link.Rtu(new SerialLine("/dev/ttyUSB0", 19_200, SerialLine.Parity.EVEN, 8, 1)),
                only("{id: g, link: rtu, device: /dev/ttyUSB0}").link());
        assertEquals(
                new Link.Rtu(new SerialLine("/dev/ttyS1", 9600, SerialLine.Parity.NONE, 8, 2)),
                only("{id: g, link: rtu, device: /dev/ttyS1, baud: 9600, parity: none}").link());
        assertEquals(
                new Link.Ascii(new SerialLine("/dev/ttyS1", 19_200, SerialLine.Parity.ODD, 7, 1)),
                only("{id: g, link: ascii, device: /dev/ttyS1, parity: odd}").link());
    }

    @Test
    void whatADeviceNeedsIsGranted() {
        assertEquals(
                new Courtesy(true, Duration.ofMillis(200), Duration.ofMillis(50)),
                only("{id: g, host: h, closeAfterPoll: true, pauseAfterConnect: 200 ms,"
                                + " pauseBetweenRequests: 50 ms}")
                        .courtesy());
        assertEquals(
                new Courtesy(false, Duration.ZERO, Duration.ofSeconds(1)),
                only("{id: g, link: rtu, device: /dev/a, pauseBetweenRequests: 1 s}").courtesy());
    }

    @Test
    void allMistakesAreFoundAtOnceEachWithItsPlace() {
        var parsed =
                parse(
                        """
                          - {id: a, host: h, device: /dev/ttyUSB0}
                          - {id: b, link: rtu, device: /dev/ttyUSB0, port: 502}
                          - {id: c, link: rtu, device: /dev/ttyUSB0}
                          - {id: d, link: rtu-tcp, host: h}
                          - {id: e, link: modbus, host: i}
                          - {id: f, link: ascii}
                          - {id: g, link: rtu, device: COM1, dataBits: 7, stopBits: 3, parity: mark}
                          - {id: h, link: tls, host: j}
                          - {id: i, link: tls, host: k, trust: ca.pem, key: a.key, role: Operator}
                          - {id: j, link: tls, host: l, trust: bad.pem}
                          - {id: k, host: m, trust: ca.pem, pauseAfterConnect: 6 s}
                          - {id: l, link: ascii, device: /dev/b, closeAfterPoll: true, pauseBetweenRequests: 50}
                          - {id: m, link: rtu-tcp, port: 70000}
                        """);

        assertTrue(parsed.value().isEmpty());
        assertEquals(
                """
                site.yaml:2:30: device is of link rtu, ascii, and this is link tcp: leave it out, or say which link
                site.yaml:3:52: port is of link tcp, tls, rtu-tcp, ascii-tcp, and this is link rtu: leave it out, or say which link
                site.yaml:4:32: '/dev/ttyUSB0' is already in use by 'b'
                site.yaml:5:5: 'h:502' is already in use by 'a'
                site.yaml:6:19: link is 'modbus'; expected one of tcp, tls, rtu-tcp, ascii-tcp, rtu, ascii
                site.yaml:7:5: 'device' is missing
                site.yaml:8:32: device is 'COM1'; expected as in /dev/ttyUSB0
                site.yaml:8:48: dataBits is 7; link rtu needs all 8 bits of a character
                site.yaml:8:61: stopBits is 3; expected 1 to 2
                site.yaml:8:72: parity is 'mark'; expected one of none, even, odd
                site.yaml:9:5: 'trust' is missing
                site.yaml:10:53: certificate and key go together: each is worth nothing without the other
                site.yaml:10:66: a role stands in a certificate: see certificate
                site.yaml:11:40: there is no certificate in /etc/bad.pem
                site.yaml:12:29: trust is of link tls, and this is link tcp: leave it out, or say which link
                site.yaml:12:56: pauseAfterConnect is over 5 s; a device that slow can't be watched
                site.yaml:13:58: closeAfterPoll is of link tcp, tls, rtu-tcp, ascii-tcp, and this is link ascii: leave it out, or say which link
                site.yaml:13:86: pauseBetweenRequests is '50'; a time with its unit was expected, as in 500 ms, 2 s, 90 min
                site.yaml:14:5: 'host' is missing
                site.yaml:14:34: port is 70000; expected 1 to 65535
                """,
                String.join("\n", parsed.lines()) + "\n");
    }

    @Test
    void aLineIsSilentFor35CharactersAndNoLessThan1750MicrosecondsAtHighSpeed() {
        var slow = new SerialLine("/dev/a", 1200, SerialLine.Parity.EVEN, 8, 1);
        assertEquals(Duration.ofNanos(32_083_334), slow.silence());
        var fast = new SerialLine("/dev/a", 38_400, SerialLine.Parity.EVEN, 8, 1);
        assertEquals(Duration.ofNanos(1_750_000), fast.silence());
        assertEquals(Duration.ofNanos(286_459), fast.time(1));
    }

    /** Two gateways that lead to one box would count as two causes. */
    @Test
    void aPlaceIsOneHoweverItIsWrittenAndHasNoBlankOrNul() {
        var parsed =
                parse(
                        """
                          - {id: a, host: panel.example}
                          - {id: b, host: Panel.Example}
                          - {id: c, host: '10.0.0.7 '}
                          - {id: d, host: "10.0.0.7\\n"}
                          - {id: e, host: p\u0430nel.example}
                          - {id: f, link: rtu, device: "/dev/tty\\0"}
                          - {id: g, host: fe80::1%eth0}
                          - {id: h, link: rtu, device: /dev/ttyS0}
                          - {id: i, link: rtu, device: /dev/ttys0}
                          - {id: j, host: localhost, port: 5020}
                          - {id: k, host: 127.0.0.1, port: 5020}
                          - {id: l, host: 127.0.0.2, port: 5020}
                        """);

        assertEquals(
                """
                site.yaml:3:5: 'Panel.Example:502' is already in use by 'a'
                site.yaml:4:19: '10.0.0.7 ' is no host; expected a name or an address
                site.yaml:5:19: '10.0.0.7\n' is no host; expected a name or an address
                site.yaml:6:19: 'p\u0430nel.example' is no host; expected a name or an address
                site.yaml:7:32: device has a NUL character, which no name and no path can have
                site.yaml:7:32: device is '?'; expected as in /dev/ttyUSB0
                site.yaml:12:36: '127.0.0.1:5020' is already in use by 'j'
                """,
                String.join("\n", parsed.lines()) + "\n");
    }
}
