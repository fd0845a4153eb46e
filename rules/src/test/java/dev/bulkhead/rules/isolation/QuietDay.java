package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.network.PowerGraph;
import dev.bulkhead.rules.signal.FakeBoard;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.time.Instant;
import java.util.Optional;

/** A shipped site on which everything is as it should be. */
record QuietDay(Site site, PowerGraph graph, FakeBoard board, Instant now) {
    static final Instant NOON = Instant.parse("2026-10-15T03:00:00Z");
    static final RoomId A1 = new RoomId("A1");

    static QuietDay at(String name) {
        Site site = TestSites.site(name);
        return new QuietDay(
                site,
                PowerGraph.of(site),
                FakeBoard.quiet(SignalTable.of(site, TestSites.profiles()), NOON),
                NOON);
    }

    Plan plan(RoomId room, Rung rung) {
        return plan(room, rung, _ -> Optional.of(now.minusSeconds(3600)));
    }

    Plan plan(RoomId room, Rung rung, Interlocks.Steadiness steadiness) {
        return new Planner(site, graph)
                .plan(room, rung, new PlanId(room + "#1"), board, steadiness, now);
    }
}
