package dev.bulkhead.rules;

import dev.bulkhead.rules.alarm.AlarmChange;
import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.Alarms;
import dev.bulkhead.rules.alarm.Answer;
import dev.bulkhead.rules.alarm.Nature;
import dev.bulkhead.rules.condition.Conditions;
import dev.bulkhead.rules.condition.HeldBack;
import dev.bulkhead.rules.condition.Judged;
import dev.bulkhead.rules.condition.Pack;
import dev.bulkhead.rules.condition.Priority;
import dev.bulkhead.rules.guard.Arming;
import dev.bulkhead.rules.guard.Guard;
import dev.bulkhead.rules.hazard.Hazards;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.LevelChange;
import dev.bulkhead.rules.isolation.Plan;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.isolation.Planner;
import dev.bulkhead.rules.isolation.Proving;
import dev.bulkhead.rules.network.PowerGraph;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The one door. A state and an input come in; the state after, events and intents go out. Same
 * state and inputs give the same outcome on any machine: there is no clock here, no randomness, no
 * I/O and no thread.
 *
 * <pre>
 *  readings ► condition ► alarm ► hazard ► plan ► guard ► intent (with its permit)
 * </pre>
 */
public final class Judge {
    /** What the judge raises itself is urgent, latches, and is no evidence of a failing room. */
    private static final Nature URGENT = new Nature(Priority.HIGH, true, Optional.empty());

    /** A plan that waits for a person; over once it is carried out. */
    private static final Nature ASKING = new Nature(Priority.HIGH, false, Optional.empty());

    private final Site site;
    private final SignalTable signals;
    private final Conditions conditions;
    private final Isolator isolator;

    private Judge(Site site, SignalTable signals, Conditions conditions, Isolator isolator) {
        this.site = site;
        this.signals = signals;
        this.conditions = conditions;
        this.isolator = isolator;
    }

    /**
     * Compiles everything that stays the same while the agent runs.
     *
     * @param arming which breakers may be opened without asking; none: this program advises
     */
    public static Judge compile(Site site, SignalTable signals, Pack pack, Arming arming) {
        var graph = PowerGraph.of(site);
        var isolator =
                new Isolator(
                        site,
                        new Planner(site, graph),
                        new Guard(site, arming),
                        new Proving(site),
                        arming);
        return new Judge(site, signals, Conditions.compile(pack, site, signals), isolator);
    }

    /** The state of an agent that knows nothing yet: every signal is silent. */
    public State start(Instant now) {
        return new State(
                signals,
                conditions.memory(),
                new Alarms(conditions.bindings()),
                new Hazards(site),
                now);
    }

    /**
     * Votes that aren't cast though what they ask is so, as of the last cycle; for people to see.
     */
    public List<HeldBack> heldBack(State state) {
        return conditions.heldBack(state.memory);
    }

    /** Takes one input. The state passed in is used up: go on with the outcome's. */
    public Outcome step(State state, Input input) {
        var turn = new Turn(state);
        switch (input) {
            case Input.Cycle cycle -> cycle(state, cycle, turn);
            case Input.Person person -> person(state, person, turn);
            case Input.Confirmed confirmed -> confirmed(state, confirmed, turn);
            case Input.Failed failed -> failed(state, failed, turn);
            case Input.Recovered recovered -> recovered(state, recovered);
            case Input.JournalState journal -> journal(state, journal, turn);
        }
        return turn.outcome();
    }

    private void cycle(State state, Input.Cycle cycle, Turn turn) {
        Instant now = cycle.at();
        state.take(cycle.snapshot().news());
        noteSteadiness(state, now);
        List<Judged> judged = conditions.judge(state.memory, state, cycle.snapshot());
        state.alarms.judged(judged).forEach(change -> turn.add(event(change)));
        state.hazards.judged(judged, state.alarms, now).forEach(change -> turn.add(event(change)));
        for (RoomId room : site.batteryRooms()) {
            isolator.turn(state, state.hazards.of(room), now, turn);
        }
        ownAlarms(state, now, turn);
    }

