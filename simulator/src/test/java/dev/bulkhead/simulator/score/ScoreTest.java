package dev.bulkhead.simulator.score;

import static dev.bulkhead.simulator.score.SampleRuns.bulkhead;
import static dev.bulkhead.simulator.score.SampleRuns.ledger;
import static dev.bulkhead.simulator.score.SampleRuns.loss;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScoreTest {
    private static final Conduct CONDUCT = Conduct.plantAlone(1);

    @Test
    void lossThroughTheZoneAndElsewhereAreToldApart() {
        var ledger = ledger(List.of(loss("R1", 640, 1000), loss("R2", 100, 1000)), 640, 700);

        var score = Score.of(bulkhead(ledger, CONDUCT));

        assertEquals(640, score.lostThroughZone());
        assertEquals(100, score.lostElsewhere());
        assertEquals(740, score.serversLost());
    }

    @Test
    void aServerThatIsDownStaysDownToTheEnd() {
        var ledger = ledger(List.of(loss("R1", 640, SampleRuns.HORIZON - 90)), 640, 700);

        assertEquals(960, Score.of(bulkhead(ledger, CONDUCT)).serverMinutesLost());
    }

    @Test
    void aServerLostTwiceCountsOnceAndItsMinutesEndWhenItIsStarted() {
        var first = loss("R1", 640, 600);
        var started =
                new Ledger.Loss(
                        first.load(),
                        first.hall(),
                        first.servers(),
                        first.at(),
                        Optional.of(first.at().plusSeconds(60)));
        var again = loss("R1", 640, SampleRuns.HORIZON - 90);

        var score = Score.of(bulkhead(ledger(List.of(started, again), 640, 700), CONDUCT));

        assertEquals(640, score.serversLost());
        assertEquals(640 + 960, score.serverMinutesLost());
    }

    @Test
    void onlyWhatIsLiveAfterWaterWasNeededCounts() {
        int water = SampleRuns.WATER;
        var before = Score.of(bulkhead(ledger(water - 1), CONDUCT));
        var after = Score.of(bulkhead(ledger(water + 90.5), CONDUCT));

        assertEquals(Optional.of(Duration.ZERO), before.zoneEnergisedAfterWater());
        assertEquals(Optional.of(Duration.ofMillis(90_500)), after.zoneEnergisedAfterWater());
    }

    @Test
    void aZoneThatIsLiveAtTheEndWasNeverIsolated() {
        var score = Score.of(bulkhead(ledger(SampleRuns.HORIZON), CONDUCT));

        assertEquals(Optional.empty(), score.timeToIsolate());
        assertEquals(Optional.empty(), score.leadBeforeRunaway());
    }

    @Test
    void timesCountFromTheShort() {
        var score = Score.of(bulkhead(ledger(668.4), CONDUCT));

        assertEquals(Optional.of(Duration.ofSeconds(350)), score.timeToDetect());
        assertEquals(Optional.of(Duration.ofMillis(368_400)), score.timeToIsolate());
        assertEquals(Optional.of(Duration.ofMillis(372_200)), score.timeToProve());
        assertEquals(Optional.of(Duration.ofMillis(33_600)), score.leadBeforeRunaway());
    }

    @Test
    void aFireThatComesFirstGivesNoLead() {
        var score = Score.of(bulkhead(ledger(800), CONDUCT));

        assertEquals(Optional.of(Duration.ofSeconds(-98)), score.leadBeforeRunaway());
    }
}
