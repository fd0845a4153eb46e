package dev.bulkhead.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.agent.control.View;
import dev.bulkhead.agent.cycle.Cycle;
import dev.bulkhead.rules.condition.ConditionId;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.Snapshot;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewsTest {
    private static final AgentFile.Configuration CONFIGURATION =
            AgentFile.load(Path.of("../simulator/src/main/sites/two-rooms/agent.yaml"))
                    .orElseThrow();
    private static final ConditionId GAS = new ConditionId("rack-off-gas-vote");
    private static final Subject RACK = new Subject.OfNode(new NodeId("A1-S02"));

    private Instant now = Instant.parse("2026-01-15T06:00:00Z");
    private final Cycle cycle = new Cycle(CONFIGURATION.judge(), now, List.of());

    /** What room A1 shows after so many seconds of this. */
    private View.Room after(int seconds, boolean reference, boolean rack) {
        for (int second = 0; second < seconds; second++) {
            now = now.plusSeconds(1);
            var news = new ArrayList<Observation>();
            for (Signal signal : CONFIGURATION.facility().signals().all()) {
                boolean isRack = signal.of().equals(RACK);
                if (signal.role() == Role.ROOM_OFF_GAS_REFERENCE
                        || signal.role() == Role.RACK_OFF_GAS) {
                    news.add(
                            new Observation(
                                    signal.index(),
                                    new Reading.Measured(
                                            now,
                                            0,
                                            new Value.Flag(
                                                    signal.role() == Role.RACK_OFF_GAS
                                                            ? isRack && rack
                                                            : reference))));
                }
            }
            cycle.turn(new Snapshot(now, news));
        }
        return Views.of(CONFIGURATION.facility().site(), cycle, now).rooms().getFirst();
    }

    private static List<ConditionId> votes(View.Room room) {
        return room.votes().stream().map(Vote::condition).toList();
    }

    @Test
    void whatAReferenceHoldsBackIsShownWhereItIsNoVote() {
        after(10, false, false);
        after(10, true, false);

        View.Room room = after(10, true, true);

        assertEquals(List.of(), votes(room));
        assertEquals(
                List.of(
                        new View.HeldBack(
                                GAS,
                                RACK,
                                "not judged unless allClearSince(\"room.offGasReference\","
                                        + " \"rack.offGas\", 10)")),
                room.heldBack());
        assertEquals(List.of(), after(1, true, false).heldBack(), "the rack is clear");
    }

    @Test
    void aVoteThatStandsIsNotShownAsHeldBackToo() {
        after(10, false, false);
        assertEquals(List.of(GAS), votes(after(10, false, true)));

        View.Room room = after(10, true, true);

        assertEquals(List.of(GAS), votes(room));
        assertEquals(List.of(), room.heldBack());
    }
}