    /** What the judge itself has to cry about, whatever the pack says. */
    private void ownAlarms(State state, Instant now, Turn turn) {
        for (RoomId room : site.batteryRooms()) {
            Optional<Isolation> isolation = state.isolation(room);
            boolean isStuck =
                    isolation
                            .map(Isolation::phase)
                            .filter(
                                    EnumSet.of(
                                                    Isolation.Phase.FAILED,
                                                    Isolation.Phase.NOT_PROVEN,
                                                    Isolation.Phase.CONTRADICTED)
                                            ::contains)
                            .isPresent();
            var id = new AlarmId("isolation-failed@" + room);
            Optional<AlarmChange> change =
                    isStuck
                            ? state.alarms.raise(
                                    now, id, room, URGENT, "the room is not proven isolated")
                            : state.alarms.clear(
                                    now, id, "the room is proven isolated, or released");
            change.ifPresent(found -> turn.add(event(found)));
            var waits = new AlarmId("isolation-waits@" + room);
            Optional<Plan> waiting =
                    isolation
                            .filter(it -> it.phase() == Isolation.Phase.WAITING)
                            .map(Isolation::plan);
            waiting.map(
                            plan ->
                                    state.alarms.raise(
                                            now,
                                            waits,
                                            room,
                                            ASKING,
                                            "the room is failing and live; plan "
                                                    + plan.id()
                                                    + " waits for a person's approval"))
                    .orElseGet(() -> state.alarms.clear(now, waits, "no plan waits"))
                    .ifPresent(found -> turn.add(event(found)));
        }
    }

    private void person(State state, Input.Person person, Turn turn) {
        Instant now = person.at();
        switch (person.command()) {
            case Command.Acknowledge(AlarmId alarm) ->
                    turn.add(answer(person, state.alarms.acknowledge(now, alarm, said(person))));
            case Command.Reset(AlarmId alarm) ->
                    turn.add(answer(person, state.alarms.reset(now, alarm, said(person))));
            case Command.Approve(PlanId plan) -> turn.add(approval(state, person, plan));
            case Command.Release(RoomId room) -> {
                boolean isInHand = state.isolation(room).map(Isolation::isInHand).orElse(false);
                boolean isKnown = site.batteryRooms().contains(room);
                boolean isLatched =
                        isKnown
                                && (state.isolation(room).isPresent()
                                        || state.hazards.of(room).level() == Level.FAILING);
                if (!isLatched || isInHand) {
                    String why =
                            isInHand
                                    ? "its isolation is being carried out"
                                    : isKnown ? "nothing is latched there" : "no such battery room";
                    turn.add(refusal(person, why));
                    return;
                }
                turn.add(new Event.Released(now, room, person.who(), person.why()));
                state.hazards
                        .release(room, state.alarms, now)
                        .ifPresent(change -> turn.add(event(change)));
            }
            case Command.Resume _ ->
                    turn.add(
                            state.suspension().isPresent()
                                    ? new Event.Suspended(
                                            now, false, person.who() + ": " + person.why())
                                    : refusal(person, "automatic acts are not suspended"));
        }
    }

    /** One room at a time: two in hand would each refuse the other's steps. */
    private Event approval(State state, Input.Person person, PlanId plan) {
        Optional<RoomId> room =
                state.isolations().values().stream()
                        .filter(isolation -> isolation.plan().id().equals(plan))
                        .filter(isolation -> isolation.phase() == Isolation.Phase.WAITING)
                        .map(Isolation::room)
                        .findFirst();
        if (room.isEmpty()) {
            return refusal(person, "no plan " + plan + " waits for approval");
        }
        SortedSet<RoomId> inHand = state.inHandBeside(room.get());
        if (!inHand.isEmpty()) {
            return refusal(
                    person,
                    "room "
                            + inHand.getFirst()
                            + " is being isolated: approve this one when that has ended");
        }
        List<NodeId> live = isolator.seenLive(state, room.get(), person.at());
        return new Event.Approved(person.at(), plan, person.who(), person.why(), live);
    }

    private static String said(Input.Person person) {
        return person.who() + ": " + person.why();
    }

    private static Event answer(Input.Person person, Answer answer) {
        return switch (answer) {
            case Answer.Changed(AlarmChange change) -> event(change);
            case Answer.Refused(String why) -> refusal(person, why);
        };
    }

    private static Event event(AlarmChange change) {
        return new Event.AlarmChanged(
                change.at(),
                change.alarm(),
                change.room(),
                change.from(),
                change.to(),
                change.why());
    }

