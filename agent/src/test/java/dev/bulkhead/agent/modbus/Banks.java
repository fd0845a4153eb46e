package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Room;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Gateways with banks of registers behind them. Every value tells whose it is and of when, so that
 * any mix-up of links, units, registers or instants shows.
 *
 * <pre>
 *  31    28 27    24 23      18 17                     0
 *  link     unit     pair       50 ms since the start
 * </pre>
 */
final class Banks {
    private static final Duration TICK = Duration.ofMillis(50);
    private static final RoomId ROOM = new RoomId("A1");

    /** Nobody speaks to a link that is given this port. */
    static final int NOWHERE = 1;

    /** Whose values a signal has. */
    private record Owner(int link, int unit, int pair) {}

    private final int registers;
    final Site site;
    final SignalTable signals;
    private final Map<ProfileId, Profile> profiles;
    private final List<Owner> owners = new ArrayList<>();

    /**
     * One gateway for each port, with units 1 to {@code units} behind it.
     *
     * @param registers of each unit: an even number
     */
    Banks(List<Integer> ports, int units, int registers) {
        this.registers = registers;
        Profile profile = ProfileFile.parse("bank.yaml", profile(registers)).orElseThrow();
        profiles = Map.of(profile.id(), profile);
        var gateways = new LinkedHashMap<GatewayId, Gateway>();
        var devices = new LinkedHashMap<DeviceId, Device>();
        for (int link = 0; link < ports.size(); link++) {
            gateways.put(id(link), Gateway.tcp(id(link), "127.0.0.1", ports.get(link)));
            for (int unit = 1; unit <= units; unit++) {
                Device bank = bank(profile, link, unit);
                devices.put(bank.id(), bank);
                for (int pair = 1; pair < registers / 2; pair++) {
                    owners.add(new Owner(link, unit, pair));
                }
            }
        }
        site =
                new Site(
                        "banks",
                        new LinkedHashMap<>(
                                Map.of(ROOM, new Room(ROOM, "Battery room A1", 100, List.of()))),
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
                        devices);
        signals = SignalTable.of(site, profiles);
    }

    /**
     * The bank's number is in every answer; the values are pairs, so that halves can't be mixed.
     */
    private static String profile(int registers) {
        String values =
                IntStream.range(1, registers / 2)
                        .mapToObj(
                                pair ->
                                        "  - {name: r%d, at: %d, as: u32, scale: 0.00000001, role: room.temperature}"
                                                .formatted(pair, 2 * pair))
                        .collect(Collectors.joining("\n"));
        return """
        profile: bank
        title: registers whose values tell whose they are
        source: this test
        blocks:
          - {at: 0, count: %d, rate: fast}
        identity:
          - {point: Idx}
        points:
          - {name: Idx, at: 0, as: u16}
        %s
        """
                .formatted(registers, values);
    }

    private static Device bank(Profile profile, int link, int unit) {
        return new Device(
                device(link, unit),
                profile.id(),
                id(link),
                unit,
                Optional.of(new Subject.OfRoom(ROOM)),
                OptionalInt.of(index(link, unit)),
                List.of(),
                List.of());
    }

    private static GatewayId id(int link) {
        return new GatewayId("L" + link);
    }

    static DeviceId device(int link, int unit) {
        return new DeviceId("L" + link + "-" + unit);
    }

    private static int index(int link, int unit) {
        return 100 * link + unit;
    }

    Gateway gateway(int link) {
        return Site.known(site.gateways(), id(link));
    }

    LinkSession session(int link, LinkTimings timings, Instant start) {
        return LinkSession.of(site, gateway(link), profiles, signals, timings, start);
    }

    /** The first signal of a bank. */
    int signal(int link, int unit) {
        return signals.find(new SignalId(device(link, unit) + ".r1")).orElseThrow().index();
    }

    /** What a unit of a link rightly answers to the request for its bank. */
    Bytes answer(int link, int unit, Bytes request, Instant at) {
        var bank = ByteBuffer.allocate(2 * registers);
        bank.putShort((short) index(link, unit)).putShort((short) 0);
        for (int pair = 1; pair < registers / 2; pair++) {
            bank.putInt((int) value(new Owner(link, unit, pair), tick(at)));
        }
        int asked = 2 * request.word(10);
        var frame = ByteBuffer.allocate(9 + asked);
        frame.putShort((short) request.word(0)).putShort((short) 0);
        frame.putShort((short) (3 + asked)).put((byte) request.at(6));
        frame.put((byte) 3).put((byte) asked);
        frame.put(bank.array(), 2 * request.word(8), asked);
        return Bytes.of(frame.array());
    }

    private static long value(Owner owner, long tick) {
        return (long) owner.link() << 28
                | (long) owner.unit() << 24
                | (long) owner.pair() << 18
                | tick;
    }

    private static long tick(Instant at) {
        return Duration.between(Bench.START, at).dividedBy(TICK);
    }

    /** That a measurement is this signal's own, of between its request and its answer. */
    void check(int signal, Reading.Measured measured, Instant heardAt, String what) {
        double number = measured.value() instanceof Value.Quantity(double value) ? value : -1;
        long raw = Math.round(number * 1e8);
        long tick = raw & (1 << 18) - 1;
        assertEquals(
                value(owners.get(signal), tick),
                raw,
                () -> what + ": " + signals.get(signal).id() + " is another's: " + owner(raw));
        assertTrue(
                tick >= tick(measured.at()) && tick <= tick(heardAt),
                () ->
                        "%s: %s is of tick %d, asked for at %s, heard at %s"
                                .formatted(
                                        what,
                                        signals.get(signal).id(),
                                        tick,
                                        measured.at(),
                                        heardAt));
    }

    private static Owner owner(long raw) {
        return new Owner((int) (raw >> 28), (int) (raw >> 24 & 0xF), (int) (raw >> 18 & 0x3F));
    }
}
