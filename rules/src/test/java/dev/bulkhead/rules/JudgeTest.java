package dev.bulkhead.rules;

import static dev.bulkhead.rules.Watch.A1;
import static dev.bulkhead.rules.Watch.B1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.Isolation.Phase;
import dev.bulkhead.rules.Watch.Fate;
import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JudgeTest {
    private static final BreakerId FIRST = new BreakerId("QB-A1-1");
    private static final BreakerId SECOND = new BreakerId("QB-A1-2");

    /** Long enough for a room's six steps and their proof. */
    private static final int ISOLATING = 40;

    /** Past the 60 s in which a UPS must have run on its rectifier. */
    private static Watch steady(Watch watch) {
        return watch.rest(Duration.ofSeconds(70));
    }

    private static Level level(Watch watch, RoomId room) {
        return watch.state().hazards().stream()
                .filter(hazard -> hazard.room().equals(room))
                .findFirst()
                .orElseThrow()
                .level();
    }

    private static List<BreakerId> boundary(RoomId room) {
        return Watch.site().boundaryOf(room);
    }

    // --- From readings to a proven isolation.

    @Test
    void aCellThatSagsAndThenVentsHasItsRoomIsolated() {
        Watch watch = Watch.armed().rest(Duration.ofMinutes(11));
        assertEquals(List.of(), watch.journal(), "all quiet");

        watch.sag("A1-S02").pass(5);
        assertEquals(Level.SUSPECT, level(watch, A1));
        assertEquals(List.of(), watch.intents(), "one kind of evidence decides nothing");

        watch.gas(A1, true).pass(ISOLATING);
        List<Kind> votes =
                watch.heard(Event.LevelChanged.class)
                        .filter(change -> change.to() == Level.FAILING)
                        .flatMap(change -> change.votes().stream())
                        .map(Vote::kind)
                        .toList();
        assertEquals(List.of(Kind.VOLTAGE, Kind.GAS), votes);
        assertTrue(watch.last(Event.Planned.class).isAutomatic());
        assertEquals(boundary(A1), watch.wanted(), "the outer breakers first, then the strings");
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
        assertEquals(2, watch.last(Event.Isolated.class).proof().busbars().size());
        assertEquals(Level.NORMAL, level(watch, B1));
    }

    @Test
    void theFirstActIsForAnOuterBreakerAndItsPermitFitsNoOther() {
        Watch watch = steady(Watch.armed()).burn(A1);
        while (watch.intents().isEmpty()) {
            watch.pass(1);
        }

        Intent first = watch.intents().getFirst();
        assertEquals(Breaker.Duty.OUTER, Site.known(Watch.site().breakers(), FIRST).duty());
        assertEquals(FIRST, first.breaker());
        assertEquals(Optional.empty(), first.permit().redeem(SECOND, watch.now()));
        assertTrue(first.permit().redeem(FIRST, watch.now()).isPresent());
        assertEquals(first.id(), watch.last(Event.Intended.class).intent());
    }

    @Test
    void whatIsNotArmedIsAdviceUntilAPersonApproves() {
        Watch watch = steady(Watch.advising()).burn(A1).pass(300);

        Event.Planned planned = watch.last(Event.Planned.class);
        assertFalse(planned.isAutomatic());
        assertTrue(planned.why().startsWith("advice only: not armed"), planned.why());
        assertEquals(1, watch.heard(Event.Planned.class).count());
        assertEquals(List.of(), watch.intents());

        watch.approve(A1).pass(ISOLATING);
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
        assertEquals(boundary(A1), watch.wanted());
    }

    @Test
    void aPersonCanOnlyApproveWhatWaits() {
        Watch watch = steady(Watch.armed()).burn(A1).pass(ISOLATING).approve(A1);

        assertEquals(
                "no plan A1#1 waits for approval", watch.last(Event.CommandRefused.class).why());
    }

    @Test
    void aRoomInHandIsNotReleased() {
        Watch watch = steady(Watch.armed()).burn(A1);
        while (watch.intents().isEmpty()) {
            watch.pass(1);
        }

        watch.say(new Command.Release(A1));

        assertEquals(
                "its isolation is being carried out", watch.last(Event.CommandRefused.class).why());
    }

    // --- Steps that don't go as planned.

    @Test
    void aBreakerThatDoesNotMoveIsLeftForTheNextAndPeopleAreToldInTheEnd() {
        Watch watch = steady(Watch.armed()).fate(FIRST, Fate.STICKS).burn(A1).pass(2 * ISOLATING);

        assertEquals(boundary(A1), watch.wanted(), "each once");
        assertEquals(Optional.of(Phase.FAILED), watch.phase(A1));
        List<String> reasons = watch.last(Event.IsolationFailed.class).reasons();
        assertTrue(reasons.contains(FIRST + ": reads CLOSED after 5 s"), () -> "why: " + reasons);
        assertEquals(
                List.of("the room is not proven isolated"),
                watch.heard(Event.AlarmChanged.class)
                        .filter(change -> change.alarm().value().equals("isolation-failed@A1"))
                        .map(Event.AlarmChanged::why)
                        .toList());

        watch.open(FIRST).pass(3);
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1), "people opened it");
    }

    @Test
    void whatSurelyWasNeverSentIsTriedOnceMore() {
        Watch watch = steady(Watch.armed()).fate(FIRST, Fate.NOT_SENT).burn(A1).pass(ISOLATING);

        assertEquals(
                List.of("A1#1.1.1", "A1#1.1.2", "A1#1.2.1"),
                watch.intents().stream().limit(3).map(act -> act.id().value()).toList());
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
    }

    @Test
    void whatWasTwiceNeverSentIsGivenUp() {
        Watch watch =
                steady(Watch.armed())
                        .fate(FIRST, Fate.NOT_SENT, Fate.NOT_SENT)
                        .burn(A1)
                        .pass(2 * ISOLATING);

        assertEquals(2, watch.wanted().stream().filter(FIRST::equals).count());
        assertEquals(Optional.of(Phase.FAILED), watch.phase(A1));
    }

    @Test
    void anActNobodyHearsOfIsGivenUpAndNotRepeated() {
        Watch watch = steady(Watch.armed()).fate(FIRST, Fate.STICKS_UNHEARD).burn(A1).pass(150);

        assertEquals(boundary(A1), watch.wanted());
        assertEquals(Optional.of(Phase.FAILED), watch.phase(A1));
    }

    @Test
    void aBreakerFoundOpenNeedsNoAct() {
        Watch watch = steady(Watch.armed()).open(FIRST).burn(A1).pass(ISOLATING);

        assertFalse(watch.wanted().contains(FIRST));
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
    }

    @Test
    void whatTheGuardRefusesIsNotDone() {
        Watch watch = steady(Watch.armed()).show(FIRST, Role.BREAKER_LOCAL, true).burn(A1).pass(60);

        assertFalse(watch.wanted().contains(FIRST));
        Event.Refused refused = watch.last(Event.Refused.class);
        assertEquals(FIRST, refused.breaker());
        assertEquals(1, refused.reasons().size(), () -> "why: " + refused.reasons());
        assertEquals(boundary(A1).subList(1, 6), watch.wanted(), "the next switches are tried");
        assertEquals(Optional.of(Phase.FAILED), watch.phase(A1));
    }

    @Test
    void aUpsThatLeavesItsRectifierStopsAllFurtherOpening() {
        Watch watch = steady(Watch.armed()).burn(A1);
        while (watch.heard(Event.StepConfirmed.class).findAny().isEmpty()) {
            // A mains failure, as the first outer breaker opens.
            if (!watch.intents().isEmpty()) {
                watch.show("H1A", Role.UPS_RECTIFIER_INPUT, false)
                        .show("H1A", Role.UPS_ON_BATTERY, true);
            }
            watch.pass(1);
        }

        watch.pass(2 * ISOLATING);

        assertEquals(List.of(FIRST), watch.wanted());
        assertEquals(Optional.of(Phase.WAITING), watch.phase(A1));
        List<String> reasons = watch.last(Event.Held.class).reasons();
        assertTrue(reasons.contains("UPS H1A: on battery"), () -> "why: " + reasons);
    }

    // --- More than one room.

    @Test
    void twoRoomsSuspectWithinAMinuteWaitForAPerson() {
        Watch watch = steady(Watch.armed()).gas(A1, true).pass(50);
        watch.gas(B1, true).pass(10).smoke(A1, true).smoke(B1, true).pass(120);

        assertEquals(List.of(), watch.intents());
        watch.heard(Event.Planned.class)
                .forEach(
                        planned ->
                                assertTrue(
                                        planned.why().contains("the cause may be common"),
                                        planned.why()));

        watch.approve(A1).pass(ISOLATING);
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
        assertEquals(Optional.of(Phase.WAITING), watch.phase(B1));
    }

    @Test
    void twoRoomsApprovedAtOnceAreIsolatedOneAfterTheOther() {
        Watch watch = steady(Watch.armed()).burn(A1).burn(B1).pass(20);

        watch.approve(A1).pass(1).approve(B1).pass(ISOLATING);
        assertEquals(
                "room A1 is being isolated: approve this one when that has ended",
                watch.last(Event.CommandRefused.class).why());
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));

        watch.approve(B1).pass(ISOLATING);
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(B1));
        assertEquals(0, watch.heard(Event.Refused.class).count());
    }

    @Test
    void aSecondRoomIsProposedToPeopleWhileTheFirstIsNotReleased() {
        Watch watch = steady(Watch.armed()).gas(A1, true).pass(70).gas(B1, true).pass(10);
        watch.smoke(A1, true).pass(1).smoke(B1, true).pass(60 + 2 * ISOLATING);

        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
        assertEquals(Optional.of(Phase.WAITING), watch.phase(B1));

        watch.approve(B1).pass(ISOLATING);
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(B1));
        assertEquals(List.of(), watch.heard(Event.Refused.class).toList());
    }

    /** Looked at anew before each step: a second suspect room may have the same cause. */
    @Test
    void aSecondRoomThatBecomesSuspectHoldsWhatIsUnderWay() {
        Watch watch = steady(Watch.armed()).burn(A1);
        while (watch.heard(Event.StepConfirmed.class).findAny().isEmpty()) {
            watch.pass(1);
        }
        // Its UPS falls silent for less than the patience, and meanwhile room B1 begins.
        var ups = new Subject.OfNode(new NodeId("H1A"));
        watch.dark(signal -> signal.of().equals(ups)).gas(B1, true).pass(8);
        watch.dark(_ -> false).pass(2 * ISOLATING);

        assertEquals(Optional.of(Phase.WAITING), watch.phase(A1));
        assertTrue(watch.wanted().size() < boundary(A1).size(), "not all was opened");
        watch.approve(A1).pass(ISOLATING);
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
    }

    // --- What holds an isolation back, and lets it go on.

    @Test
    void aJournalThatCanNotBeWrittenSuspendsAutomaticActsUntilAPersonResumesThem() {
        Watch watch = steady(Watch.armed()).journalIs(false).burn(A1).pass(60);
        assertEquals(List.of(), watch.intents());
        assertTrue(watch.last(Event.Planned.class).why().contains("are suspended"));

        watch.journalIs(true).pass(60);
        assertEquals(List.of(), watch.intents(), "that it works again resumes nothing");

        watch.say(new Command.Resume()).pass(ISOLATING);
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
    }

    @Test
    void aJournalThatFailsInBetweenHoldsTheNextStepBack() {
        Watch watch = steady(Watch.armed()).burn(A1);
        while (watch.intents().size() < 2) {
            watch.pass(1);
        }
        watch.journalIs(false).pass(120);
        assertEquals(2, watch.intents().size());

        watch.say(new Command.Resume()).pass(ISOLATING);
        assertEquals(boundary(A1), watch.wanted());
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
    }

    @Test
    void aMainsFailureIsWaitedOutAndThenTheRoomIsIsolated() {
        Watch watch = steady(Watch.armed()).show("H1A", Role.UPS_ON_BATTERY, true).burn(A1);
        watch.pass(60);
        assertEquals(List.of(), watch.intents());

        watch.show("H1A", Role.UPS_ON_BATTERY, false).pass(50);
        assertEquals(List.of(), watch.intents(), "not yet for 60 s");

        watch.pass(20 + ISOLATING);
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
    }

    @Test
    void evidenceThatHasLapsedWhileAPlanWaitedNeedsAPerson() {
        Watch watch = steady(Watch.armed()).show("H1A", Role.UPS_ON_BATTERY, true).burn(A1);
        watch.pass(20);
        // The detectors burn; what they said counts for 15 and 90 minutes.
        watch.dark(signal -> signal.gateway().value().equals("A1-air"))
                .rest(Duration.ofMinutes(20));

        watch.show("H1A", Role.UPS_ON_BATTERY, false).pass(120);
        assertEquals(List.of(), watch.intents());
        assertEquals(Optional.of(Phase.WAITING), watch.phase(A1), "not refused step by step");

        watch.approve(A1).pass(ISOLATING);
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
    }

    // --- What was proven.

    @Test
    void silenceTakesNoProofAway() {
        Watch watch = steady(Watch.armed()).burn(A1).pass(ISOLATING);

        watch.dark(_ -> true).rest(Duration.ofMinutes(30));

        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
    }

    @Test
    void aMeasurementThatContradictsTakesItAway() {
        Watch watch = steady(Watch.armed()).burn(A1).pass(ISOLATING);

        watch.close(FIRST).pass(2);
        assertEquals(FIRST + " reads CLOSED", watch.last(Event.ProofLost.class).why());
        assertEquals(Optional.of(Phase.FAILED), watch.phase(A1));

        watch.open(FIRST).pass(3);
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));

        watch.show("A1-busbars.ai1", 408.0).pass(1);
        assertEquals("busbar BB-A1-1 reads 408.0 V", watch.last(Event.ProofLost.class).why());
        assertEquals(Optional.of(Phase.FAILED), watch.phase(A1));
    }

    @Test
    void allOpenButABusbarThatStaysLiveIsNotProven() {
        Watch watch =
                steady(Watch.armed()).show("A1-busbars.ai2", 540.0).burn(A1).pass(2 * ISOLATING);

        assertEquals(Optional.of(Phase.CONTRADICTED), watch.phase(A1));
        assertTrue(watch.last(Event.NotProven.class).isContradicted());

        // The fire takes the transducer's wire: that must not make the room proven dead.
        watch.show("A1-busbars.ai2", 0.0).pass(60);
        assertEquals(0, watch.heard(Event.Isolated.class).count());
    }

    @Test
    void aTransducerHeardOnlyAfterTheFirstPlanStillProves() {
        var proof = new Subject.OfNode(new NodeId("BB-A1-1"));
        Watch watch =
                steady(Watch.advising())
                        .dark(
                                signal ->
                                        signal.of().equals(proof)
                                                && signal.role() == Role.BUSBAR_VOLTAGE)
                        .burn(A1)
                        .pass(30)
                        .dark(_ -> false)
                        .pass(30);

        watch.approve(A1).pass(ISOLATING);

        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
        assertEquals(2, watch.heard(Event.Planned.class).count());
    }

    // --- After a restart.

    /** What the breaker of an act without an end shows to the agent that finds it. */
    private enum Found {
        OPEN,
        CLOSED,
        SILENT
    }

    @Test
    void whereverTheAgentDiesTheNextOneRepeatsNothingBlindlyAndForgetsNothing() {
        int length = steady(Watch.armed()).burn(A1).pass(ISOLATING).journal().size();
        int withoutEnd = 0;
        for (int kept = 1; kept <= length; kept++) {
            for (Found found : Found.values()) {
                withoutEnd += dieAndGoOn(kept, found) ? 1 : 0;
            }
        }
        assertEquals(boundary(A1).size() * Found.values().length, withoutEnd, "all were met");
    }

    /** Whether the agent died with an act in hand. */
    private static boolean dieAndGoOn(int kept, Found found) {
        String where = "after " + kept + " events, breaker " + found;
        Watch watch = steady(Watch.armed()).burn(A1).dieWith(kept);
        List<Intent> before = watch.sent();
        Optional<BreakerId> unknown = watch.unheard();
        if (unknown.isEmpty() && found != Found.OPEN) {
            return false;
        }

        watch.restart(found == Found.OPEN);
        // The rack reports already, so unless its vote was journalled another sign must come.
        watch.show("A1-S02-bms.ModTmpMax", 65);
        // Nothing can be read for a while, as links come up one by one.
        watch.dark(_ -> true).pass(5);
        assertEquals(before, watch.intents(), where + ": nothing is repeated blindly");
        watch.dark(
                signal ->
                        found == Found.SILENT
                                && unknown.filter(one -> Watch.about(one).test(signal))
                                        .isPresent());
        watch.pass(180);

        List<BreakerId> after = watch.wanted().subList(before.size(), watch.wanted().size());
        assertEquals(
                unknown.isPresent() && found == Found.CLOSED ? 1 : 0,
                after.stream().filter(breaker -> unknown.equals(Optional.of(breaker))).count(),
                where + ": " + after);
        List<IntentId> names = watch.intents().stream().map(Intent::id).toList();
        assertEquals(names.size(), new HashSet<>(names).size(), where + ": no name comes twice");
        if (found == Found.SILENT) {
            assertNotEquals(Optional.of(Phase.ISOLATED), watch.phase(A1), where);
        } else {
            assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1), where);
        }
        unknown.ifPresent(
                breaker -> {
                    if (found == Found.SILENT) {
                        assertEquals(
                                "after a restart its position could not be read",
                                watch.last(Event.StepFailed.class).reason(),
                                where);
                    } else {
                        Event.StepFound first =
                                watch.heard(Event.StepFound.class).findFirst().orElseThrow();
                        assertEquals(breaker, first.breaker(), where);
                        assertEquals(Position.valueOf(found.name()), first.position(), where);
                    }
                });
        return unknown.isPresent();
    }

    @Test
    void aBreakerFoundClosedTwiceIsNotTriedAThirdTime() {
        Watch watch = steady(Watch.armed()).burn(A1);
        for (int death = 0; death < 2; death++) {
            int intents = watch.intents().size();
            watch.fate(FIRST, Fate.STICKS_UNHEARD, Fate.STICKS_UNHEARD);
            while (watch.intents().size() == intents) {
                watch.pass(1);
            }
            watch.restart(false);
        }
        watch.pass(120);

        assertEquals(2, watch.wanted().stream().filter(FIRST::equals).count());
        assertEquals(Optional.of(Phase.FAILED), watch.phase(A1));
    }

    @Test
    void suspensionLatchesAndLevelsOutliveARestart() {
        Watch watch =
                steady(Watch.armed()).journalIs(false).burn(A1).pass(20).restart(false).pass(200);

        assertEquals(Level.FAILING, level(watch, A1));
        assertEquals(List.of(), watch.intents());
        assertEquals(Optional.of(Phase.WAITING), watch.phase(A1));
        assertTrue(watch.state().suspension().isPresent());

        watch.say(new Command.Resume()).pass(ISOLATING);
        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
    }

    @Test
    void whatWasIsolatedStaysSoOverARestartInSilence() {
        Watch watch = steady(Watch.armed()).burn(A1).pass(ISOLATING).restart(false);

        watch.dark(_ -> true).rest(Duration.ofMinutes(30));

        assertEquals(Optional.of(Phase.ISOLATED), watch.phase(A1));
        assertEquals(
                AlarmState.UNACKNOWLEDGED,
                watch.state().alarms().stream()
                        .filter(alarm -> alarm.id().equals(new AlarmId("room-smoke-vote@A1")))
                        .findFirst()
                        .orElseThrow()
                        .state());
    }

    @Test
    void aReleaseThatWasOnlyHalfWrittenDownIsARelease() {
        Watch watch = steady(Watch.advising()).burn(A1).pass(20);
        watch.gas(A1, false).smoke(A1, false).pass(5);
        int before = watch.journal().size();
        watch.say(new Command.Release(A1));
        assertTrue(watch.journal().size() > before + 1, "the release, and the level after");

        watch.forget(before + 1).restart(false).pass(30);

        assertNotEquals(Level.FAILING, level(watch, A1));
        assertEquals(Optional.empty(), watch.phase(A1));
    }

    // --- The same again.

    @Test
    void anImageStaysAsItWasWhenTheStateGoesOn() {
        Watch watch = steady(Watch.armed()).show("H1A", Role.UPS_ON_BATTERY, true).burn(A1);
        watch.pass(20);
        State.Image taken = watch.state().image();
        int hash = taken.hashCode();

        watch.show("H1A", Role.UPS_ON_BATTERY, false).pass(90 + ISOLATING);

        assertEquals(hash, taken.hashCode());
        assertNotEquals(taken, watch.state().image());
    }

    @Test
    void sameInputsGiveTheSameStateAndTheSameWords() {
        List<State.Image> images = new ArrayList<>();
        List<List<Event>> journals = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            Watch watch =
                    Watch.armed()
                            .rest(Duration.ofMinutes(11))
                            .fate(SECOND, Fate.NOT_SENT)
                            .sag("A1-S02")
                            .pass(5)
                            .gas(A1, true)
                            .pass(12)
                            .restart(true)
                            .pass(90)
                            .burn(B1)
                            .pass(ISOLATING);
            images.add(watch.state().image());
            journals.add(watch.journal());
        }

        assertEquals(images.getFirst(), images.getLast());
        assertEquals(journals.getFirst(), journals.getLast());
        assertEquals(
                1, journals.getFirst().stream().filter(Event.Isolated.class::isInstance).count());
    }

    /**
     * Smoke that was measured clear again must not come back as evidence because a process died.
     */
    @Test
    void aVoteThatWasWithdrawnDoesNotComeBackFromTheJournal() {
        Watch watch =
                steady(Watch.armed())
                        .show("H1A", Role.UPS_ON_BATTERY, true)
                        .burn(A1)
                        .pass(20)
                        .smoke(A1, false)
                        .pass(5);
        assertEquals(Optional.of(Phase.WAITING), watch.phase(A1));

        watch.restart(true)
                .dark(signal -> signal.device().value().startsWith("A1-smoke"))
                .show("H1A", Role.UPS_ON_BATTERY, false)
                .pass(180);

        assertEquals(List.of(), watch.intents());
        assertEquals(Optional.of(Phase.WAITING), watch.phase(A1));
    }
}
