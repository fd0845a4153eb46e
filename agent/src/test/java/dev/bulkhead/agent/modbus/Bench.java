package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Room;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.rules.site.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** One gateway with a breaker panel, an analog module, a contact panel and a string's BMS. */
public final class Bench {
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    public static final GatewayId GATEWAY = new GatewayId("A1-field");
    public static final int PANEL = 6;
    static final int LOOPS = 3;
    static final int CONTACTS = 2;
    public static final int STRING = 9;

    /** Short, so that two thousand runs take seconds; every other ratio as proposed. */
    static final LinkTimings TIMINGS =
            LinkTimings.proposed(Duration.ofSeconds(1), Duration.ofSeconds(5));

    private static final RoomId ROOM = new RoomId("A1");
    private static final Subject IN_ROOM = new Subject.OfRoom(ROOM);

    public final Map<ProfileId, Profile> profiles = new LinkedHashMap<>();
    public final Site site;
    public final SignalTable signals;

    public Bench(int port) {
        this(Gateway.tcp(GATEWAY, "127.0.0.1", port));
    }

    public Bench(Gateway gateway) {
        for (String file :
                List.of("breaker-panel", "analog-8", "contact-panel-32", "sunspec-string")) {
            Profile profile = ProfileFile.parse(file, text(file)).orElseThrow();
            profiles.put(profile.id(), profile);
        }
        site = site(gateway);
        signals = SignalTable.of(site, profiles);
    }

    /**
     * What its devices hold at an instant, for slaves that others wrote: {@code h UNIT ADDRESS
     * VALUE} for each holding register, {@code d UNIT ADDRESS VALUE} for each discrete input.
     */
    public List<String> image(Instant at) {
        var lines = new ArrayList<String>();
        for (Device device : site.devices().values()) {
            for (Profile.Block block : readable(device)) {
                for (int i = 0; i < block.count(); i++) {
                    int address = block.address() + i;
                    boolean isHolding = block.table() == Profile.Table.HOLDING;
                    int value =
                            isHolding
                                    ? BenchUnits.register(device.unit(), address, at)
                                    : BenchUnits.input(i);
                    lines.add(
                            "%s %d %d %d"
                                    .formatted(
                                            isHolding ? "h" : "d", device.unit(), address, value));
                }
            }
        }
        return lines;
    }

    /** What its register map reads; of the BMS all its models, from the mark to the end. */
    private List<Profile.Block> readable(Device device) {
        return device.unit() == STRING
                ? List.of(new Profile.Block(Profile.Table.HOLDING, 40000, 392, Profile.Rate.ONCE))
                : Objects.requireNonNull(profiles.get(device.profile())).blocks();
    }

    /** The bench's rooms and what is in them, with one other device. */
    static Site siteWith(Device device, Gateway gateway) {
        Site bench = new Bench(gateway).site;
        return new Site(
                bench.name(),
                bench.rooms(),
                bench.zones(),
                bench.supplies(),
                bench.buses(),
                bench.ups(),
                bench.busbars(),
                bench.strings(),
                bench.breakers(),
                bench.feeders(),
                bench.loads(),
                bench.gateways(),
                new LinkedHashMap<>(Map.of(device.id(), device)));
    }

    LinkSession session() {
        return session(TIMINGS, START);
    }

    /** The bench behind another link, in the timings that it needs. */
    static Rig rig(Link link, Courtesy courtesy, Dialect dialect, Rig.Peer peer) {
        var gateway = new Gateway(GATEWAY, link, courtesy);
        LinkSession session = new Bench(gateway).session(TIMINGS.forGateway(gateway), START);
        return new Rig(session, dialect, peer);
    }

    public LinkSession session(LinkTimings timings, Instant start) {
        return LinkSession.of(site, gateway(), profiles, signals, timings, start);
    }

    public Gateway gateway() {
        return Site.known(site.gateways(), GATEWAY);
    }

    int signal(String id) {
        return signals.find(new SignalId(id)).orElseThrow().index();
    }

    private static Site site(Gateway gateway) {
        var rooms = new LinkedHashMap<RoomId, Room>();
        rooms.put(ROOM, new Room(ROOM, "Battery room A1", 100, List.of()));
        var breakers = new LinkedHashMap<BreakerId, Breaker>();
        for (int i = 1; i <= 18; i++) {
            BreakerId id = breaker(i);
            breakers.put(
                    id,
                    new Breaker(
                            id, Breaker.Duty.STRING, ROOM, Breaker.Operation.REMOTE, true, 630));
        }
        var string = new NodeId("S01");
        var strings = new LinkedHashMap<NodeId, BatteryString>();
        strings.put(
                string,
                new BatteryString(
                        string,
                        ROOM,
                        new NodeId("BB"),
                        breaker(1),
                        1,
                        17,
                        8,
                        67,
                        BatteryString.CellKind.LITHIUM_ION));
        var gateways = new LinkedHashMap<GatewayId, Gateway>();
        gateways.put(GATEWAY, gateway);
        var devices = new LinkedHashMap<DeviceId, Device>();
        List<Subject> members =
                breakers.keySet().stream().<Subject>map(Subject.OfBreaker::new).toList();
        put(devices, "panel", "breaker-panel", PANEL, 7, Optional.empty(), members, List.of());
        put(
                devices,
                "loops",
                "analog-8",
                LOOPS,
                4,
                Optional.empty(),
                List.of(),
                List.of(
                        loop("ai1", Role.ROOM_TEMPERATURE, 0, 200),
                        loop("ai2", Role.ROOM_HUMIDITY, 0, 100)));
        put(
                devices,
                "contacts",
                "contact-panel-32",
                CONTACTS,
                5,
                Optional.empty(),
                List.of(),
                List.of(
                        new Wire("di1", Role.ROOM_HEAT, IN_ROOM, true, Optional.empty()),
                        new Wire("di2", Role.ROOM_FAN_RUNNING, IN_ROOM, false, Optional.empty())));
        Optional<Subject> rack = Optional.of(new Subject.OfNode(string));
        put(devices, "bms", "sunspec-string", STRING, 1, rack, List.of(), List.of());
        return new Site(
                "bench",
                rooms,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                strings,
                breakers,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                gateways,
                devices);
    }

    public static BreakerId breaker(int number) {
        return new BreakerId("Q" + number);
    }

    private static Wire loop(String terminal, Role role, double low, double high) {
        return new Wire(terminal, role, IN_ROOM, false, Optional.of(new Wire.Span(low, high)));
    }

    private static void put(
            Map<DeviceId, Device> devices,
            String id,
            String profile,
            int unit,
            int index,
            Optional<Subject> of,
            List<Subject> members,
            List<Wire> wires) {
        var device =
                new Device(
                        new DeviceId(id),
                        new ProfileId(profile),
                        GATEWAY,
                        unit,
                        of,
                        OptionalInt.of(index),
                        members,
                        wires);
        devices.put(device.id(), device);
    }

    private static String text(String profile) {
        String path = "/dev/bulkhead/rules/profiles/" + profile + ".yaml";
        try (InputStream in =
                Objects.requireNonNull(ProfileFile.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
