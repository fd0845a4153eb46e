package dev.bulkhead.rules;

import dev.bulkhead.rules.guard.Arming;
import dev.bulkhead.rules.guard.Decision;
import dev.bulkhead.rules.guard.Guard;
import dev.bulkhead.rules.guard.Request;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.RoomHazard;
import dev.bulkhead.rules.isolation.Plan;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.isolation.Planner;
import dev.bulkhead.rules.isolation.Proof;
import dev.bulkhead.rules.isolation.Proving;
import dev.bulkhead.rules.isolation.Rung;
import dev.bulkhead.rules.isolation.Shown;
import dev.bulkhead.rules.isolation.Step;
import dev.bulkhead.rules.isolation.UpsCheck;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Takes one room from FAILING to a proven isolation, a step at a time. It asks the planner what to
 * do and the guard whether it may; it never talks to a device.
 */
final class Isolator {
    /**
     * A step the guard refuses is asked for again this long: a reading may be late, a permit isn't.
     */
    static final Duration REFUSAL_PATIENCE = Duration.ofSeconds(10);

    /** Longer than select, trip and read-back can take; then the act counts as lost. */
    static final Duration ACT_LIMIT = Duration.ofSeconds(60);

    /** A room is dead within 5 s of the last opening; two slow polls more to have read it. */
    static final Duration PROOF_PATIENCE = Duration.ofSeconds(20);

    /** How often a plan that waits is looked at again. */
    static final Duration RECONSIDER = Duration.ofSeconds(5);

    private final Site site;
    private final Planner planner;
    private final Guard guard;
    private final Proving proving;
    private final Arming arming;

    Isolator(Site site, Planner planner, Guard guard, Proving proving, Arming arming) {
        this.site = site;
        this.planner = planner;
        this.guard = guard;
        this.proving = proving;
        this.arming = arming;
    }

    /** One cycle of one room. */
    void turn(State state, RoomHazard hazard, Instant now, Turn turn) {
        Optional<Isolation> current = state.isolation(hazard.room());
        if (current.isEmpty()) {
            if (hazard.level() == Level.FAILING) {
                plan(state, hazard, List.of(), now, turn);
            }
            return;
        }
        Isolation isolation = current.get();
        switch (isolation.phase()) {
            case WAITING -> reconsider(state, hazard, isolation, now, turn);
            case RUNNING -> run(state, hazard, isolation, now, turn);
            case ISOLATED -> watch(state, isolation, now, turn);
            case NOT_PROVEN, FAILED -> prove(state, isolation, now, turn);
            // Only people can find out which contact lies.
            case CONTRADICTED -> {}
        }
    }

    /**
     * Plans.
     *
     * @param hindrances what holds it back beside what always may
     */
    private void plan(
            State state, RoomHazard hazard, List<String> hindrances, Instant now, Turn turn) {
        var id = new PlanId(hazard.room() + "#" + state.nextPlan(hazard.room()));
        Plan plan = planner.plan(hazard.room(), Rung.BATTERY, id, state, state::steadySince, now);
        var against = new LinkedHashSet<>(hindrances);
        against.addAll(against(state, hazard, plan));
        String why =
                against.isEmpty()
                        ? "armed, and nothing speaks against it"
                        : String.join("; ", against);
        turn.add(
                new Event.Planned(
                        now,
                        hazard.room(),
                        plan,
                        against.isEmpty(),
                        why,
                        seenLive(state, hazard.room(), now)));
    }

    /** Busbars that read live now, or did before a plan that was held took them. */
    List<NodeId> seenLive(State state, RoomId room, Instant now) {
        var live = new LinkedHashSet<NodeId>();
        state.isolation(room)
                .filter(before -> before.ended().stream().anyMatch(Isolation.Ended::isOpen))
                .ifPresent(before -> live.addAll(before.seenLive()));
        live.addAll(proving.seenLive(room, state, now));
        return List.copyOf(live);
    }

