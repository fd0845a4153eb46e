package dev.bulkhead.rules.site;

import dev.bulkhead.rules.site.Document.Table;
import dev.bulkhead.rules.site.Names.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The gateways of a site's file: which kind of link each is, and what that kind needs.
 *
 * <pre>
 * gateways:                 # tcp where it isn't said; what is in brackets may be left out
 *   - {id: A1-bms, host: 10.0.0.7, port: 502}                                   # [port]
 *   - {id: A1-ups, link: tls, host: 10.0.0.8, port: 802, serverName: ups-a1.example, trust: ca.pem,
 *      certificate: agent.pem, key: agent.key, role: Operator}                  # [port, serverName: the
 *                                                   host, certificate and key together, role]
 *   - {id: A1-gas, link: rtu-tcp, host: 10.0.0.9, port: 4001}                   # or ascii-tcp
 *   - {id: A1-smoke, link: rtu, device: /dev/ttyUSB0, baud: 19200, parity: even, stopBits: 1}
 *                                                   # or ascii; [baud, parity, stopBits, dataBits]
 *   - {id: A1-card, host: 10.0.0.10, closeAfterPoll: true, pauseAfterConnect: 200 ms,
 *      pauseBetweenRequests: 50 ms}                 # [each; of a serial line only the last]
 * </pre>
 */
final class Cabling {
    private enum Means {
        TCP,
        TLS,
        RTU_TCP,
        ASCII_TCP,
        RTU,
        ASCII
    }

    private static final Set<Means> NETWORKED =
            Set.of(Means.TCP, Means.TLS, Means.RTU_TCP, Means.ASCII_TCP);
    private static final List<String> NETWORKED_KEYS =
            List.of("host", "port", "closeAfterPoll", "pauseAfterConnect");

    private static final Set<Means> SECURED = Set.of(Means.TLS);
    private static final List<String> SECURED_KEYS =
            List.of("serverName", "trust", "certificate", "key", "role");

    private static final Set<Means> SERIAL = Set.of(Means.RTU, Means.ASCII);
    private static final List<String> SERIAL_KEYS =
            List.of("device", "baud", "parity", "dataBits", "stopBits");

    /** Names and addresses, those of IPv6 with their zone too. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    private static final int MODBUS_PORT = 502;

    /** Registered for Modbus/TCP Security. */
    private static final int SECURE_PORT = 802;

    /** What every device has to know: Modbus over serial line 1.02, section 2.2. */
    private static final int BAUD = 19_200;

    /** A longer pause is a wrong unit: a poll is due every ten seconds at least. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Names names;
    private final NamedFiles files;
    private final SequencedMap<GatewayId, Gateway> gateways = new LinkedHashMap<>();

    Cabling(Names names, NamedFiles files) {
        this.names = names;
        this.files = files;
    }

    SequencedMap<GatewayId, Gateway> read(List<Table> rows) {
        rows.forEach(this::readGateway);
        return gateways;
    }

    private void readGateway(Table row) {
        var id = new GatewayId(names.declare(row, Kind.GATEWAY));
        Means means = row.oneOf("link", Means.class, Means.TCP);
        Link link =
                switch (means) {
                    case TCP -> new Link.Tcp(host(row), port(row, MODBUS_PORT));
                    case TLS -> tls(row);
                    case RTU_TCP -> new Link.RtuOverTcp(host(row), port(row, MODBUS_PORT));
                    case ASCII_TCP -> new Link.AsciiOverTcp(host(row), port(row, MODBUS_PORT));
                    case RTU -> new Link.Rtu(line(row, 8));
                    case ASCII -> new Link.Ascii(line(row, 7));
                };
        Courtesy courtesy = courtesy(row, link);
        noteKeysOfOthers(row, means, NETWORKED, NETWORKED_KEYS);
        noteKeysOfOthers(row, means, SECURED, SECURED_KEYS);
        noteKeysOfOthers(row, means, SERIAL, SERIAL_KEYS);
        gateways.values().stream()
                .filter(other -> isNamed(link) && areOne(other.link(), link))
                .findFirst()
                .ifPresent(
                        other ->
                                row.wrong(
                                        link instanceof Link.Serial ? "device" : "port",
                                        "'%s' is already in use by '%s'"
                                                .formatted(link.place(), other.id())));
        gateways.putIfAbsent(id, new Gateway(id, link, courtesy));
    }

    /** Whether it could be read where the link leads; if not, that was noted. */
    private static boolean isNamed(Link link) {
        return !link.place().startsWith("?");
    }

