package dev.bulkhead.rules.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.BruteForce;
import dev.bulkhead.rules.RandomSite;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.Site;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PowerGraphPropertyTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theLossIsWhatWalkingEveryPathFinds(long seed) {
        Site site = RandomSite.of(seed);
        PowerGraph graph = PowerGraph.of(site);
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 20; i++) {
            Set<BreakerId> today = some(site, random, 5);
            Set<BreakerId> open = some(site, random, 3);
            var after = new HashSet<>(today);
            after.addAll(open);

            Outage outage =
                    graph.lossOf(
                            open,
                            new Switching(today, Set.of(), Set.of()),
                            graph.zoneOf(RandomSite.ROOM));

            assertEquals(
                    BruteForce.lost(site, today, after),
                    outage.servers(),
                    () -> "seed " + seed + ", open " + today + ", opening " + open);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsLiveIsWhatAPathReaches(long seed) {
        Site site = RandomSite.of(seed);
        PowerGraph graph = PowerGraph.of(site);
        var random = new SplittableRandom(seed);
        Set<BreakerId> open = some(site, random, 3);

        Energised live = graph.live(new Switching(open, Set.of(), Set.of()));

        for (Load load : site.loads().values()) {
            assertEquals(
                    BruteForce.isFed(site, load.id(), open, true),
                    live.isLive(load.id()),
                    () -> "seed " + seed + ", " + load.id() + ", open " + open);
        }
    }

    private static Set<BreakerId> some(Site site, SplittableRandom random, int oneIn) {
        var some = new HashSet<BreakerId>();
        for (BreakerId breaker : site.breakers().keySet()) {
            if (random.nextInt(oneIn) == 0) {
                some.add(breaker);
            }
        }
        return some;
    }
}
