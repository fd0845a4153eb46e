package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.score.RunRecord.DeadBusbar;
import dev.bulkhead.simulator.score.RunRecord.HallSupply;
import dev.bulkhead.simulator.score.RunRecord.OfRoom;
import dev.bulkhead.simulator.score.RunRecord.PlanMade;
import dev.bulkhead.simulator.score.RunRecord.ProofShown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a run ended, said to somebody who has to act on it: the rooms first, then the servers, then
 * what is still dangerous. What was said of a room and what the plant's own books have of it are
 * told apart where they differ.
 */
final class Verdict {
    private final RunRecord run;
    private final Expectation expectation;
    private final Score score;

    Verdict(RunRecord run, Expectation expectation) {
        this.run = run;
        this.expectation = expectation;
        this.score = Score.of(run);
    }

    /** A sentence on each room and one on the servers. */
    String headline() {
        return Stream.concat(
                        run.rooms().isEmpty()
                                ? Stream.of(quiet())
                                : run.rooms().stream().map(this::room),
                        Stream.of(servers()))
                .collect(Collectors.joining(" "));
    }

    private String quiet() {
        boolean isUntouched =
                run.ledger().strays().isEmpty()
                        && run.ledger().rooms().stream()
                                .allMatch(fate -> fate.trippedAt().isEmpty());
        return isUntouched ? "No room failed and nothing was tripped." : "No room failed.";
    }

    /** What is said of a room, and what is true of it where that is something else. */
    private String room(OfRoom of) {
        String room = "Room " + of.room();
        Optional<Dead> dead = Dead.of(run, of.room());
        return switch (of.outcome()) {
            case ISOLATED ->
                    dead.isPresent()
                            ? room + " is isolated, and that is proven."
                            : room + " was called isolated, and it is live.";
            case NOT_PROVEN ->
                    room
                            + " reads open everywhere, but nothing proves it dead: treat it as live."
                            + " In truth it is "
                            + dead.map(this::since).orElse("live")
                            + ".";
            case FAILED ->
                    dead.map(known -> room + " could not be isolated; it is " + since(known) + ".")
                            .orElse(room + " is not isolated: treat it as live.");
            case ADVISED ->
                    (fails(of.room())
                                    ? room + " is failing and "
                                    : "Nothing fails in room "
                                            + of.room()
                                            + ", though it is called failing; it is ")
                            + dead.map(this::since).orElse("still live")
                            + "; a plan waits for approval.";
            case NONE ->
                    dead.map(known -> room + " is " + since(known) + ".")
                            .orElse(room + " was not isolated: it is live.");
        };
    }

    private boolean fails(RoomId room) {
        return expectation.failing().contains(room)
                || run.ledger().fate(room).flatMap(Ledger.RoomFate::flameAt).isPresent();
    }

    private String since(Dead dead) {
        return "dead since "
                + PlantTime.of(run.start(), dead.since())
                + ", "
                + dead.by(run.policy());
    }

    /** How it ended for the rooms, in a few words: once if it is the same for all. */
    String word() {
        List<String> words = run.rooms().stream().map(this::word).distinct().toList();
        return switch (words.size()) {
            case 0 -> "No room failed";
            case 1 -> words.getFirst();
            default ->
                    run.rooms().stream()
                            .map(of -> of.room() + ": " + word(of))
                            .collect(Collectors.joining("; "));
        };
    }

    private String word(OfRoom of) {
        return of.outcome() == Outcome.NONE
                ? Dead.of(run, of.room())
                        .map(dead -> "Dead " + dead.by(run.policy()))
                        .orElse("Not isolated")
                : Words.outcome(of.outcome());
    }

    private String servers() {
        int all = run.supply().stream().mapToInt(HallSupply::servers).sum();
        int lost = score.serversLost();
        if (lost == 0) {
            return "All " + Words.count(all, "server") + " kept their supply.";
        }
        return lost == all
                ? "All " + Words.count(all, "server") + " lost their supply."
                : Words.count(lost, "server") + " of " + Words.number(all) + " lost their supply.";
    }

    /** What it stands on, or what is missing, a line for each room of which there is something. */
    List<String> grounds() {
        var lines = new ArrayList<String>();
        for (OfRoom of : run.rooms()) {
            grounds(of)
                    .map(text -> run.rooms().size() > 1 ? of.room() + ": " + text : text)
                    .ifPresent(lines::add);
        }
        if (run.outcome() == Outcome.ISOLATED) {
            lines.addLast(lines.removeLast() + against());
        }
        return lines;
    }

    private Optional<String> grounds(OfRoom of) {
        return switch (of.outcome()) {
            case ISOLATED -> of.proof().map(this::proven);
            case NOT_PROVEN, FAILED -> of.plan().map(this::reached);
            case ADVISED ->
                    of.plan()
                            .map(
                                    plan ->
                                            "Plan "
                                                    + plan.id()
                                                    + " was not carried out: "
                                                    + plan.why());
            case NONE -> Optional.empty();
        };
    }

    private String proven(ProofShown proof) {
        String busbars =
                Words.listed(
                        proof.busbars().stream()
                                .map(DeadBusbar::volts)
                                .map(volts -> String.format(Locale.ROOT, "%.1f V", volts))
                                .toList());
        return Words.capital(Words.count(proof.positions().size(), "breaker"))
                + (proof.positions().size() == 1 ? " reads" : " read")
                + " open and "
                + Words.count(proof.busbars().size(), "busbar")
                + (proof.busbars().size() == 1 ? " measures " : " measure ")
                + busbars
                + ", all asked for after the last command.";
    }

    private String reached(PlanMade plan) {
        return plan.confirmedSteps() + " of " + plan.steps().size() + " breakers read open.";
    }

    /** Isolation does not stop a cell; so it matters which came first. */
    private String against() {
        return score.leadBeforeRunaway()
                .map(
                        lead ->
                                lead.isNegative()
                                        ? " The first cell ran away "
                                                + PlantTime.words(lead.negated())
                                                + " before the zone was dead."
                                        : " The zone was dead "
                                                + PlantTime.words(lead)
                                                + " before the first cell ran away.")
                .orElse("");
    }

    List<String> staysLive() {
        return run.rooms().stream()
                .flatMap(of -> of.proof().stream())
                .flatMap(proof -> proof.staysLive().stream())
                .toList();
    }

    boolean isBad() {
        return score.lostElsewhere() > 0
                || run.rooms().stream()
                        .map(OfRoom::outcome)
                        .anyMatch(it -> it == Outcome.FAILED || it == Outcome.NOT_PROVEN);
    }

    /** From the beginning of the scenario to its end. */
    Duration length() {
        return Duration.between(run.start(), run.ledger().end());
    }
}