    /** A host's name is the same in capitals; what a resolver knows isn't known here. */
    private static boolean areOne(Link one, Link other) {
        if (one instanceof Link.Networked here && other instanceof Link.Networked there) {
            return here.port() == there.port() && known(here.host()).equals(known(there.host()));
        }
        return one.place().equals(other.place());
    }

    private static String known(String host) {
        String small = host.toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(small) ? "localhost" : small;
    }

    private static String host(Table row) {
        String host = row.text("host");
        if (row.has("host") && !host.equals("?") && !HOST.matcher(host).matches()) {
            row.wrong("host", "'%s' is no host; expected a name or an address".formatted(host));
        }
        return host;
    }

    private static int port(Table row, int otherwise) {
        return row.integer("port", 1, 65535, otherwise);
    }

    private Link tls(Table row) {
        String host = host(row);
        Optional<String> certificate = file(row, "certificate");
        Optional<String> key = file(row, "key");
        if (certificate.isPresent() != key.isPresent()) {
            row.wrong(
                    certificate.isPresent() ? "certificate" : "key",
                    "certificate and key go together: each is worth nothing without the other");
        }
        Optional<String> role = row.find("role").map(Document.Entry::asText);
        if (role.isPresent() && certificate.isEmpty()) {
            row.wrong("role", "a role stands in a certificate: see certificate");
        }
        row.text("trust");
        var link =
                new Link.Tls(
                        host,
                        port(row, SECURE_PORT),
                        row.text("serverName", host),
                        file(row, "trust").orElse("?"),
                        certificate.flatMap(
                                one -> key.map(other -> new Link.Tls.Own(one, other, role))));
        if (row.has("trust")) {
            files.objection(link)
                    .ifPresent(
                            what ->
                                    row.wrong(
                                            row.has("certificate") ? "certificate" : "trust",
                                            what));
        }
        return link;
    }

    private Optional<String> file(Table row, String key) {
        return row.find(key).map(entry -> files.path(entry.asText()));
    }

    private static SerialLine line(Table row, int dataBits) {
        String device = row.text("device");
        if (row.has("device") && !device.startsWith("/")) {
            row.wrong("device", "device is '%s'; expected as in /dev/ttyUSB0".formatted(device));
        }
        var parity = row.oneOf("parity", SerialLine.Parity.class, SerialLine.Parity.EVEN);
        int bits = row.integer("dataBits", 7, 8, dataBits);
        if (bits < dataBits) {
            row.wrong("dataBits", "dataBits is 7; link rtu needs all 8 bits of a character");
        }
        // A character has as many bits with and without parity: section 2.5.1.
        int stopBits = row.integer("stopBits", 1, 2, parity == SerialLine.Parity.NONE ? 2 : 1);
        return new SerialLine(
                device, row.integer("baud", 300, 1_000_000, BAUD), parity, bits, stopBits);
    }

    private static Courtesy courtesy(Table row, Link link) {
        Duration between = pause(row, "pauseBetweenRequests");
        return link instanceof Link.Serial
                ? new Courtesy(false, Duration.ZERO, between)
                : new Courtesy(
                        row.flag("closeAfterPoll", false),
                        pause(row, "pauseAfterConnect"),
                        between);
    }

    private static Duration pause(Table row, String key) {
        Duration pause = row.duration(key, Duration.ZERO);
        if (pause.compareTo(LONGEST_PAUSE) > 0) {
            row.wrong(key, "%s is over 5 s; a device that slow can't be watched".formatted(key));
        }
        return pause;
    }

    private static void noteKeysOfOthers(
            Table row, Means means, Set<Means> kinds, List<String> keys) {
        if (kinds.contains(means)) {
            return;
        }
        String others =
                Arrays.stream(Means.values())
                        .filter(kinds::contains)
                        .map(Document::spelled)
                        .collect(Collectors.joining(", "));
        for (String key : keys) {
            if (row.has(key)) {
                row.wrong(
                        key,
                        "%s is of link %s, and this is link %s: leave it out, or say which link"
                                .formatted(key, others, Document.spelled(means)));
            }
        }
    }
}
