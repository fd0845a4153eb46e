package dev.bulkhead.simulator;

import dev.bulkhead.agent.peer.Identity;
import dev.bulkhead.agent.peer.Trust;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.simulator.device.Way;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * How gateways are served, as a command line says it.
 *
 * @param portBase the first gateway's port, the next ones' follow; 0 for any free ones
 * @param hostBase the first gateway's address, the next ones' follow, all on one port; empty: all
 *     on 127.0.0.1
 * @param links as in {@code A1-ups=rtu:/dev/pts/3}; of any gateway that isn't named it is {@code
 *     tcp}
 * @param tls empty: nothing can be served so
 */
record ServedWays(int portBase, Optional<String> hostBase, List<String> links, Optional<Tls> tls) {
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");
    private static final String SERIAL = "rtu:";

    /**
     * What TLS needs.
     *
     * @param clients who may vouch for them; empty: they aren't asked
     */
    record Tls(Identity server, Optional<Trust> clients) {
        private SSLContext context() throws IOException {
            List<KeyManager> own = server.read().managers();
            if (clients.isPresent()) {
                return clients.get().read(own).context();
            }
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(own.toArray(KeyManager[]::new), null, null);
                return context;
            } catch (GeneralSecurityException broken) {
                throw new IOException("no TLS: " + broken.getMessage(), broken);
            }
        }
    }

    /**
     * The way to each gateway, in their order.
     *
     * @throws IllegalArgumentException in words for whoever wrote the command line
     * @throws IOException if a certificate or key can't be read
     */
    SequencedMap<GatewayId, Way> of(SequencedCollection<GatewayId> gateways) throws IOException {
        checkPorts(gateways.size());
        Map<String, String> named = named();
        for (String gateway : named.keySet()) {
            if (!gateways.contains(new GatewayId(gateway))) {
                List<String> known = gateways.stream().map(GatewayId::value).toList();
                throw new IllegalArgumentException(
                        "--link: there is no gateway '"
                                + gateway
                                + "'"
                                + Document.nearest(gateway, known));
            }
        }
        SequencedMap<GatewayId, Way> ways = new LinkedHashMap<>();
        for (GatewayId gateway : gateways) {
            ways.put(
                    gateway, way(named.getOrDefault(gateway.value(), "tcp"), address(ways.size())));
        }
        return ways;
    }

    /** The links by their gateways. */
    private Map<String, String> named() {
        Map<String, String> named = new LinkedHashMap<>();
        for (String link : links) {
            int sign = link.indexOf('=');
            if (sign < 0) {
                throw new IllegalArgumentException(
                        "--link: '" + link + "' is no GATEWAY=LINK; expected one as in A1-ups=tls");
            }
            if (named.put(link.substring(0, sign), link.substring(sign + 1)) != null) {
                throw new IllegalArgumentException(
                        "--link: gateway '" + link.substring(0, sign) + "' has two");
            }
        }
        return named;
    }

    private void checkPorts(int gateways) {
        int highest = hostBase.isPresent() ? 65535 : 65536 - gateways;
        if (portBase < 0 || portBase > highest) {
            throw new IllegalArgumentException(
                    "--port-base is " + portBase + "; expected 0 to " + highest);
        }
    }

    private InetSocketAddress address(int place) throws UnknownHostException {
        if (hostBase.isEmpty()) {
            int port = portBase == 0 ? 0 : portBase + place;
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }
        if (!LOOPBACK.matcher(hostBase.get()).matches()) {
            throw new IllegalArgumentException(
                    "--host-base is " + hostBase.get() + "; expected an address of 127.0.0.0/8");
        }
        int first = ByteBuffer.wrap(InetAddress.getByName(hostBase.get()).getAddress()).getInt();
        byte[] next = ByteBuffer.allocate(Integer.BYTES).putInt(first + place).array();
        return new InetSocketAddress(InetAddress.getByAddress(next), portBase);
    }

    private Way way(String link, InetSocketAddress address) throws IOException {
        if (link.startsWith(SERIAL)) {
            return new Way.Rtu(Path.of(link.substring(SERIAL.length())));
        }
        return switch (link) {
            case "tcp" -> new Way.Tcp(address);
            case "rtu-tcp" -> new Way.RtuOverTcp(address);
            case "tls" -> {
                Tls with =
                        tls.orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "tls needs --certificate and --key"));
                yield new Way.Tls(address, with.context(), with.clients().isPresent());
            }
            default ->
                    throw new IllegalArgumentException(
                            "--link: '" + link + "' is none of tcp, tls, rtu-tcp, rtu:DEVICE");
        };
    }
}
