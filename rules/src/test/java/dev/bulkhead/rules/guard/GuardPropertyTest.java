package dev.bulkhead.rules.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.BruteForce;
import dev.bulkhead.rules.RandomSite;
import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.condition.ConditionId;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.network.PowerGraph;
import dev.bulkhead.rules.network.Switching;
import dev.bulkhead.rules.signal.FakeBoard;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GuardPropertyTest {
    private static final Instant NOW = Instant.parse("2026-10-15T03:00:00Z");
    private static final Site TWO_ROOMS = TestSites.site("two-rooms");
    private static final Site REBUILT = TestSites.site("pangyo-rebuilt");
    private static final SignalTable TWO_ROOMS_SIGNALS =
            SignalTable.of(TWO_ROOMS, TestSites.profiles());

    private static final List<Kind> KINDS = List.of(Kind.values());

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    static LongStream fewSeeds() {
        return LongStream.rangeClosed(1, 8);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void itsCountAndThePowerGraphsAgreeOnWhatCanBeRead(long seed) {
        assertCountsAgree(RandomSite.of(seed), RandomSite.ROOM, seed, 4);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("fewSeeds")
    void itsCountAndThePowerGraphsAgreeOnTheShippedSites(long seed) {
        assertCountsAgree(TWO_ROOMS, new RoomId("A1"), seed, 6);
        assertCountsAgree(REBUILT, new RoomId("A1"), seed, 40);
    }

    private static void assertCountsAgree(Site site, RoomId room, long seed, int oneIn) {
        var random = new SplittableRandom(seed);
        var count = new ServerCount(site);
        PowerGraph graph = PowerGraph.of(site);
        Set<BreakerId> open = some(site.breakers().keySet(), random, oneIn);
        Set<NodeId> onBattery = some(site.ups().keySet(), random, 3);
        var told =
                new ServerCount.Told(
                        breaker -> open.contains(breaker) ? Fed.NO : Fed.YES,
                        node -> onBattery.contains(node) ? Fed.NO : Fed.YES);
        var today = new Switching(open, Set.of(), onBattery);
        for (BreakerId breaker : site.breakers().keySet()) {
            assertEquals(
                    graph.lossOf(Set.of(breaker), today, graph.zoneOf(room)).servers(),
                    count.droppedBy(breaker, told),
                    () ->
                            "seed "
                                    + seed
                                    + ", open "
                                    + open
                                    + ", on battery "
                                    + onBattery
                                    + ", opening "
                                    + breaker);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverAnUnreadBreakerIsItCountsAtLeastWhatIsLost(long seed) {
        Site site = RandomSite.of(seed);
        var random = new SplittableRandom(seed);
        var count = new ServerCount(site);
        for (int i = 0; i < 10; i++) {
            Set<BreakerId> open = some(site.breakers().keySet(), random, 5);
            Set<BreakerId> unread = some(site.breakers().keySet(), random, 4);
            var told =
                    new ServerCount.Told(
                            breaker ->
                                    unread.contains(breaker)
                                            ? Fed.UNKNOWN
                                            : open.contains(breaker) ? Fed.NO : Fed.YES,
                            _ -> Fed.YES);
            // One of the worlds that may be behind what is told.
            var truth = new HashSet<>(open);
            truth.removeAll(unread);
            truth.addAll(some(unread, random, 2));
            for (BreakerId breaker : site.breakers().keySet()) {
                var after = new HashSet<>(truth);
                after.add(breaker);
                int lost = BruteForce.lost(site, truth, after);
                int counted = count.droppedBy(breaker, told);
                assertTrue(
                        counted >= lost,
                        () ->
                                "seed "
                                        + seed
                                        + ", "
                                        + breaker
                                        + " counted "
                                        + counted
                                        + ", lost "
                                        + lost
                                        + ", open "
                                        + truth);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatsoeverIsAskedOnlyTheRoomsOwnBreakersOpenAndNobodyLosesSupply(long seed) {
        var random = new SplittableRandom(seed);
        var board = FakeBoard.quiet(TWO_ROOMS_SIGNALS, NOW);
        var guard = new Guard(TWO_ROOMS, new Arming(TWO_ROOMS.breakers().keySet()));
        var open = new HashSet<BreakerId>();
        for (int i = 0; i < 200; i++) {
            Request request = anything(random);
            switch (guard.judge(request, board, NOW)) {
                case Decision.Denied _ -> {}
                case Decision.Permitted(Permit permit) -> {
                    assertEquals(request.breaker(), permit.breaker(), "seed " + seed);
                    assertTrue(
                            TWO_ROOMS.boundaryOf(request.room()).contains(permit.breaker()),
                            () -> "seed " + seed + ": " + request);
                    var after = new HashSet<>(open);
                    after.add(permit.breaker());
                    assertEquals(
                            0,
                            BruteForce.lost(TWO_ROOMS, open, after),
                            () -> "seed " + seed + ": " + request + " after " + open);
                    open.add(permit.breaker());
                    board.position(permit.breaker(), Position.OPEN, NOW);
                }
            }
        }
        assertTrue(!open.isEmpty(), "seed " + seed + " never got a permit");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whereNothingOfAKindIsHeardNothingIsPermitted(long seed) {
        var random = new SplittableRandom(seed);
        var guard = new Guard(TWO_ROOMS, new Arming(TWO_ROOMS.breakers().keySet()));
        for (Role role :
                List.of(
                        Role.BREAKER_POSITION,
                        Role.BREAKER_LOCAL,
                        Role.UPS_ON_BATTERY,
                        Role.UPS_RECTIFIER_INPUT)) {
            var board = FakeBoard.quiet(TWO_ROOMS_SIGNALS, NOW);
            TWO_ROOMS_SIGNALS.with(role).forEach(board::silence);
            for (int i = 0; i < 100; i++) {
                Request request = anything(random);
                Decision decision = guard.judge(request, board, NOW);
                assertTrue(
                        decision instanceof Decision.Denied,
                        () -> "seed " + seed + ", silent " + role + ": " + request);
            }
        }
    }

    /** A request as a broken planner, a confused operator or a mutant might make it. */
    private static Request anything(SplittableRandom random) {
        List<BreakerId> breakers = List.copyOf(TWO_ROOMS.breakers().keySet());
        List<RoomId> rooms = List.copyOf(TWO_ROOMS.rooms().keySet());
        var votes = new ArrayList<Vote>();
        for (int i = random.nextInt(6); i > 0; i--) {
            votes.add(vote(random, rooms));
        }
        // Battery rooms and their breakers come more often than chance has it.
        RoomId room =
                random.nextBoolean()
                        ? TWO_ROOMS.batteryRooms().get(random.nextInt(2))
                        : rooms.get(random.nextInt(rooms.size()));
        return new Request(
                new PlanId(room + "#" + (1 + random.nextInt(3))),
                room,
                1 + random.nextInt(6),
                breakers.get(random.nextInt(random.nextBoolean() ? 12 : breakers.size())),
                random.nextInt(4),
                votes,
                random.nextInt(3) == 0,
                random.nextInt(4) == 0 ? Set.of(new RoomId("B1")) : Set.of(),
                random.nextInt(4) == 0 ? Optional.of(NOW.minusSeconds(30)) : Optional.empty());
    }

    private static Vote vote(SplittableRandom random, List<RoomId> rooms) {
        List<Device> devices = List.copyOf(TWO_ROOMS.devices().values());
        Device device = devices.get(random.nextInt(devices.size()));
        RoomId room = rooms.get(random.nextInt(2));
        return new Vote(
                new ConditionId("any"),
                KINDS.get(random.nextInt(KINDS.size())),
                room,
                new Subject.OfRoom(room),
                device.id(),
                device.gateway(),
                NOW.minusSeconds(random.nextInt(600)),
                NOW.plusSeconds(random.nextInt(600) - 100),
                "seen");
    }

    private static <T> Set<T> some(Set<T> all, SplittableRandom random, int oneIn) {
        var some = new HashSet<T>();
        for (T one : all) {
            if (random.nextInt(oneIn) == 0) {
                some.add(one);
            }
        }
        return some;
    }
}
