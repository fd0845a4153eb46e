package dev.bulkhead.rules;

import dev.bulkhead.rules.isolation.Plan;
import dev.bulkhead.rules.isolation.Proof;
import dev.bulkhead.rules.isolation.Step;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far one room's isolation has come. It changes by events only, so that the journal's events
 * give back exactly what was known when they were written.
 *
 * <pre>
 *  Planned ─┬─ automatic ───────────────► RUNNING ── every step ended ──┬─ Isolated ───► ISOLATED
 *           │                             ▲ │                           ├─ NotProven ──► NOT_PROVEN,
 *           │                    Approved │ │ Held                      │                CONTRADICTED
 *           └─ not ────────────► WAITING ─┘◄┘                           └─ …Failed ────► FAILED
 * </pre>
 *
 * NOT_PROVEN and FAILED still become ISOLATED when the proof appears, as when people open what did
 * not move. ISOLATED becomes FAILED when a measurement contradicts the proof.
 *
 * @param attempt how often the step in hand was tried
 * @param pending the act in hand
 * @param ended steps that came to an end, in order
 * @param isApproved a person let it be carried out
 * @param seenLive busbars that read live when this was planned
 * @param provableAfter readings requested at or before this prove nothing
 * @param since when the step or phase in hand began
 */
public record Isolation(
        Plan plan,
        Phase phase,
        int attempt,
        Optional<Pending> pending,
        List<Ended> ended,
        boolean isApproved,
        List<NodeId> seenLive,
        Instant provableAfter,
        Instant since,
        Optional<Proof> proof) {

    /** Where an isolation stands. */
    public enum Phase {
        /** Planned, not carried out: it is not armed, or something speaks against it. */
        WAITING,
        /** Steps are carried out, or have ended and the proof is awaited. */
        RUNNING,
        /** Proven dead. */
        ISOLATED,
        /** All open, and no independent measurement says so. */
        NOT_PROVEN,
        /** All open by their contacts, and a busbar measures live: a contact lies. People only. */
        CONTRADICTED,
        /** A switch isn't open. People must act. */
        FAILED
    }

    /**
     * An act whose end is not known yet.
     *
     * @param isFound it was found in the journal after a restart: read before anything else is done
     */
    public record Pending(
            IntentId intent, BreakerId breaker, int attempt, Instant since, boolean isFound) {}

    /** How a step ended. */
    public record Ended(BreakerId breaker, boolean isOpen, String how) {}

    /**
     * How often one step may be tried. A second time only where the first surely did not reach the
     * device, or a restart came between and the breaker was then read closed.
     */
    static final int ATTEMPTS = 2;

    public Isolation {
        ended = List.copyOf(ended);
        seenLive = List.copyOf(seenLive);
    }

    static Isolation planned(Event.Planned event) {
        return new Isolation(
                event.plan(),
                event.isAutomatic() ? Phase.RUNNING : Phase.WAITING,
                0,
                Optional.empty(),
                List.of(),
                false,
                event.seenLive(),
                event.at(),
                event.at(),
                Optional.empty());
    }

    public RoomId room() {
        return plan.room();
    }

    /** The first step that has not ended. */
    public Optional<Step> nextStep() {
        return plan.steps().stream()
                .filter(
                        step ->
                                ended.stream()
                                        .noneMatch(end -> end.breaker().equals(step.breaker())))
                .findFirst();
    }

    /** Carried out right now, so that no other room may be. */
    boolean isInHand() {
        return phase == Phase.RUNNING;
    }

    /** What this isolation is after an event of its own. */
    Isolation after(Event event) {
        return switch (event) {
            case Event.Planned planned -> planned(planned);
            case Event.Approved approved ->
                    new Isolation(
                            plan,
                            Phase.RUNNING,
                            attempt,
                            pending,
                            ended,
                            true,
                            approved.seenLive(),
                            provableAfter,
                            approved.at(),
                            proof);
            case Event.Held held ->
                    copy(
                            Phase.WAITING,
                            attempt,
                            Optional.empty(),
                            ended,
                            false,
                            provableAfter,
                            held.at());
            case Event.Intended intended ->
                    copy(
                            phase,
                            intended.attempt(),
                            Optional.of(
                                    new Pending(
                                            intended.intent(),
                                            intended.breaker(),
                                            intended.attempt(),
                                            intended.at(),
                                            false)),
                            ended,
                            isApproved,
                            provableAfter,
                            since);
            case Event.StepConfirmed confirmed ->
                    end(
                            confirmed.breaker(),
                            true,
                            "opened, read back",
                            confirmed.writtenAt(),
                            confirmed.at());
            case Event.StepFound found when found.position() == Position.OPEN ->
                    end(found.breaker(), true, "found open", provableAfter, found.at());
            case Event.StepFound found ->
                    copy(
                            phase,
                            attempt,
                            Optional.empty(),
                            ended,
                            isApproved,
                            provableAfter,
                            found.at());
            case Event.StepFailed failed when failed.mayHaveMoved() || attempt >= ATTEMPTS ->
                    end(failed.breaker(), false, failed.reason(), failed.at(), failed.at());
            case Event.StepFailed failed ->
                    copy(
                            phase,
                            attempt,
                            Optional.empty(),
                            ended,
                            isApproved,
                            provableAfter,
                            failed.at());
            case Event.Refused refused ->
                    end(
                            refused.breaker(),
                            false,
                            "refused: " + String.join("; ", refused.reasons()),
                            provableAfter,
                            refused.at());
            case Event.Isolated isolated ->
                    new Isolation(
                            plan,
                            Phase.ISOLATED,
                            attempt,
                            Optional.empty(),
                            ended,
                            isApproved,
                            seenLive,
                            provableAfter,
                            isolated.at(),
                            Optional.of(isolated.proof()));
            case Event.NotProven notProven ->
                    copy(
                            notProven.isContradicted() ? Phase.CONTRADICTED : Phase.NOT_PROVEN,
                            attempt,
                            Optional.empty(),
                            ended,
                            isApproved,
                            provableAfter,
                            notProven.at());
            case Event.IsolationFailed failed ->
                    copy(
                            Phase.FAILED,
                            attempt,
                            Optional.empty(),
                            ended,
                            isApproved,
                            provableAfter,
                            failed.at());
            case Event.ProofLost lost ->
                    copy(
                            Phase.FAILED,
                            attempt,
                            Optional.empty(),
                            ended,
                            isApproved,
                            lost.at(),
                            lost.at());
            case Event.AlarmChanged _,
                    Event.LevelChanged _,
                    Event.Released _,
                    Event.CommandRefused _,
                    Event.Suspended _ ->
                    this;
        };
    }

    /**
     * After a restart: an act without an end is unknown, and nothing read before proves anything.
     */
    Isolation recovered(Instant now) {
        var unknown =
                pending.map(
                        act -> new Pending(act.intent(), act.breaker(), act.attempt(), now, true));
        return copy(phase, attempt, unknown, ended, isApproved, now, now);
    }

    private Isolation end(
            BreakerId breaker, boolean isOpen, String how, Instant written, Instant now) {
        var all = new ArrayList<>(ended);
        all.add(new Ended(breaker, isOpen, how));
        Instant provable = written.isAfter(provableAfter) ? written : provableAfter;
        return copy(phase, 0, Optional.empty(), all, isApproved, provable, now);
    }

    private Isolation copy(
            Phase nextPhase,
            int nextAttempt,
            Optional<Pending> nextPending,
            List<Ended> nextEnded,
            boolean approved,
            Instant provable,
            Instant now) {
        return new Isolation(
                plan,
                nextPhase,
                nextAttempt,
                nextPending,
                nextEnded,
                approved,
                seenLive,
                provable,
                now,
                proof);
    }
}
