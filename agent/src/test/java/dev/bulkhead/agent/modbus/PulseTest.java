package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that goes on answering for a device that has died. */
final class PulseTest {
    private static final DeviceId DEVICE = new DeviceId("d");
    private static final int BEAT = 0;
    private static final int SLOW_VALUE = 20;
    private static final int NONE = 0xFFFF;

    // The heartbeat, a fast value and a slow one, each in a block of its own.
    private static final Profile PROFILE =
            ProfileFile.parse(
                            "p.yaml",
                            """
                            profile: p
                            title: t
                            source: s
                            blocks:
                              - {at: 0, count: 1, rate: fast}
                              - {at: 10, count: 1, rate: fast}
                              - {at: 20, count: 1, rate: slow}
                            points:
                              - {name: Hb, at: 0, as: u16, none: 0xFFFF}
                              - {name: fast, at: 10, as: u16, role: room.temperature}
                              - {name: slow, at: 20, as: u16, role: room.humidity}
                            heartbeat: {point: Hb, within: 10 s}
                            """)
                    .orElseThrow();

    // The same in a model of SunSpec, which is looked for on each connection.
    private static final Profile MODEL =
            ProfileFile.parse(
                            "p.yaml",
                            """
                            profile: p
                            title: t
                            source: s
                            models: [{id: 64001, at: 40002, length: 3}]
                            blocks: [{at: 40002, count: 5, rate: fast}]
                            points:
                              - {name: Hb, at: 40004, as: u16, none: 0xFFFF}
                              - {name: fast, at: 40005, as: u16, role: room.temperature}
                              - {name: slow, at: 40006, as: u16, role: room.humidity}
                            heartbeat: {point: Hb, within: 10 s}
                            """)
                    .orElseThrow();
    private static final List<Integer> FROM_40000 =
            List.of(0x5375, 0x6E53, 64001, 3, -1, 20, 20, 0xFFFF, 0);

    private static Rig rig(Courtesy courtesy, BiFunction<Integer, Instant, Integer> register) {
        return rig(PROFILE, courtesy, register);
    }

    private static Rig rig(
            Profile profile, Courtesy courtesy, BiFunction<Integer, Instant, Integer> register) {
        var gateway = new Gateway(Bench.GATEWAY, new Link.Tcp("h", 502), courtesy);
        var device =
                new Device(
                        DEVICE,
                        profile.id(),
                        gateway.id(),
                        1,
                        Optional.of(new Subject.OfRoom(new RoomId("A1"))),
                        OptionalInt.empty(),
                        List.of(),
                        List.of());
        Site site = Bench.siteWith(device, gateway);
        var profiles = Map.of(profile.id(), profile);
        LinkSession session =
                LinkSession.of(
                        site,
                        gateway,
                        profiles,
                        SignalTable.of(site, profiles),
                        Bench.TIMINGS.forGateway(gateway),
                        Bench.START);
        return new Rig(
                session,
                (request, rig) -> {
                    int count = request.word(10);
                    Bytes answer =
                            request.slice(0, 4)
                                    .plus(Bytes.ofWord(3 + 2 * count))
                                    .plus(Bytes.ofHex("01 03"))
                                    .plus(Bytes.ofByte(2 * count));
                    for (int i = 0; i < count; i++) {
                        answer =
                                answer.plus(
                                        Bytes.ofWord(register.apply(request.word(8) + i, rig.now)));
                    }
                    rig.reply(Rig.QUICK, answer);
                });
    }

    private static int seconds(Instant now) {
        return (int) Duration.between(Bench.START, now).toSeconds();
    }