    /**
     * Plans again once what spoke against acting is gone, or once more of the room's busbars are
     * seen live, since only those can be proven dead; a plan that waits for people stays otherwise.
     * Not every cycle: a plan of a large site takes some of one.
     */
    private void reconsider(
            State state, RoomHazard hazard, Isolation isolation, Instant now, Turn turn) {
        if (!state.isDue(isolation.room(), RECONSIDER, now)) {
            return;
        }
        PlanId id = isolation.plan().id();
        Plan plan = planner.plan(hazard.room(), Rung.BATTERY, id, state, state::steadySince, now);
        Set<NodeId> live = proving.seenLive(hazard.room(), state, now);
        boolean isMoreLive =
                live.size() > isolation.seenLive().size() && live.containsAll(isolation.seenLive());
        if (isMoreLive || against(state, hazard, plan).isEmpty()) {
            plan(state, hazard, List.of(), now, turn);
        }
    }

    /** Why this plan is not carried out by itself. Empty: it is. */
    private List<String> against(State state, RoomHazard hazard, Plan plan) {
        var reasons = new ArrayList<String>();
        List<BreakerId> unarmed =
                site.boundaryOf(plan.room()).stream()
                        .filter(breaker -> !arming.isArmed(breaker))
                        .toList();
        if (!unarmed.isEmpty()) {
            reasons.add("advice only: not armed: " + names(unarmed));
        }
        state.suspension().ifPresent(why -> reasons.add("automatic acts are suspended: " + why));
        reasons.addAll(plan.interlocks());
        if (!state.hasTwoCauses(hazard.room())) {
            reasons.add("the evidence has lapsed: it no longer stands on two causes");
        }
        if (state.hasCommonCause(hazard.room())) {
            reasons.add("another room became suspect within a minute: the cause may be common");
        }
        state.handledBeside(plan.room())
                .forEach(other -> reasons.add("room " + other + " is not released yet"));
        plan.steps().stream()
                .map(Step::breaker)
                .filter(breaker -> position(state, breaker, plan.at()).isEmpty())
                .forEach(breaker -> reasons.add("breaker " + breaker + ": position unknown"));
        state.begunBeside(plan.room())
                .filter(begun -> plan.at().isBefore(begun.plus(Guard.BETWEEN_ROOMS)))
                .ifPresent(begun -> reasons.add("another room's isolation began at " + begun));
        return reasons;
    }

    private void run(State state, RoomHazard hazard, Isolation isolation, Instant now, Turn turn) {
        if (isolation.pending().isPresent()) {
            await(state, isolation, isolation.pending().get(), now, turn);
            return;
        }
        Optional<Step> next = isolation.nextStep();
        if (next.isEmpty()) {
            prove(state, isolation, now, turn);
            return;
        }
        take(state, hazard, isolation, next.get(), now, turn);
    }

    private void take(
            State state,
            RoomHazard hazard,
            Isolation isolation,
            Step step,
            Instant now,
            Turn turn) {
        boolean isPatient = now.isBefore(isolation.since().plus(REFUSAL_PATIENCE));
        if (position(state, step.breaker(), now).equals(Optional.of(Position.OPEN))) {
            turn.add(
                    new Event.StepFound(
                            now,
                            intent(isolation, step, isolation.attempt()),
                            isolation.room(),
                            step.breaker(),
                            Position.OPEN));
            return;
        }
        List<String> hindrances = hindrances(state, hazard, isolation, step, now);
        if (!hindrances.isEmpty()) {
            if (!isPatient) {
                turn.add(new Event.Held(now, isolation.room(), isolation.plan().id(), hindrances));
            }
            return;
        }
        int attempt = isolation.attempt() + 1;
        var request =
                new Request(
                        isolation.plan().id(),
                        isolation.room(),
                        step.number(),
                        step.breaker(),
                        attempt,
                        hazard.votes(),
                        isolation.isApproved(),
                        isolation.isApproved()
                                ? state.inHandBeside(isolation.room())
                                : state.handledBeside(isolation.room()),
                        state.begunBeside(isolation.room()));
        switch (guard.judge(request, state, now)) {
            case Decision.Permitted(var permit) -> {
                IntentId id = intent(isolation, step, attempt);
                turn.add(
                        new Event.Intended(
                                now,
                                id,
                                isolation.room(),
                                isolation.plan().id(),
                                step.number(),
                                step.breaker(),
                                attempt));
                turn.add(new Intent(id, step.breaker(), permit));
            }
            case Decision.Denied(var reasons) -> {
                if (!isPatient) {
                    turn.add(
                            new Event.Refused(
                                    now,
                                    isolation.room(),
                                    isolation.plan().id(),
                                    step.number(),
                                    step.breaker(),
                                    reasons));
                }
            }
        }
    }

