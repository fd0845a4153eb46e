package dev.bulkhead.rules.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.BruteForce;
import dev.bulkhead.rules.RandomSite;
import dev.bulkhead.rules.network.PowerGraph;
import dev.bulkhead.rules.network.Switching;
import dev.bulkhead.rules.signal.FakeBoard;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Feeder;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against every set of switches there is, on networks small enough for that. */
final class ZoneCutPropertyTest {
    private static final RoomId ROOM = RandomSite.ROOM;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noOtherSetOfSwitchesMakesTheZoneDeadAtLessLoss(long seed) {
        Site site = RandomSite.of(seed);
        PowerGraph graph = PowerGraph.of(site);
        ZoneCut cut = ZoneCut.of(site, graph, graph.zoneOf(ROOM));
        Set<BreakerId> own = ownStrings(site);
        List<BreakerId> outside =
                site.breakers().values().stream()
                        .filter(breaker -> !breaker.room().equals(ROOM))
                        .map(Breaker::id)
                        .filter(breaker -> !own.contains(breaker))
                        .toList();

        OptionalInt least = OptionalInt.empty();
        for (long bits = 0; bits < 1L << outside.size(); bits++) {
            Set<BreakerId> open = new HashSet<>(own);
            for (int i = 0; i < outside.size(); i++) {
                if ((bits >> i & 1) == 1) {
                    open.add(outside.get(i));
                }
            }
            if (isDead(site, open)) {
                int lost = BruteForce.lost(site, Set.of(), open);
                least = OptionalInt.of(Math.min(lost, least.orElse(lost)));
            }
        }

        assertEquals(least.isEmpty(), !cut.gaps().isEmpty(), "seed " + seed + ": " + cut);
        if (least.isPresent()) {
            var open = new TreeSet<>(cut.all());
            assertTrue(isDead(site, open), "seed " + seed + ": " + cut);
            assertEquals(
                    least.getAsInt(),
                    graph.lossOf(open, Switching.AS_DOCUMENTED, graph.zoneOf(ROOM)).servers(),
                    "seed " + seed + ": " + cut);
            for (BreakerId breaker : cut.all()) {
                var fewer = new TreeSet<>(open);
                fewer.remove(breaker);
                assertTrue(
                        own.contains(breaker) || !isDead(site, fewer),
                        "seed " + seed + ": needless " + breaker);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theMainIsOnNoRung(long seed) {
        Site site = RandomSite.of(seed);
        PowerGraph graph = PowerGraph.of(site);
        var board = new FakeBoard(SignalTable.of(site, Map.of()));
        for (Rung rung : Rung.values()) {
            Plan plan =
                    new Planner(site, graph)
                            .plan(
                                    ROOM,
                                    rung,
                                    new PlanId("BAT-1#1"),
                                    board,
                                    _ -> Optional.empty(),
                                    QuietDay.NOON);
            for (Step step : plan.steps()) {
                assertFalse(
                        Site.known(site.breakers(), step.breaker()).duty() == Breaker.Duty.MAIN,
                        "seed " + seed + ": " + step);
            }
        }
    }

    private static Set<BreakerId> ownStrings(Site site) {
        var own = new HashSet<BreakerId>();
        site.stringsIn(ROOM).map(BatteryString::breaker).forEach(own::add);
        return own;
    }

    /** Nothing in the zone is reached by anything, nor any conductor through it. */
    private static boolean isDead(Site site, Set<BreakerId> open) {
        Stream<NodeId> inside =
                Stream.of(
                                site.buses().values().stream()
                                        .filter(bus -> bus.room().equals(ROOM))
                                        .map(bus -> bus.id()),
                                site.ups().values().stream()
                                        .filter(ups -> ups.room().equals(ROOM))
                                        .map(ups -> ups.id()),
                                site.busbarsIn(ROOM).map(busbar -> busbar.id()))
                        .flatMap(nodes -> nodes);
        return inside.noneMatch(node -> isReached(site, node, open))
                && site.zoneOf(ROOM).orElseThrow().crossedBy().stream()
                        .map(feeder -> Site.known(site.feeders(), feeder))
                        .noneMatch(feeder -> isLive(site, feeder, open));
    }

    /** A feeder whose open breaker stands at its far end is live up to there. */
    private static boolean isLive(Site site, Feeder feeder, Set<BreakerId> open) {
        boolean isCutAtItsNearEnd =
                feeder.breaker()
                        .filter(open::contains)
                        .map(breaker -> Site.known(site.breakers(), breaker).room())
                        .filter(
                                room ->
                                        !room.equals(roomOf(site, feeder.to()).orElse(null))
                                                || room.equals(
                                                        roomOf(site, feeder.from()).orElse(null)))
                        .isPresent();
        return !isCutAtItsNearEnd && isReached(site, feeder.from(), open);
    }

    private static Optional<RoomId> roomOf(Site site, NodeId node) {
        return Optional.ofNullable(site.buses().get(node))
                .map(bus -> bus.room())
                .or(() -> Optional.ofNullable(site.ups().get(node)).map(ups -> ups.room()));
    }

    /** By anything, also by a generator that stands by. */
    private static boolean isReached(Site site, NodeId node, Set<BreakerId> open) {
        return BruteForce.isReached(site, node, open);
    }
}
