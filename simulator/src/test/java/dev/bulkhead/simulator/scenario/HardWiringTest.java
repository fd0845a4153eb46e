package dev.bulkhead.simulator.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.ShippedProfiles;
import dev.bulkhead.simulator.plant.PlantFile;
import dev.bulkhead.simulator.score.Outcome;
import dev.bulkhead.simulator.score.Policy;
import dev.bulkhead.simulator.score.RunRecord;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.score.Score;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What hard wiring makes of a fire, without an agent. */
class HardWiringTest {
    private static final String SHORT =
            "  - {at: 5 min, internal-short: {rack: A1-S02, module: 9, cell: 3, milliohms: 20}}\n";

    private static RunRecord play(String site, Policy policy, String timeline, String more) {
        String text =
                """
                title: A test
                source: {assumed: for a test}
                plant: ../plant.yaml
                agent: ../agent.yaml
                start: 2026-01-15T06:00:00Z
                horizon: 45 min
                timeline:
                """
                        + timeline
                        + "stop: {at: 25 min}\n"
                        + more;
        var plan = ShippedScenarios.site(site);
        var scenario =
                ScenarioFile.parse("s.yaml", text, plan, ShippedProfiles.all()).orElseThrow();
        String file = scenario.plant();
        var settings =
                PlantFile.parse(file, ShippedScenarios.beside(site, file), plan).orElseThrow();
        return PlantAlone.play(scenario, plan, settings, policy, 7);
    }

    private static Optional<Instant> first(RunRecord run, String kind) {
        return run.decisions().stream()
                .filter(made -> made.kind().equals(kind))
                .map(Decision::at)
                .findFirst();
    }

    @Test
    void twoZonesOfSmokeTripTheRoomAndOnlyThatRoom() {
        var run = play("two-rooms", Policy.PANEL_INTERLOCK, SHORT, "");

        assertEquals(Outcome.NOT_PROVEN, run.outcome());
        assertEquals(List.of(new RoomId("A1")), rooms(run));
        var dead = run.ledger().zoneDeadSince().orElseThrow();
        assertTrue(dead.isAfter(first(run, "trip").orElseThrow()), "breakers take their time");
        assertTrue(
                dead.isAfter(run.ledger().ventedAt().orElseThrow().plus(Duration.ofSeconds(30))));
        assertEquals(0, Score.of(run).serversLost());
        assertTrue(Score.of(run).timeToDetect().isPresent());
        var fates = run.ledger().rooms();
        assertEquals(List.of("A1", "B1"), fates.stream().map(it -> it.room().value()).toList());
        assertEquals(first(run, "trip").map(it -> it.plusMillis(50)), fates.get(0).trippedAt());
        assertEquals(Optional.empty(), fates.get(1).trippedAt());
        assertEquals(List.of(), run.ledger().strays());
        var without = Duration.between(dead, run.ledger().end()).toMillis() / 60e3;
        assertEquals(2000 * without, run.ledger().unbackedServerMinutes(), 2000 * 10 / 60.0);
    }

    @Test
    void aHotModuleTripsItsRoomAtTheSecondReadingAboveTheLimit() {
        var run = play("two-rooms", Policy.BMS_THRESHOLD, SHORT, "");

        assertEquals(Outcome.NOT_PROVEN, run.outcome());
        assertEquals(List.of(new RoomId("A1")), rooms(run));
        var crossed =
                run.traces().stream()
                        .filter(trace -> trace.label().equals("A1-S02, module 9"))
                        .flatMap(trace -> trace.samples().stream())
                        .filter(sample -> sample.value() > 60)
                        .findFirst()
                        .orElseThrow()
                        .at();
        var wait = Duration.between(crossed, first(run, Score.FAILING).orElseThrow());
        assertTrue(wait.compareTo(Duration.ofSeconds(10)) >= 0, wait::toString);
        assertTrue(wait.compareTo(Duration.ofSeconds(20)) <= 0, wait::toString);
    }

    @Test
    void aSlowBmsFindsTheSameFireLater() {
        var quick = play("two-rooms", Policy.BMS_THRESHOLD, SHORT, "");
        var slow = play("two-rooms", Policy.BMS_THRESHOLD, SHORT, "bms: {cycle: 2 min}\n");

        assertTrue(
                first(slow, Score.FAILING)
                        .orElseThrow()
                        .isAfter(first(quick, Score.FAILING).orElseThrow()));
    }