    /**
     * Why the next step must wait, looked at anew before each: what spoke against the plan when it
     * was made, but for the time a UPS had to be steady, and what must be known of UPS and breaker
     * now. A person's approval stands in for the first. What lasts puts the plan back to waiting.
     */
    private List<String> hindrances(
            State state, RoomHazard hazard, Isolation isolation, Step step, Instant now) {
        var reasons = new ArrayList<>(unsteady(state, isolation, now));
        if (position(state, step.breaker(), now).isEmpty()) {
            reasons.add("breaker " + step.breaker() + ": position unknown");
        }
        if (!isolation.isApproved()) {
            Plan today =
                    planner.plan(
                            isolation.room(),
                            Rung.BATTERY,
                            isolation.plan().id(),
                            state,
                            ups -> state.steadySince(ups).map(_ -> Instant.EPOCH),
                            now);
            reasons.addAll(against(state, hazard, today));
        }
        return reasons;
    }

    /** An act is in hand, or was when the agent died: then the breaker is read before all else. */
    private void await(
            State state, Isolation isolation, Isolation.Pending pending, Instant now, Turn turn) {
        if (pending.isFound()) {
            Optional<Position> seen =
                    positionAfter(state, pending.breaker(), isolation.provableAfter(), now);
            if (seen.equals(Optional.of(Position.OPEN))
                    || seen.equals(Optional.of(Position.CLOSED))) {
                turn.add(
                        new Event.StepFound(
                                now,
                                pending.intent(),
                                isolation.room(),
                                pending.breaker(),
                                seen.get()));
                return;
            }
        }
        if (now.isAfter(pending.since().plus(ACT_LIMIT))) {
            String reason =
                    pending.isFound()
                            ? "after a restart its position could not be read"
                            : "nothing was heard of the act for " + ACT_LIMIT.toSeconds() + " s";
            turn.add(
                    new Event.StepFailed(
                            now,
                            pending.intent(),
                            isolation.room(),
                            pending.breaker(),
                            reason,
                            true));
        }
    }

    /** Looks for the proof; after the patience is over, says what is missing. */
    private void prove(State state, Isolation isolation, Instant now, Turn turn) {
        PlanId plan = isolation.plan().id();
        Shown shown = look(state, isolation, now);
        if (shown instanceof Shown.Proven(Proof proof)) {
            turn.add(new Event.Isolated(now, isolation.room(), plan, proof));
            return;
        }
        boolean isFirstLook = isolation.phase() == Isolation.Phase.RUNNING;
        boolean isEarly = now.isBefore(isolation.since().plus(PROOF_PATIENCE));
        switch (shown) {
            case Shown.Proven _ -> throw new IllegalStateException("proven, and not taken");
            case Shown.Missing(var missing) -> {
                boolean isContradicted = readsLive(state, isolation.room(), now).isPresent();
                if (!isEarly && (isFirstLook || isContradicted)) {
                    turn.add(
                            new Event.NotProven(
                                    now, isolation.room(), plan, missing, isContradicted));
                }
            }
            case Shown.NotOpen(var reasons) -> {
                if (!isEarly && isFirstLook) {
                    turn.add(
                            new Event.IsolationFailed(
                                    now, isolation.room(), plan, withEnds(reasons, isolation)));
                }
            }
        }
    }

