package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.Lock;
import java.util.function.UnaryOperator;

/** All gateways of a facility, each on a real socket or line of its own. */
public final class Serving implements AutoCloseable {
    private final SequencedMap<GatewayId, ModbusServer> servers = new LinkedHashMap<>();
    private final SequencedMap<GatewayId, SerialServer> lines = new LinkedHashMap<>();
    private final SequencedMap<GatewayId, Way> ways = new LinkedHashMap<>();

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
     * Serves every gateway over Modbus TCP on loopback.
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
        Map<GatewayId, Way> ways = new LinkedHashMap<>();
        int port = portBase;
        for (GatewayId gateway : gateways.keySet()) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            ways.put(gateway, new Way.Tcp(address));
            port += portBase == 0 ? 0 : 1;
        }
        return start(gateways, lock, plantTime, ways);
    }

    /**
     * Serves every gateway in its way.
     *
     * @param lock as of {@link #start(SequencedMap, Lock, InstantSource, int)}
     * @param ways of each gateway
     */
    public static Serving start(
            SequencedMap<GatewayId, ? extends ServedGateway> gateways,
            Lock lock,
            InstantSource plantTime,
            Map<GatewayId, Way> ways)
            throws IOException {
        var serving = new Serving();
        try {
            for (ServedGateway gateway : gateways.values()) {
                Way way = ways.get(gateway.id());
                if (way == null) {
                    throw new IllegalArgumentException("no way to gateway " + gateway.id());
                }
                serving.add(gateway.id(), way, new OneAtATime(gateway, lock, plantTime));
            }
            return serving;
        } catch (IOException refused) {
            serving.close();
            throw refused;
        }
    }

    private void add(GatewayId id, Way way, Answering answering) throws IOException {
        ways.put(id, way);
        switch (way) {
            case Way.Networked networked ->
                    servers.put(id, ModbusServer.listen(id, networked, answering));
            case Way.Rtu(Path device) -> lines.put(id, SerialServer.open(id, device, answering));
        }
    }

    private record OneAtATime(ServedGateway gateway, Lock lock, InstantSource plantTime)
            implements Answering {
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

    /** Where each gateway listens that is on a network. */
    public SequencedMap<GatewayId, InetSocketAddress> addresses() {
        SequencedMap<GatewayId, InetSocketAddress> addresses = new LinkedHashMap<>();
        servers.forEach((gateway, server) -> addresses.put(gateway, server.address()));
        return addresses;
    }

    /**
     * Writes {@link #addresses} as a YAML mapping, and as comments what the agent has from its
     * site: which link it is, and serial lines. Whoever sees the file sees all of it.
     */
    public void writeEndpoints(Path file) throws IOException {
        var text = new StringBuilder();
        ways.forEach((gateway, way) -> text.append(endpoint(gateway, way)).append('\n'));
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(draft, text, StandardCharsets.UTF_8);
        Files.move(
                draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String endpoint(GatewayId gateway, Way way) {
        return switch (way) {
            case Way.Rtu(Path device) -> "# %s is on the serial line %s".formatted(gateway, device);
            case Way.Networked _ -> {
                InetSocketAddress address = Site.known(servers, gateway).address();
                yield "\"%s\": \"%s:%d\"%s"
                        .formatted(
                                gateway,
                                address.getAddress().getHostAddress(),
                                address.getPort(),
                                way instanceof Way.Tcp ? "" : "  # " + way.link());
            }
        };
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        List<Closeable> all = new ArrayList<>(lines.values());
        all.addAll(servers.values());
        for (Closeable server : all.reversed()) {
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
