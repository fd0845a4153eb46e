package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.Lock;
import java.util.function.UnaryOperator;

/** All gateways of a facility on real sockets, each on a loopback port of its own. */
public final class Serving implements AutoCloseable {
    private final SequencedMap<GatewayId, ModbusServer> servers = new LinkedHashMap<>();

    private Serving() {}

    /**
     * A site's gateways with their units, in the order of its file.
     *
     * @param standingAt the device that really answers where the site's documents put another;
     *     itself where they are right
     */
    public static SequencedMap<GatewayId, SimulatedGateway> gateways(
            Site site,
            Map<ProfileId, Profile> profiles,
            Truth truth,
            UnaryOperator<DeviceId> standingAt) {
        SequencedMap<GatewayId, SimulatedGateway> gateways = new LinkedHashMap<>();
        for (GatewayId id : site.gateways().keySet()) {
            gateways.put(id, new SimulatedGateway(id, truth));
        }
        for (Device documented : site.devices().values()) {
            Device device = Site.known(site.devices(), standingAt.apply(documented.id()));
            Profile profile = profiles.get(device.profile());
            if (profile == null) {
                throw new IllegalArgumentException(
                        "device " + device.id() + ": no profile " + device.profile());
            }
            Site.known(gateways, documented.gateway())
                    .connect(documented.unit(), new UnitImage(site, device, profile, truth));
        }
        return Collections.unmodifiableSequencedMap(gateways);
    }

    /**
     * Listens for every gateway.
     *
     * @param lock guards the truth, the gateways and their faults: held while one request is
     *     answered, and by whoever moves the plant or inflicts a fault; never while a socket blocks
     * @param plantTime read under the lock
     * @param portBase the first gateway's port, the next ones' follow; 0 for any free ones
     */
    public static Serving start(
            SequencedMap<GatewayId, ? extends ServedGateway> gateways,
            Lock lock,
            InstantSource plantTime,
            int portBase)
            throws IOException {
        var serving = new Serving();
        try {
            int port = portBase;
            for (ServedGateway gateway : gateways.values()) {
                var answering = new OneAtATime(gateway, lock, plantTime);
                serving.servers.put(
                        gateway.id(),
                        ModbusServer.listen("gateway-" + gateway.id(), port, answering));
                port += portBase == 0 ? 0 : 1;
            }
            return serving;
        } catch (IOException refused) {
            serving.close();
            throw refused;
        }
    }

    private record OneAtATime(ServedGateway gateway, Lock lock, InstantSource plantTime)
            implements ModbusServer.Answering {
        @Override
        public Admission admit(int others) {
            lock.lock();
            try {
                return gateway.admit(others);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Answer answer(ByteBuffer frame) {
            lock.lock();
            try {
                return gateway.answer(frame, plantTime.instant());
            } finally {
                lock.unlock();
            }
        }
    }

    /** Where each gateway listens. */
    public SequencedMap<GatewayId, InetSocketAddress> addresses() {
        SequencedMap<GatewayId, InetSocketAddress> addresses = new LinkedHashMap<>();
        servers.forEach((gateway, server) -> addresses.put(gateway, server.address()));
        return addresses;
    }

    /** Writes {@link #addresses} as a YAML mapping; whoever sees the file sees all of it. */
    public void writeEndpoints(Path file) throws IOException {
        var text = new StringBuilder();
        addresses()
                .forEach(
                        (gateway, address) ->
                                text.append('"')
                                        .append(gateway)
                                        .append("\": \"")
                                        .append(address.getAddress().getHostAddress())
                                        .append(':')
                                        .append(address.getPort())
                                        .append("\"\n"));
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(draft, text, StandardCharsets.UTF_8);
        Files.move(
                draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (ModbusServer server : servers.sequencedValues().reversed()) {
            try {
                server.close();
            } catch (IOException refused) {
                failure = refused;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
