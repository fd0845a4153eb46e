package dev.bulkhead.agent;

import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say where a command goes: into a site, or to a host. */
@SuppressWarnings("FieldCanBeFinal") // The command line sets them.
final class PlaceOptions {
    @Parameters(arity = "0..1", paramLabel = "SITE", description = "A site.yaml or an agent.yaml.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--host",
            paramLabel = "HOST[:PORT]",
            description = "A host, where there is no site yet. Port 502 if not said.")
    private Optional<String> host = Optional.empty();

    /**
     * The host to go to, by Modbus TCP; empty: the site says where.
     *
     * @param option the one that names a part of the site, and whether it was given
     * @throws WrongUsage unless it is either the site and a part of it, or a host
     */
    Optional<Gateway> host(String option, boolean isGiven) {
        if (file.isPresent() == host.isPresent() || file.isPresent() != isGiven) {
            throw new WrongUsage("Either SITE and " + option + ", or --host.");
        }
        return host.map(PlaceOptions::gateway);
    }

    Optional<Documented> site(Terminal terminal) {
        return Documented.read(file.orElseThrow(), terminal);
    }

    private static Gateway gateway(String host) {
        int colon = host.lastIndexOf(':');
        try {
            int port = colon < 0 ? 502 : Integer.parseInt(host.substring(colon + 1));
            WrongUsage.unless("--host's port", port, 1, 65_535);
            return Gateway.tcp(
                    new GatewayId("host"), colon < 0 ? host : host.substring(0, colon), port);
        } catch (NumberFormatException _) {
            throw new WrongUsage("--host is '" + host + "'; expected HOST or HOST:PORT.");
        }
    }
}