    private static Event event(LevelChange change) {
        return new Event.LevelChanged(
                change.at(), change.room(), change.from(), change.to(), change.votes());
    }

    private static Event refusal(Input.Person person, String why) {
        return new Event.CommandRefused(
                person.at(), person.who(), person.command().toString(), why);
    }

    /** An act came to its end: the next step needn't wait for the next cycle. */
    private void confirmed(State state, Input.Confirmed confirmed, Turn turn) {
        inHand(state, confirmed.intent())
                .ifPresent(
                        act -> {
                            turn.add(end(confirmed, act));
                            isolator.turn(
                                    state, state.hazards.of(act.room()), confirmed.at(), turn);
                        });
    }

    private static Event end(Input.Confirmed confirmed, Act act) {
        return confirmed.position() == Position.OPEN
                ? new Event.StepConfirmed(
                        confirmed.at(),
                        confirmed.intent(),
                        act.room(),
                        act.breaker(),
                        confirmed.position(),
                        confirmed.writtenAt())
                : new Event.StepFailed(
                        confirmed.at(),
                        confirmed.intent(),
                        act.room(),
                        act.breaker(),
                        "reads " + confirmed.position(),
                        true);
    }

    private void failed(State state, Input.Failed failed, Turn turn) {
        inHand(state, failed.intent())
                .ifPresent(
                        act ->
                                turn.add(
                                        new Event.StepFailed(
                                                failed.at(),
                                                failed.intent(),
                                                act.room(),
                                                act.breaker(),
                                                failed.reason(),
                                                failed.mayHaveMoved())));
    }

    private record Act(RoomId room, BreakerId breaker) {}

    /** The act an end belongs to; empty for an end that comes late, of an act given up. */
    private static Optional<Act> inHand(State state, IntentId intent) {
        return state.isolations().values().stream()
                .flatMap(
                        isolation ->
                                isolation.pending().stream()
                                        .filter(pending -> pending.intent().equals(intent))
                                        .map(
                                                pending ->
                                                        new Act(
                                                                isolation.room(),
                                                                pending.breaker())))
                .findFirst();
    }

    private void recovered(State state, Input.Recovered recovered) {
        for (Event event : recovered.events()) {
            state.apply(event);
            switch (event) {
                case Event.AlarmChanged(var at, var alarm, var room, var from, var to, var why) ->
                        state.alarms.restore(
                                new AlarmChange(at, alarm, room, from, to, why), URGENT);
                case Event.LevelChanged(var at, var room, var from, var to, var votes) ->
                        state.hazards.restore(new LevelChange(at, room, from, to, votes));
                // Its level follows in an entry of its own, which the crash may have cut off.
                case Event.Released(var at, var room, var _, var _) ->
                        state.hazards.release(room, state.alarms, at);
                default -> {}
            }
        }
        state.recovered(site, recovered.at());
    }

    /**
     * A journal that fails suspends automatic acts until a person resumes them, not until it works.
     */
    private static void journal(State state, Input.JournalState journal, Turn turn) {
        if (!journal.isWritable() && state.suspension().isEmpty()) {
            turn.add(
                    new Event.Suspended(
                            journal.at(),
                            true,
                            "the journal can't be written: " + journal.reason()));
        }
    }

    /** Notes since when each UPS has carried its load from its rectifier without a break. */
    private void noteSteadiness(State state, Instant now) {
        for (NodeId ups : site.ups().keySet()) {
            boolean isSteady =
                    flag(state, ups, Role.UPS_RECTIFIER_INPUT, now).equals(Optional.of(true))
                            && flag(state, ups, Role.UPS_LOAD_ON_INVERTER, now)
                                    .equals(Optional.of(true))
                            && flag(state, ups, Role.UPS_ON_BATTERY, now)
                                    .equals(Optional.of(false));
            state.steady(ups, isSteady, now);
        }
    }

    private static Optional<Boolean> flag(State state, NodeId ups, Role role, Instant now) {
        for (var signal : state.signals().of(new Subject.OfNode(ups), role)) {
            if (state.reading(signal.index(), now)
                    instanceof Reading.Measured(_, _, Value.Flag(boolean isSet))) {
                return Optional.of(isSet);
            }
        }
        return Optional.empty();
    }
}
