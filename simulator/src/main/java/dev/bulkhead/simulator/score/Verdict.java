package dev.bulkhead.simulator.score;

import dev.bulkhead.simulator.score.RunRecord.DeadBusbar;
import dev.bulkhead.simulator.score.RunRecord.HallSupply;
import dev.bulkhead.simulator.score.RunRecord.PlanMade;
import dev.bulkhead.simulator.score.RunRecord.ProofShown;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How a run ended, said to somebody who has to act on it: the room first, then the servers, then
 * what is still dangerous.
 */
final class Verdict {
    private final RunRecord run;
    private final Score score;

    Verdict(RunRecord run) {
        this.run = run;
        this.score = Score.of(run);
    }

    /** One sentence on the room and one on the servers. */
    String headline() {
        return room() + " " + servers();
    }

    private String room() {
        String room = run.room().map(name -> "Room " + name).orElse("No room");
        return switch (run.outcome()) {
            case ISOLATED -> room + " is isolated, and that is proven.";
            case NOT_PROVEN ->
                    room + " reads open everywhere, but nothing proves it dead: treat it as live.";
            case FAILED -> room + " is not isolated: treat it as live.";
            case ADVISED -> room + " is failing and still live; a plan waits for approval.";
            case NONE ->
                    run.room().isEmpty()
                            ? "No room failed and nothing was tripped."
                            : room + " was not isolated.";
        };
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

    /** What it stands on, or what is missing. */
    String grounds() {
        return switch (run.outcome()) {
            case ISOLATED -> run.proof().map(this::proven).orElse("");
            case NOT_PROVEN, FAILED -> run.plan().map(this::reached).orElse("");
            case ADVISED ->
                    run.plan()
                            .map(
                                    plan ->
                                            "Plan "
                                                    + plan.id()
                                                    + " was not carried out: "
                                                    + plan.why())
                            .orElse("");
            case NONE -> "";
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
                + ", all asked for after the last command."
                + against();
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
        return run.proof().map(ProofShown::staysLive).orElse(List.of());
    }

    boolean isBad() {
        return run.outcome() == Outcome.FAILED
                || run.outcome() == Outcome.NOT_PROVEN
                || score.lostElsewhere() > 0;
    }

    /** From the beginning of the scenario to its end. */
    Duration length() {
        return Duration.between(run.start(), run.ledger().end());
    }
}