    @ParameterizedTest
    @EnumSource(names = {"BMS_THRESHOLD", "PANEL_INTERLOCK"})
    void whereNothingBurnsNothingIsTripped(Policy policy) {
        var run = play("two-rooms", policy, "  - {at: 12 min, utility-lost: true}\n", "");

        assertEquals(Outcome.NONE, run.outcome());
        assertEquals(List.of(), run.decisions());
    }

    @ParameterizedTest
    @EnumSource(names = {"BMS_THRESHOLD", "PANEL_INTERLOCK"})
    void aBreakerInLocalIsTrippedWhenItIsBackInRemote(Policy policy) {
        var run =
                play(
                        "two-rooms",
                        policy,
                        SHORT
                                + "  - {at: 0 s, set-local: {breaker: QB-A1-1}}\n"
                                + "  - {at: 30 min, set-remote: {breaker: QB-A1-1}}\n",
                        "");

        var opened = openedAt(run, "QB-A1-1").orElseThrow();
        assertFalse(opened.isBefore(run.start().plus(Duration.ofMinutes(30))));
        assertTrue(opened.isBefore(run.start().plus(Duration.ofMinutes(30).plusSeconds(5))));
        assertTrue(openedAt(run, "QB-A1-2").orElseThrow().isBefore(opened));
    }

    @ParameterizedTest
    @EnumSource(names = {"BMS_THRESHOLD", "PANEL_INTERLOCK"})
    void oneBreakerThatSticksIsAFailureAndTheOthersOpen(Policy policy) {
        var run =
                play(
                        "two-rooms",
                        policy,
                        SHORT + "  - {at: 0 s, breaker-sticks: {breaker: QB-A1-1}}\n",
                        "");

        assertEquals(Outcome.FAILED, run.outcome());
        assertTrue(openedAt(run, "QB-A1-2").isPresent());
        assertTrue(first(run, "failed").isPresent());
        assertEquals(
                1,
                run.truth().stream().filter(it -> it.kind().equals("breaker stuck")).count(),
                "one pulse, not one a second");
    }

    @Test
    void whatPeopleOpenIsNotTripped() {
        var run =
                play("two-rooms", Policy.NONE, "  - {at: 12 min, open-by-hand: {room: A1}}\n", "");

        assertEquals(Optional.empty(), run.ledger().rooms().getFirst().trippedAt());
    }

    /** Lamps are all a trip circuit has. */
    @Test
    void aBreakerThatLiesIsBelieved() {
        var run =
                play(
                        "two-rooms",
                        Policy.PANEL_INTERLOCK,
                        SHORT
                                + "  - {at: 0 s, breaker-sticks: {breaker: QB-A1-1}}\n"
                                + "  - {at: 0 s, breaker-lies: {breaker: QB-A1-1, shows: open}}\n",
                        "");

        assertEquals(Outcome.NOT_PROVEN, run.outcome());
        assertEquals(Optional.empty(), run.ledger().zoneDeadSince());
    }

    @Test
    void breakersByHandCannotBeTripped() {
        var run =
                play(
                        "pangyo-2022",
                        Policy.PANEL_INTERLOCK,
                        "  - {at: 1 min, internal-short: {rack: BR1-S01, module: 6, cell: 3,"
                                + " milliohms: 20}}\n",
                        "");

        assertEquals(Outcome.FAILED, run.outcome());
        assertTrue(first(run, "failed").isPresent());
        assertEquals(Optional.empty(), first(run, "trip"));
        assertEquals(Optional.empty(), run.ledger().zoneDeadSince());
    }

    private static List<RoomId> rooms(RunRecord run) {
        return run.decisions().stream().flatMap(made -> made.room().stream()).distinct().toList();
    }

    private static Optional<Instant> openedAt(RunRecord run, String breaker) {
        return run.decisions().stream()
                .filter(made -> made.kind().equals("open"))
                .filter(made -> made.breaker().equals(Optional.of(new BreakerId(breaker))))
                .map(Decision::at)
                .findFirst();
    }
}
