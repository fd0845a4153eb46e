package dev.bulkhead.rules.hazard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestBrain;
import dev.bulkhead.rules.TestPacks;
import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.SiteFile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class HazardTest {
    private static final RoomId A1 = new RoomId("A1");

    private final TestBrain brain = new TestBrain("two-rooms");

    /** Some seconds in which all is quiet but for what {@code odd} writes over it. */
    private void show(int seconds, Consumer<TestBrain> odd) {
        for (int second = 0; second < seconds; second++) {
            brain.board.measureAllAsOnAQuietDay();
            odd.accept(brain);
            brain.turn();
        }
    }

    private void quiet(int seconds) {
        show(seconds, _ -> {});
    }

    private static Consumer<TestBrain> spread(String rack) {
        return brain -> brain.board.measure(rack + "-bms.CellVMin", 3.95);
    }

    private static Consumer<TestBrain> hot(String rack) {
        return brain -> brain.board.measure(rack + "-bms.ModTmpMax", 65);
    }

    private static Consumer<TestBrain> gas(int rack) {
        return brain -> brain.board.measure("A1-offgas.di" + rack, true);
    }

    private static Consumer<TestBrain> smoke(String room) {
        return brain -> brain.board.measure(room + "-smoke1.fire1", true);
    }

    @Test
    void aQuietRoomIsNormal() {
        brain.rest(Duration.ofMinutes(15));

        assertEquals(Level.NORMAL, brain.level("A1"));
        assertEquals(List.of(), brain.alarmChanges);
    }

    @Test
    void oneBmsIsOneCause() {
        brain.rest(Duration.ofMinutes(11));

        show(20, spread("A1-S03").andThen(hot("A1-S03")));

        List<Vote> votes = brain.hazards.of(A1).votes();
        assertTrue(votes.stream().anyMatch(vote -> vote.kind() == Kind.VOLTAGE));
        assertTrue(votes.stream().anyMatch(vote -> vote.kind() == Kind.TEMPERATURE));
        assertEquals(Level.SUSPECT, brain.level("A1"), "two kinds, but of one device");

        // Rewired to another gateway since its first vote was journalled, it is still one BMS.
        Vote voltage =
                votes.stream()
                        .filter(vote -> vote.kind() == Kind.VOLTAGE)
                        .findFirst()
                        .orElseThrow();
        Vote temperature =
                new Vote(
                        voltage.condition(),
                        Kind.TEMPERATURE,
                        A1,
                        voltage.of(),
                        voltage.device(),
                        new GatewayId("A1-new"),
                        voltage.since(),
                        voltage.until(),
                        "65 °C");
        assertEquals(Optional.empty(), Count.pair(brain.site, List.of(voltage, temperature)));
    }

    @Test
    void twoBmsBehindOneGatewayAreOneCause() {
        brain.rest(Duration.ofMinutes(11));

        show(20, spread("A1-S03").andThen(hot("A1-S02")));

        assertEquals(2, brain.hazards.of(A1).votes().stream().map(Vote::device).distinct().count());
        assertEquals(Level.SUSPECT, brain.level("A1"));
    }

    @Test
    void gasAndVoltageOfOneRackAreAFailingRoom() {
        brain.rest(Duration.ofMinutes(11));

        show(10, spread("A1-S03"));
        assertEquals(Level.SUSPECT, brain.level("A1"));
        show(10, spread("A1-S03").andThen(gas(3)));

        assertEquals(Level.FAILING, brain.level("A1"));
        assertEquals(Level.NORMAL, brain.level("B1"));
        LevelChange last = brain.levelChanges.getLast();
        assertEquals(
                List.of("VOLTAGE", "GAS"),
                last.votes().stream().limit(2).map(vote -> vote.kind().name()).toList());
    }

    @Test
    void gasOfOneRackAndVoltageOfAFarOneAreNotOneFire() {
        brain.rest(Duration.ofMinutes(11));

        show(10, spread("A1-S01").andThen(gas(3)));
        assertEquals(Level.SUSPECT, brain.level("A1"));
        show(10, spread("A1-S01").andThen(gas(2)));
        assertEquals(Level.FAILING, brain.level("A1"), "the neighbour's");
    }

    @Test
    void smokeFillsTheRoomSoAnyRacksGasGoesWithIt() {
        quiet(1);
        show(10, gas(1));
        show(10, gas(1).andThen(smoke("A1")));

        assertEquals(Level.FAILING, brain.level("A1"));
    }

    @Test
    void twoSmokeDetectorsAreOneKind() {
        show(10, smoke("A1").andThen(with -> with.board.measure("A1-smoke2.fire1", true)));

        assertEquals(Level.SUSPECT, brain.level("A1"));
    }

    @Test
    void aLeakAloneOnlyWatchesAndCountsWithSmoke() {
        Consumer<TestBrain> leak = with -> with.board.measure("A1-contacts.di11", true);
        show(15, leak);
        assertEquals(Level.WATCH, brain.level("A1"));
        show(15, leak.andThen(gas(1)));
        assertEquals(Level.SUSPECT, brain.level("A1"), "with gas it is gas that votes");
        show(15, leak.andThen(smoke("A1")));
        assertEquals(Level.FAILING, brain.level("A1"));
    }

    @Test
    void gasAtTheReferenceFirstIsAnAlarmAndNoVote() {
        Consumer<TestBrain> solvent =
                gas(1).andThen(gas(2)).andThen(with -> with.board.measure("A1-contacts.di1", true));

        show(15, solvent.andThen(smoke("A1")));

        assertEquals(Level.SUSPECT, brain.level("A1"), "smoke alone");
        assertTrue(
                brain.alarmChanges.stream()
                        .anyMatch(change -> change.alarm().value().equals("rack-off-gas@A1-S01")));
    }

    @Test
    void gasThatReachesTheReferenceLaterStillCounts() {
        quiet(1);
        show(10, gas(1));
        show(10, gas(1).andThen(with -> with.board.measure("A1-contacts.di2", true)));
        show(5, smoke("A1"));

        assertEquals(Level.FAILING, brain.level("A1"));
    }

    @Test
    void aVoteOutlivesTheSilenceOfItsDeviceForItsWindowOnly() {
        show(5, smoke("A1"));
        assertEquals(Level.SUSPECT, brain.level("A1"));

        Consumer<TestBrain> burnt = with -> with.board.silence("A1-smoke1.fire1");
        show(60 * 14, burnt);
        assertEquals(Level.SUSPECT, brain.level("A1"));
        show(60 * 2, burnt);
        assertEquals(Level.WATCH, brain.level("A1"), "its alarm stands, its vote is over");
    }

    @Test
    void aClearMeasurementWithdrawsAVoteButNotOneOfGas() {
        show(5, smoke("A1"));
        quiet(1);
        assertEquals(Level.WATCH, brain.level("A1"), "the alarm is latched");

        show(10, gas(1));
        quiet(60);
        assertEquals(Level.SUSPECT, brain.level("A1"));
    }

    @Test
    void failingStaysUntilReleased() {
        quiet(1);
        show(10, gas(1).andThen(smoke("A1")));
        for (int minute = 0; minute < 95; minute++) {
            brain.rest(Duration.ofMinutes(1));
        }
        assertEquals(List.of(), brain.hazards.of(A1).votes());
        assertEquals(Level.FAILING, brain.level("A1"));

        var change = brain.hazards.release(A1, brain.alarms, brain.board.now());

        assertEquals(Level.WATCH, change.orElseThrow().to(), "its alarms are latched");
    }

    @Test
    void aReleaseWhileItBurnsIsAnsweredByTheNextMeasurement() {
        quiet(1);
        show(10, gas(1).andThen(smoke("A1")));
        brain.hazards.release(A1, brain.alarms, brain.board.now());
        show(1, gas(1).andThen(smoke("A1")));

        assertEquals(Level.FAILING, brain.level("A1"));
    }

    @Test
    void releasedAgentIsAConsequenceAndNoVote() {
        show(15, with -> with.board.measure("A1-contacts.di16", true));

        assertEquals(Level.NORMAL, brain.level("A1"));
    }

    @Test
    void twoRoomsWithinAMinuteMayHaveOneCause() {
        show(5, smoke("A1"));
        assertFalse(brain.hazards.hasCommonCause(A1));
        show(50, smoke("A1"));
        show(1, smoke("A1").andThen(smoke("B1")));

        assertTrue(brain.hazards.hasCommonCause(A1));
        assertTrue(brain.hazards.hasCommonCause(new RoomId("B1")));
    }

    @Test
    void twoRoomsThatRiseFarApartHaveNot() {
        show(5, smoke("A1"));
        show(65, smoke("A1"));
        show(5, smoke("A1").andThen(smoke("B1")));

        assertFalse(brain.hazards.hasCommonCause(A1));
    }

    @Test
    void aLevelAndItsVotesComeBackFromTheJournal() {
        quiet(1);
        show(10, gas(1).andThen(smoke("A1")));
        var after = new Hazards(brain.site);
        brain.levelChanges.forEach(after::restore);

        assertEquals(Level.FAILING, after.of(A1).level());
        assertEquals(
                brain.levelChanges.getLast().votes().stream().map(Vote::kind).sorted().toList(),
                after.of(A1).votes().stream().map(Vote::kind).sorted().toList());
    }

    @Test
    void doubledSensorsBehindDifferentGatewaysAreStillOneKind() {
        String moved =
                TestSites.siteText("two-rooms")
                        .replace("gateway: A1-air, unit: 2", "gateway: A1-ups, unit: 22");
        var other =
                new TestBrain(
                        SiteFile.parse("s", moved, TestSites.profiles()).orElseThrow(),
                        TestPacks.batteryRoom());
        for (int second = 0; second < 10; second++) {
            other.board.measureAllAsOnAQuietDay();
            other.board.measure("A1-smoke1.fire1", true);
            other.board.measure("A1-smoke2.fire1", true);
            other.turn();
        }

        assertEquals(2, other.hazards.of(A1).votes().size());
        assertEquals(Level.SUSPECT, other.level("A1"));
    }
}
