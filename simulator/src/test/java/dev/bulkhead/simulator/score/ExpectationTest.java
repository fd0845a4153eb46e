package dev.bulkhead.simulator.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.score.Expectation.ToIsolate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpectationTest {
    private static final Expectation NOTHING = new Expectation(List.of(), List.of());

    private static Expectation isolated(Optional<Duration> by, boolean isBeforeFlame) {
        return new Expectation(
                List.of(new ToIsolate(SampleRuns.ROOM, by, isBeforeFlame)), List.of());
    }

    @Test
    void aRoomThatIsDeadAndProvenInTimeIsAsExpected() {
        assertEquals(
                List.of(),
                isolated(Optional.of(Duration.ofSeconds(669)), true).unmet(SampleRuns.bulkhead()));
    }

    @Test
    void aRoomThatIsDeadAfterItsFlameIsTooLate() {
        var late = SampleRuns.bulkhead(SampleRuns.ledger(800), SampleRuns.bulkhead().conduct());

        assertEquals(
                "room A1 dead at +13:20, wanted by +11:42, its first flame",
                isolated(Optional.empty(), true).unmet(late).getFirst());
        assertEquals(
                "room A1 dead at +13:20, wanted by +10:00",
                isolated(Optional.of(Duration.ofMinutes(10)), false).unmet(late).getFirst());
    }

    @Test
    void aRoomThatIsCalledIsolatedBeforeItIsDeadIsNotAsExpected() {
        var early = SampleRuns.bulkhead(SampleRuns.ledger(800), SampleRuns.bulkhead().conduct());

        assertEquals(
                List.of(
                        "room A1 was called isolated and was live: called so at +11:12, dead at"
                                + " +13:20"),
                isolated(Optional.empty(), false).unmet(early));
    }

    @Test
    void aRoomThatIsLiveAtTheEndIsNotIsolatedWhoeverSaysSo() {
        var said =
                SampleRuns.bulkhead(
                        SampleRuns.ledger(SampleRuns.HORIZON), SampleRuns.bulkhead().conduct());

        assertEquals(
                List.of("room A1 is live at the end", "room A1 was called isolated and is live"),
                isolated(Optional.empty(), false).unmet(said));
        assertEquals(
                List.of("room A1 is live at the end"),
                isolated(Optional.empty(), false).unmet(SampleRuns.none()));
    }

    @Test
    void whereNothingIsToBeTrippedATripIsWrong() {
        assertEquals(
                List.of("room A1 was tripped for nothing"), NOTHING.unmet(SampleRuns.bulkhead()));
        assertEquals(List.of(), NOTHING.unmet(SampleRuns.none()));
    }

    @Test
    void whatCannotBeIsolatedMustBeSaidToBeSo() {
        var given = new Expectation(List.of(), List.of(new RoomId("A1")));

        assertEquals(
                List.of("nobody said that room A1 could not be isolated"),
                given.unmet(SampleRuns.bulkhead()));
    }
}
