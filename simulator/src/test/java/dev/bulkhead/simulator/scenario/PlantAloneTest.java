package dev.bulkhead.simulator.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.plant.PlantFile;
import dev.bulkhead.simulator.plant.PlantSettings;
import dev.bulkhead.simulator.score.Policy;
import dev.bulkhead.simulator.score.RunRecord;
import dev.bulkhead.simulator.score.RunRecord.Feed;
import dev.bulkhead.simulator.score.Score;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlantAloneTest {

    @Test
    void doingNothingCostsNoServerAndLeavesTheZoneLiveAfterWaterIsNeeded() {
        var run = play("cell-short", Policy.NONE);
        var score = Score.of(run);

        assertEquals(0, score.serversLost());
        assertEquals(
                run.ledger()
                        .waterNeeded()
                        .map(water -> Duration.between(water, run.ledger().end())),
                score.zoneEnergisedAfterWater());
        assertTrue(
                score.zoneEnergisedAfterWater().orElseThrow().compareTo(Duration.ofMinutes(20))
                        > 0);
    }

    @Test
    void cuttingTheFacilityCostsEveryServerOfTheSite() {
        var run = play("cell-short", Policy.FACILITY_CUT);
        var score = Score.of(run);

        assertEquals(site().servers(), score.serversLost());
        assertEquals(site().servers(), score.lostElsewhere());
        assertTrue(
                score.zoneEnergisedAfterWater().orElseThrow().compareTo(Duration.ofSeconds(10)) < 0,
                "the busbars bleed down within seconds");
        assertEquals(Feed.OFF, run.supply().getFirst().spans().getLast().feed());
    }

    @Test
    void waterIsNeededNinetyThreeMinutesAfterTheFirstFlame() {
        var ledger = play("cell-short", Policy.NONE).ledger();

        assertEquals(
                Optional.of(Duration.ofMinutes(93)),
                ledger.ranAwayAt()
                        .flatMap(fire -> ledger.waterNeeded().map(w -> Duration.between(fire, w))));
    }

    @Test
    void bothPoliciesMeetTheSameFire() {
        var none = play("cell-short", Policy.NONE).ledger();
        var cut = play("cell-short", Policy.FACILITY_CUT).ledger();

        assertEquals(none.ventedAt(), cut.ventedAt());
        assertEquals(none.ranAwayAt(), cut.ranAwayAt());
    }

    /** Otherwise no room's voltage had ten idle minutes behind it when the gas comes. */
    @Test
    void gasComesAfterTheRackHasBeenSeenIdleForTenMinutes() {
        var ledger = play("cell-short", Policy.NONE).ledger();
        var start = ShippedScenarios.scenario("two-rooms", "cell-short").start();

        assertTrue(ledger.ventedAt().orElseThrow().isAfter(start.plus(Duration.ofMinutes(10))));
    }

    /** The reason for all other sensors: what a thermistor shows comes late. */
    @Test
    void theFilmShowsTheHeatBeforeAnyThermistorDoes() {
        var film = play("cell-short", Policy.NONE).film();
        var room = film.rooms().getFirst();

        assertTrue(film.instants().size() <= 401, "" + film.instants().size());
        assertTrue(film.instants().size() > 100, "" + film.instants().size());
        int hot =
                room.frames().stream()
                        .filter(frame -> frame.trueCelsius() > 250)
                        .map(room.frames()::indexOf)
                        .findFirst()
                        .orElseThrow();
        var frame = room.frames().get(hot);
        assertTrue(frame.sensedCelsius() < 100, "" + frame.sensedCelsius());
        assertEquals(4 * 17, frame.trueModules().size());
        // Rack A1-S02, module 9.
        assertEquals(frame.trueCelsius(), frame.trueModules().get(17 + 8));
        assertEquals(3, room.frames().getLast().smokeStep());
        assertEquals(List.of(), film.rooms().getLast().racks(), "only the room that fails");
    }

    @Test
    void aMainsFailureOfFourMinutesDropsNoServer() {
        assertEquals(0, Score.of(play("mains-failure", Policy.NONE)).serversLost());
    }

    @Test
    void aBlackoutTakesEveryServerDownUntilItsHallIsStarted() {
        var run = play("../library/blackout", Policy.NONE);

        assertEquals(site().servers(), Score.of(run).serversLost());
        assertEquals(site().loads().size(), run.ledger().losses().size());
        assertTrue(run.ledger().losses().stream().allMatch(loss -> loss.until().isPresent()));
        assertEquals(Feed.TWO_SOURCES, run.supply().getLast().spans().getLast().feed());
    }

    private static RunRecord play(String name, Policy policy) {
        var scenario = ShippedScenarios.scenario("two-rooms", name);
        return PlantAlone.play(scenario, site(), settings(scenario), policy, 7);
    }

    private static Site site() {
        return ShippedScenarios.site("two-rooms");
    }

    private static PlantSettings settings(Scenario scenario) {
        String file = scenario.plant();
        return PlantFile.parse(file, ShippedScenarios.beside("two-rooms", file), site())
                .orElseThrow();
    }
}