    private Shown look(State state, Isolation isolation, Instant now) {
        return proving.look(
                isolation.room(),
                state,
                isolation.provableAfter(),
                new LinkedHashSet<>(isolation.seenLive()),
                now);
    }

    /**
     * Why a UPS of the room may not lose (more of) its battery. After an outer breaker was opened,
     * only what was asked since shows that its UPS goes on without.
     */
    private List<String> unsteady(State state, Isolation isolation, Instant now) {
        boolean isAfterOuter =
                !isolation.ended().isEmpty()
                        && Site.known(site.breakers(), isolation.ended().getLast().breaker()).duty()
                                == Breaker.Duty.OUTER;
        Instant after = isAfterOuter ? isolation.provableAfter() : Instant.MIN;
        return site.busbarsIn(isolation.room())
                .map(busbar -> UpsCheck.look(busbar.ups(), state, after, now))
                .filter(UpsCheck.Hold.class::isInstance)
                .flatMap(hold -> ((UpsCheck.Hold) hold).reasons().stream())
                .toList();
    }

    private static List<String> withEnds(List<String> reasons, Isolation isolation) {
        var all = new ArrayList<>(reasons);
        isolation.ended().stream()
                .filter(end -> !end.isOpen())
                .forEach(end -> all.add(end.breaker() + ": " + end.how()));
        return all;
    }

    /** Silence takes no proof away: the fire may have burnt the sensor. A contradiction does. */
    private void watch(State state, Isolation isolation, Instant now, Turn turn) {
        RoomId room = isolation.room();
        PlanId plan = isolation.plan().id();
        site.boundaryOf(room).stream()
                .flatMap(breaker -> notOpen(state, breaker, now))
                .findFirst()
                .or(() -> readsLive(state, room, now))
                .ifPresent(why -> turn.add(new Event.ProofLost(now, room, plan, why)));
    }

    /** What every contact of a breaker says that isn't open. */
    private static Stream<String> notOpen(State state, BreakerId breaker, Instant now) {
        return state.signals().of(new Subject.OfBreaker(breaker), Role.BREAKER_POSITION).stream()
                .flatMap(signal -> state.measured(signal, now).stream())
                .map(Reading.Measured::value)
                .filter(value -> !value.equals(new Value.At(Position.OPEN)))
                .map(value -> breaker + " reads " + value);
    }

    /** A busbar of the room that measures live. */
    private Optional<String> readsLive(State state, RoomId room, Instant now) {
        for (Busbar busbar : site.busbarsIn(room).toList()) {
            for (var signal :
                    state.signals().of(new Subject.OfNode(busbar.id()), Role.BUSBAR_VOLTAGE)) {
                if (state.reading(signal.index(), now)
                                instanceof Reading.Measured(_, _, Value.Quantity(double volts))
                        && proving.isLive(busbar.id(), volts)) {
                    return Optional.of("busbar " + busbar.id() + " reads " + volts + " V");
                }
            }
        }
        return Optional.empty();
    }

    /** Names of the breakers, or how many where they are many. */
    private static String names(List<BreakerId> breakers) {
        return breakers.size() <= 3
                ? String.join(", ", breakers.stream().map(BreakerId::value).toList())
                : breakers.getFirst() + " and " + (breakers.size() - 1) + " more";
    }

    private static IntentId intent(Isolation isolation, Step step, int attempt) {
        return new IntentId(isolation.plan().id() + "." + step.number() + "." + attempt);
    }

    private Optional<Position> position(State state, BreakerId breaker, Instant now) {
        return positionAfter(state, breaker, Instant.EPOCH, now);
    }

    /** The position a breaker reads, in a reading requested after {@code after}. */
    private Optional<Position> positionAfter(
            State state, BreakerId breaker, Instant after, Instant now) {
        for (var signal :
                state.signals().of(new Subject.OfBreaker(breaker), Role.BREAKER_POSITION)) {
            if (state.reading(signal.index(), now)
                            instanceof
                            Reading.Measured(Instant requested, _, Value.At(Position position))
                    && requested.isAfter(after)) {
                return Optional.of(position);
            }
        }
        return Optional.empty();
    }
}
