package dev.bulkhead.agent;

import dev.bulkhead.agent.cycle.Inbox;
import dev.bulkhead.agent.modbus.LinkDriver;
import dev.bulkhead.agent.modbus.LinkNews;
import dev.bulkhead.agent.modbus.LinkSession;
import dev.bulkhead.agent.modbus.LinkTimings;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Room;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Links to devices of a hundred registers, each a signal of its own, all behind one port; what they
 * find goes where the agent's cycle takes it from.
 */
final class BenchLinks implements AutoCloseable {
    /** Is told of each sample, and when its readings were in the inbox. */
    interface Taker {
        void taken(Sample sample, Instant at);
    }

    private static final RoomId ROOM = new RoomId("A1");

    private final AgentTime time = AgentTime.system();
    private final Taker taker;
    private final Inbox inbox = new Inbox();
    private final List<LinkDriver> drivers = new ArrayList<>();
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong silences = new AtomicLong();
    private List<Observation> latest = List.of();

    BenchLinks(int port, int devices, Duration interval, Taker taker) {
        this.taker = taker;
        Profile profile = profile();
        Site site = site(port, devices, profile.id());
        Map<ProfileId, Profile> profiles = Map.of(profile.id(), profile);
        SignalTable signals = SignalTable.of(site, profiles);
        // As it is delivered, but for the interval; silence comes when polls fail, not before.
        LinkTimings proposed = LinkTimings.proposed(Duration.ofSeconds(1), Duration.ofSeconds(5));
        var timings =
                new LinkTimings(
                        interval,
                        proposed.slowInterval(),
                        proposed.requestTimeout(),
                        proposed.connectTimeout(),
                        proposed.backoffFirst(),
                        proposed.backoffCap(),
                        proposed.silenceAfter());
        for (Gateway gateway : site.gateways().values()) {
            var session = LinkSession.of(site, gateway, profiles, signals, timings, time.now());
            drivers.add(LinkDriver.start(session, gateway, time, new Findings()));
        }
    }

    private final class Findings implements LinkDriver.Findings {
        @Override
        public void sampled(Sample sample) {
            inbox.add(sample.observations());
            taker.taken(sample, time.now());
            samples.incrementAndGet();
        }

        @Override
        public void silenced(List<Observation> observations) {
            inbox.add(observations);
            silences.addAndGet(observations.size());
        }

        @Override
        public void news(LinkNews news) {}
    }

    private static Profile profile() {
        String points =
                IntStream.range(0, 100)
                        .mapToObj(
                                i ->
                                        "  - {name: r%d, at: %d, as: u16, scale: 0.1, role: room.temperature}"
                                                .formatted(i, i))
                        .collect(Collectors.joining("\n"));
        return ProfileFile.parse(
                        "bank.yaml",
                        """
                        profile: bank
                        title: a hundred registers
                        source: this benchmark
                        blocks:
                          - {at: 0, count: 100, rate: fast}
                        points:
                        %s
                        """
                                .formatted(points))
                .orElseThrow();
    }

    private static Site site(int port, int devices, ProfileId profile) {
        var gateways = new LinkedHashMap<GatewayId, Gateway>();
        var banks = new LinkedHashMap<DeviceId, Device>();
        for (int i = 0; i < devices; i++) {
            var gateway = new GatewayId("L" + i);
            gateways.put(gateway, Gateway.tcp(gateway, "127.0.0.1", port));
            var device =
                    new Device(
                            new DeviceId("D" + i),
                            profile,
                            gateway,
                            1,
                            Optional.of(new Subject.OfRoom(ROOM)),
                            OptionalInt.empty(),
                            List.of(),
                            List.of());
            banks.put(device.id(), device);
        }
        var rooms = new LinkedHashMap<RoomId, Room>();
        rooms.put(ROOM, new Room(ROOM, "Battery room A1", 100, List.of()));
        return new Site(
                "bench",
                rooms,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                gateways,
                banks);
    }

    /** Takes what is there as often as the agent's cycle does. */
    void run(Duration length) throws InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        for (long left = length.toMillis();
                left > 0;
                left = (end - System.nanoTime()) / 1_000_000) {
            TimeUnit.MILLISECONDS.sleep(Math.min(left, 500));
            latest = inbox.take(time.now()).news();
        }
    }

    /** That the figures are of measurements, and of links that had no trouble. */
    void checkWell() {
        boolean areMeasured =
                latest.stream().allMatch(each -> each.reading() instanceof Reading.Measured);
        if (silences.get() > 0 || latest.isEmpty() || !areMeasured) {
            throw new IllegalStateException("no good run: " + silences + " silent, " + latest);
        }
    }

    long samples() {
        return samples.get();
    }

    long silences() {
        return silences.get();
    }

    long overruns() {
        return drivers.stream().mapToLong(LinkDriver::overruns).sum();
    }

    @Override
    public void close() {
        drivers.forEach(LinkDriver::finish);
        drivers.forEach(LinkDriver::close);
    }
}
