package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.journal.MemoryJournal;
import dev.bulkhead.rules.Event;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.score.Outcome;
import dev.bulkhead.simulator.score.RunRecord;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.score.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a child process on real sockets, with a real journal. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LabIT {
    /** Slow enough for a machine that does something else as well. */
    private static final int SPEED = 16;

    /** Two fast polls of 2 s and a cycle of 1 s. */
    private static final Duration APART = Duration.ofSeconds(5);

    private static final Lab.Audience NOBODY =
            new Lab.Audience() {
                @Override
                public void event(Event event) {}

                @Override
                public void moment(Instant now, Plant plant) {}
            };

    @TempDir private Path work;

    /** What is decided must not hang on how it is driven. */
    @Test
    void aLabDecidesWhatACampaignDecidesInTheSameOrder() throws IOException, InterruptedException {
        var stage = Stages.brief("two-rooms/cell-short");

        RunRecord lab = new Lab(stage, 5, SPEED, work, NOBODY).play();
        RunRecord campaign = Stages.campaign(stage, 5, new MemoryJournal()).play();

        List<Decision> inLab = decided(lab);
        List<Decision> inCampaign = decided(campaign);
        assertEquals(
                inCampaign.stream().map(LabIT::words).toList(),
                inLab.stream().map(LabIT::words).toList());
        Duration largest = Duration.ZERO;
        for (int each = 0; each < inLab.size(); each++) {
            Duration apart =
                    Duration.between(inCampaign.get(each).at(), inLab.get(each).at()).abs();
            largest = apart.compareTo(largest) > 0 ? apart : largest;
        }
        System.out.println(
                "lab and campaign: "
                        + inLab.size()
                        + " decisions, at most "
                        + largest.toMillis()
                        + " ms apart; "
                        + (lab.conduct().isValid() ? "valid" : lab.conduct().flaw()));
        assertTrue(
                largest.compareTo(APART) <= 0 || !lab.conduct().isValid(),
                "decisions are up to " + largest + " apart");
    }

    /** Alarms hang on when in a cycle a sensor is read; what is decided and done must not. */
    private static List<Decision> decided(RunRecord run) {
        var decided = new ArrayList<Decision>();
        for (Decision decision : run.decisions()) {
            boolean isLevelBelowFailing =
                    decision.stage() == RunRecord.Stage.DETECTION
                            && !decision.kind().equals(Score.FAILING);
            if (!isLevelBelowFailing) {
                decided.add(decision);
            }
        }
        return decided;
    }

    private static String words(Decision decision) {
        return decision.kind()
                + " "
                + decision.room().map(Object::toString).orElse("-")
                + " "
                + decision.breaker().map(Object::toString).orElse("-");
    }

    /**
     * Killed between the durable intent and its confirmation, it reads before it does anything
     * else.
     */
    @Test
    void killedWithAnActInHandItReadsTheBreakerFirstAndFinishes()
            throws IOException, InterruptedException {
        var stage = Stages.brief("two-rooms/cell-short");
        var lab =
                new Lab(stage, 5, SPEED, work, NOBODY)
                        .killing(
                                new Lab.Predicament(
                                        event ->
                                                event instanceof Event.Intended intended
                                                        && intended.step() == 3,
                                        Duration.ofMillis(500)));

        RunRecord run = lab.play();

        List<Event> told = lab.recorded().events();
        assertEquals(Outcome.ISOLATED, run.outcome(), () -> "" + told);
        Event.Intended killed =
                told.stream()
                        .filter(Event.Intended.class::isInstance)
                        .map(Event.Intended.class::cast)
                        .filter(intended -> intended.step() == 3)
                        .findFirst()
                        .orElseThrow();
        Event next =
                told.subList(told.indexOf(killed) + 1, told.size()).stream()
                        .filter(event -> isOf(event, killed))
                        .findFirst()
                        .orElseThrow();
        assertTrue(
                next instanceof Event.StepFound || next instanceof Event.StepConfirmed,
                "after the kill the breaker was read first: " + next);
        assertEquals(
                0,
                Score.of(run).lostElsewhere() + Score.of(run).lostThroughZone(),
                "every server kept its supply");
    }

    private static boolean isOf(Event event, Event.Intended act) {
        return switch (event) {
            case Event.Intended other -> other.breaker().equals(act.breaker());
            case Event.StepConfirmed end -> end.breaker().equals(act.breaker());
            case Event.StepFound end -> end.breaker().equals(act.breaker());
            case Event.StepFailed end -> end.breaker().equals(act.breaker());
            case Event.Refused end -> end.breaker().equals(act.breaker());
            default -> false;
        };
    }
}