    /** What each register holds of a device that dies after so many seconds. */
    private static BiFunction<Integer, Instant, Integer> dyingAfter(int seconds) {
        return (address, now) -> address == BEAT ? Math.min(seconds, seconds(now)) : 20;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whenNothingChangesAnyMoreNothingIsMeasured(boolean isClosedAfterPoll) {
        Rig rig =
                rig(new Courtesy(isClosedAfterPoll, Duration.ZERO, Duration.ZERO), dyingAfter(30));
        rig.run(Duration.ofSeconds(40));
        assertInstanceOf(Reading.Measured.class, rig.latest(0));
        assertEquals(List.of(), rig.news);

        rig.run(Duration.ofSeconds(3));
        for (int signal = 0; signal < 2; signal++) {
            var silent = assertInstanceOf(Reading.Silent.class, rig.latest(signal));
            assertEquals(30, seconds(silent.lastHeard()), 1);
        }
        assertEquals(1, rig.news.size(), rig.news::toString);
        var still = assertInstanceOf(LinkNews.DeviceStill.class, rig.news.getFirst());
        assertEquals(DEVICE, still.device());

        rig.run(Duration.ofHours(1));
        assertInstanceOf(Reading.Silent.class, rig.latest(0));
        assertEquals(1, rig.news.size(), rig.news::toString);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itIsSeenOverConnectionsOnWhichModelsAreLookedFor(boolean isClosedAfterPoll) {
        Rig rig =
                rig(
                        MODEL,
                        new Courtesy(isClosedAfterPoll, Duration.ZERO, Duration.ZERO),
                        (address, now) -> {
                            int is = FROM_40000.get(address - 40000);
                            return is >= 0 ? is : Math.min(30, seconds(now));
                        });
        rig.run(Duration.ofSeconds(39));
        assertInstanceOf(Reading.Measured.class, rig.latest(0));
        rig.run(Duration.ofSeconds(5));
        assertInstanceOf(Reading.Silent.class, rig.latest(0));
    }

    @Test
    void whenSomethingChangesAgainItIsMeasuredAgain() {
        Rig rig =
                rig(
                        Courtesy.NONE,
                        (address, now) ->
                                address != BEAT
                                        ? 20
                                        : seconds(now) < 60 ? Math.min(30, seconds(now)) : 7);
        rig.run(Duration.ofSeconds(58));
        assertInstanceOf(Reading.Silent.class, rig.latest(0));
        rig.run(Duration.ofSeconds(9));
        assertInstanceOf(Reading.Measured.class, rig.latest(0));
        assertInstanceOf(Reading.Measured.class, rig.latest(1));
        assertInstanceOf(LinkNews.DeviceMoves.class, rig.news.getLast());
    }

    @Test
    void aHeartbeatThatStandsStillIsNoDeathWhileAValueChanges() {
        Rig rig = rig(Courtesy.NONE, (address, now) -> address == SLOW_VALUE ? seconds(now) : 5);
        rig.run(Duration.ofMinutes(1));
        assertTrue(
                rig.heard.stream()
                        .allMatch(it -> it.observation().reading() instanceof Reading.Measured));
    }

    @Test
    void aDeviceThatKeepsNoHeartbeatMayStandStill() {
        Rig rig = rig(Courtesy.NONE, (address, _) -> address == BEAT ? NONE : 20);
        rig.run(Duration.ofHours(1));
        assertInstanceOf(Reading.Measured.class, rig.latest(0));
        assertEquals(List.of(), rig.news);
    }

    @Test
    void anOutageIsNoStillness() {
        Rig rig = rig(Courtesy.NONE, (address, now) -> address == BEAT ? seconds(now) : 20);
        rig.run(Duration.ofSeconds(20));
        Rig.Peer alive = rig.peer;
        rig.peer = (_, _) -> {};
        rig.run(Duration.ofMinutes(5));
        rig.peer = alive;
        rig.heard.clear();
        rig.run(Duration.ofMinutes(1));
        assertTrue(!rig.heard.isEmpty());
        assertTrue(
                rig.heard.stream()
                        .allMatch(it -> it.observation().reading() instanceof Reading.Measured),
                rig.heard::toString);
    }
}
