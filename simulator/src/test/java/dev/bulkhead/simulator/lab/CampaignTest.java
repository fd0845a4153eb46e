package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.journal.MemoryJournal;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.plant.Happening;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Incident;
import dev.bulkhead.simulator.scenario.Scenario;
import dev.bulkhead.simulator.scenario.Victim;
import dev.bulkhead.simulator.score.Outcome;
import dev.bulkhead.simulator.score.RunRecord;
import dev.bulkhead.simulator.score.Score;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's real code against the simulated two-rooms, on virtual time. */
class CampaignTest {
    private static final RoomId A1 = new RoomId("A1");
    private static final RoomId B1 = new RoomId("B1");

    private final MemoryJournal journal = new MemoryJournal();

    private static boolean isOpen(Plant plant, BreakerId breaker) {
        return plant.sense(Role.BREAKER_POSITION, new Subject.OfBreaker(breaker))
                .equals(new Value.At(Position.OPEN));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aShortedCellEndsWithItsRoomProvenIsolatedAndEveryServerFed() {
        Campaign campaign = Stages.campaign(Stages.shipped("two-rooms/cell-short"), 1, journal);

        RunRecord run = campaign.play();

        assertEquals(Outcome.ISOLATED, run.outcome());
        assertEquals(Optional.of(A1), run.room());
        assertEquals(6, run.proof().orElseThrow().positions().size());
        assertEquals(2, run.proof().orElseThrow().busbars().size());
        assertFalse(run.proof().orElseThrow().staysLive().isEmpty(), "strings stay live inside");
        Score score = Score.of(run);
        assertEquals(0, score.serversLost());
        assertEquals(Optional.of(Duration.ZERO), score.zoneEnergisedAfterWater());
        var site = campaign.plant().site();
        site.boundaryOf(A1).forEach(own -> assertTrue(isOpen(campaign.plant(), own), "" + own));
        site.boundaryOf(B1)
                .forEach(other -> assertFalse(isOpen(campaign.plant(), other), "" + other));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void anAgentThatTheScenarioKillsInAFireIsolatesWhenItIsBack() {
        Stage stage =
                Stages.with(
                        Stages.brief("two-rooms/cell-short"),
                        new Scenario.Timed(
                                Duration.ofMinutes(9),
                                new Incident.Dies(Victim.BROKER, Duration.ofMinutes(1))),
                        new Scenario.Timed(
                                Duration.ofMinutes(9),
                                new Incident.Dies(Victim.AGENT, Duration.ofMinutes(1))));
        Campaign campaign = Stages.campaign(stage, 1, journal);

        RunRecord run = campaign.play();

        assertEquals(1, campaign.restarts());
        assertEquals(Outcome.ISOLATED, run.outcome());
    }

    /** Two agents at a time would send every command twice. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void whoIsDeadIsNotKilledAgainAndItsPollsCountOnce() {
        Stage whole = Stages.brief("two-rooms/mains-failure");
        Duration stop = whole.scenario().stop().at();
        Stage stage =
                Stages.with(
                        whole,
                        new Scenario.Timed(
                                stop.minusMinutes(2),
                                new Incident.Dies(Victim.AGENT, Duration.ofHours(1))),
                        new Scenario.Timed(
                                stop.minusMinutes(1),
                                new Incident.Dies(Victim.AGENT, Duration.ofSeconds(10))));
        Campaign campaign = Stages.campaign(stage, 1, journal);

        long due = campaign.play().watch().orElseThrow().pollsDue();

        assertEquals(1, campaign.restarts());
        var undisturbed = Stages.campaign(whole, 1, new MemoryJournal()).play();
        assertTrue(due < undisturbed.watch().orElseThrow().pollsDue(), due + " polls");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void theSameSeedGivesTheSameBytes() {
        var other = new MemoryJournal();
        Stages.campaign(Stages.shipped("two-rooms/cell-short"), 7, journal).play();
        Stages.campaign(Stages.shipped("two-rooms/cell-short"), 7, other).play();

        assertFalse(journal.lines().isEmpty());
        assertEquals(journal.lines(), other.lines());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void breakersThatStickEndInFailureAndPeopleAreTold() {
        RunRecord run =
                Stages.campaign(Stages.shipped("two-rooms/stuck-breakers"), 1, journal).play();

        assertEquals(Outcome.FAILED, run.outcome());
        assertTrue(run.proof().isEmpty());
        assertTrue(
                journal.past().stream().anyMatch(Event.IsolationFailed.class::isInstance),
                "the journal says that it failed");
        assertTrue(
                journal.past().stream()
                        .anyMatch(
                                event ->
                                        event instanceof Event.AlarmChanged alarm
                                                && alarm.alarm()
                                                        .value()
                                                        .equals("isolation-failed@A1")),
                "an alarm says so");
    }

    /** With the other side's UPS down a plan only waits: somebody has to decide. */
    @ParameterizedTest
    @CsvSource({"true, ISOLATED", "false, ADVISED"})
    @Execution(ExecutionMode.CONCURRENT)
    void aPlanThatWaitsIsCarriedOutWhenAPersonApproves(boolean isApproved, Outcome expected) {
        Stage stage = Stages.shipped("two-rooms/cell-short");
        var more = new ArrayList<>(stage.scenario().timeline());
        more.add(
                new Scenario.Timed(
                        Duration.ofMinutes(1),
                        new Incident.Befalls(new Happening.UpsFails(new NodeId("H1B")))));
        if (isApproved) {
            more.add(new Scenario.Timed(Duration.ofMinutes(11), new Incident.Approves(A1)));
        }

        RunRecord run = Stages.campaign(Stages.with(stage, more), 1, journal).play();

        assertEquals(expected, run.outcome());
        assertEquals(
                isApproved, journal.past().stream().anyMatch(Event.Approved.class::isInstance));
    }

    /** A mains failure warms every module and sags every cell at once; it must trip nothing. */
    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(strings = {"two-rooms/mains-failure", "pangyo-rebuilt/mains-failure"})
    void aMainsFailureWithEveryStringDischargingTripsNothing(String scenario) {
        Campaign campaign = Stages.campaign(Stages.shipped(scenario), 1, journal);

        RunRecord run = campaign.play();

        assertEquals(Outcome.NONE, run.outcome());
        List<Event> past = journal.past();
        assertTrue(
                past.stream()
                        .anyMatch(
                                event ->
                                        event instanceof Event.AlarmChanged alarm
                                                && alarm.alarm()
                                                        .value()
                                                        .startsWith("ups-on-battery")),
                "the agent saw the discharge: " + past);
        for (Event event : past) {
            if (event instanceof Event.LevelChanged level) {
                assertTrue(level.to().compareTo(Level.WATCH) <= 0, "" + level);
            }
            assertFalse(event instanceof Event.Planned, "" + event);
        }
        campaign.plant()
                .site()
                .batteryRooms()
                .forEach(
                        room ->
                                campaign.plant().site().boundaryOf(room).stream()
                                        .forEach(
                                                breaker ->
                                                        assertFalse(
                                                                isOpen(campaign.plant(), breaker),
                                                                "" + breaker)));
    }
}
