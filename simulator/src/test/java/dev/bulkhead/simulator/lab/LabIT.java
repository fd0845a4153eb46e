package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.journal.MemoryJournal;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.condition.Pack;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.simulator.plant.Happening;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Incident;
import dev.bulkhead.simulator.scenario.Scenario;
import dev.bulkhead.simulator.scenario.Victim;
import dev.bulkhead.simulator.score.Outcome;
import dev.bulkhead.simulator.score.RunRecord;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.score.Score;
import dev.bulkhead.simulator.score.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a child process on real sockets, with a real journal. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LabIT {
    /** Slow enough for a machine that does something else as well. */
    private static final int SPEED = 16;

    private static final List<Pack> PACKS = Stages.packs("two-rooms");

    private static final Lab.Audience NOBODY =
            new Lab.Audience() {
                @Override
                public void event(Event event) {}

                @Override
                public void moment(Instant now, Plant plant) {}
            };

    /**
     * More than polls and cycles of a busy machine move a decision, less than the five minutes it
     * would wait if it hung on a broker that is away.
     */
    private static final Duration APART = Duration.ofMinutes(1);

    /**
     * What can be answered and not yet laid down when a process dies: one poll of each of ten
     * gateways, and what the spool's thread had in hand.
     */
    private static final long MOST_AT_ONCE = 100;

    private static @Nullable RunRecord undisturbed;

    @TempDir private Path work;

    /**
     * The shipped fire with a harder short and soon: isolated after three minutes of plant time.
     */
    private static Stage hardShort() {
        return Stages.with(
                Stages.brief("two-rooms/cell-short"),
                List.of(
                        after(
                                60,
                                new Incident.Befalls(
                                        new Happening.InternalShort(
                                                new NodeId("A1-S02"), 9, 3, 5)))));
    }

    /** One run for all tests that compare with it. */
    private static RunRecord undisturbed() throws IOException, InterruptedException {
        if (undisturbed == null) {
            Path folder = Files.createTempDirectory("undisturbed");
            undisturbed = new Lab(hardShort(), PACKS, 5, SPEED, folder, NOBODY).play();
        }
        return undisturbed;
    }

    private static Telemetry whole(RunRecord run) {
        Telemetry telemetry = run.telemetry().orElseThrow();
        assertTrue(telemetry.isWhole(), () -> "" + telemetry);
        return telemetry;
    }

    private static Instant isolatedAt(RunRecord run) {
        return run.proof().orElseThrow().at();
    }

    /** Every answered poll is in the store once: counted by the devices and by key. */
    @Test
    void everySampleIsInTheStoreOnceAndTheSignalsThatVotedWithThem()
            throws IOException, InterruptedException {
        RunRecord run = undisturbed();

        Telemetry telemetry = whole(run);
        assertEquals(telemetry.answered(), telemetry.sampled());
        assertTrue(telemetry.stored() > 2000, () -> "" + telemetry);
        List<RunRecord.Trace> stored =
                run.traces().stream()
                        .filter(trace -> trace.origin() == RunRecord.Origin.STORE)
                        .toList();
        assertTrue(stored.size() >= 2, () -> "two kinds of evidence voted: " + stored);
    }

    /**
     * Bridge, store and broker are killed in turn, the broker once more while the room is isolated,
     * and the host's clock is set ahead and back: telling may be late, it loses and repeats
     * nothing, and deciding doesn't wait for it.
     */
    @Test
    void killedOnTheWayToTheStoreNothingIsLostAndIsolationDoesNotWait()
            throws IOException, InterruptedException {
        RunRecord calm = undisturbed();

        RunRecord run =
                new Lab(
                                Stages.with(
                                        hardShort(),
                                        after(30, new Incident.ClockSet(Duration.ofHours(1))),
                                        after(90, new Incident.ClockSet(Duration.ofHours(-2))),
                                        death(20, Victim.BRIDGE, 20),
                                        death(40, Victim.STORE, 60),
                                        death(60, Victim.BROKER, 60)),
                                PACKS,
                                5,
                                SPEED,
                                work,
                                NOBODY)
                        .killing(
                                Lab.Predicament.upon(
                                        Victim.BROKER,
                                        event -> event instanceof Event.Planned,
                                        Duration.ofMinutes(5)))
                        .play();

        Telemetry telemetry = whole(run);
        assertEquals(telemetry.answered(), telemetry.sampled());
        Duration apart = Duration.between(isolatedAt(calm), isolatedAt(run)).abs();
        System.out.println(
                "isolated "
                        + apart.toMillis()
                        + " ms apart from the undisturbed run; "
                        + telemetry
                        + "; "
                        + run.conduct().flaw());
        assertTrue(
                apart.compareTo(APART) <= 0 || !areValid(calm, run),
                () -> "isolated " + apart + " apart");
    }

    /**
     * The agent's disk is full after 40 seconds and the broker stays away: the oldest samples go,
     * each is counted, and isolation, with its journal on the same disk, takes its time as ever.
     */
    @Test
    void aFullDiskCostsTheOldestSamplesAndNothingElse() throws IOException, InterruptedException {
        assumeDisksCanBeMounted();
        RunRecord calm = undisturbed();

        RunRecord run =
                new Lab(
                                Stages.with(
                                        hardShort(),
                                        death(10, Victim.BROKER, 4800),
                                        after(40, new Incident.DiskFull(Duration.ofHours(2)))),
                                PACKS,
                                5,
                                SPEED,
                                work.resolve("lab"),
                                NOBODY)
                        .play();

        Telemetry telemetry = run.telemetry().orElseThrow();
        System.out.println("a full disk: " + telemetry);
        assertEquals(0, telemetry.missing(), telemetry::missingKeys);
        assertEquals(0, telemetry.duplicated());
        assertTrue(telemetry.dropped().getOrDefault("disk", 0L) > 1000, () -> "" + telemetry);
        assertTrue(telemetry.stored() > 500, () -> "the newest are kept: " + telemetry);
        // On a slow machine the agent is stopped before all of them are out.
        assertEquals(
                telemetry.sampled(),
                telemetry.stored() + telemetry.waiting() + telemetry.droppedCount());
        assertEquals(telemetry.answered(), telemetry.sampled());
        Duration apart = Duration.between(isolatedAt(calm), isolatedAt(run)).abs();
        assertTrue(
                apart.compareTo(APART) <= 0 || !areValid(calm, run),
                () -> "isolated " + apart + " apart");
    }

    /**
     * Its time stamps would be the old clock's at first: an agent finds the clock as it was set.
     */
    @Test
    void aClockThatIsSetWhileTheAgentIsDownIsSetWhenItStarts()
            throws IOException, InterruptedException {
        Stage stage = Stages.shipped("two-rooms/cell-short");

        new Lab(
                        Stages.lasting(
                                stage,
                                Duration.ofMinutes(3),
                                death(20, Victim.AGENT, 60),
                                after(40, new Incident.ClockSet(Duration.ofHours(-1)))),
                        PACKS,
                        5,
                        SPEED,
                        work,
                        NOBODY)
                .play();

        String log = Files.readString(work.resolve("agent.log"));
        assertFalse(log.contains("the wall clock was set"), log);
    }

    private void assumeDisksCanBeMounted() throws IOException {
        Path folder = Files.createDirectories(work.resolve("mountable"));
        try {
            SmallDisk.mount(folder, "1m").close();
        } catch (SmallDisk.Refused _) {
            Assumptions.abort("needs the right to mount a small disk: run as root");
        }
    }

    private static Scenario.Timed after(long seconds, Incident incident) {
        return new Scenario.Timed(Duration.ofSeconds(seconds), incident);
    }

    /** After so many seconds of plant time, for so many. */
    private static Scenario.Timed death(long at, Victim victim, long pause) {
        return after(at, new Incident.Dies(victim, Duration.ofSeconds(pause)));
    }

    private static boolean areValid(RunRecord... runs) {
        return Stream.of(runs).allMatch(run -> run.conduct().isValid());
    }

    /** What is decided must not hang on how it is driven. */
    @Test
    void aLabDecidesWhatACampaignDecidesInTheSameOrder() throws IOException, InterruptedException {
        var stage = hardShort();

        RunRecord lab = undisturbed();
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
        var stage = hardShort();
        var lab =
                new Lab(stage, PACKS, 5, SPEED, work, NOBODY)
                        .killing(
                                Lab.Predicament.upon(
                                        Victim.AGENT,
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
        Telemetry telemetry = whole(run);
        long died = telemetry.answered() - telemetry.sampled();
        System.out.println(died + " answered polls died with the agent; " + telemetry);
        assertTrue(died <= MOST_AT_ONCE, () -> died + " polls were answered to nobody");
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
