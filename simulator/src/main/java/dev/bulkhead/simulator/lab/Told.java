package dev.bulkhead.simulator.lab;

import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.isolation.Plan;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.isolation.Proof;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.scenario.Course;
import dev.bulkhead.simulator.score.Conduct;
import dev.bulkhead.simulator.score.Outcome;
import dev.bulkhead.simulator.score.Policy;
import dev.bulkhead.simulator.score.RunRecord;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.score.RunRecord.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the agent said it found, decided and did, in the words of a run's record. */
final class Told {
    private final List<Event> events = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();

    void add(Event event) {
        events.add(event);
        decisions.add(decision(event));
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    /** When the room was last isolated, found not to be provable, or given up. */
    Optional<Instant> endedAt() {
        return events.stream()
                .filter(
                        event ->
                                event instanceof Event.Isolated
                                        || event instanceof Event.NotProven
                                        || event instanceof Event.IsolationFailed)
                .map(Event::at)
                .reduce((_, later) -> later);
    }

    /** Polls of a run, as {@link RunRecord.Watch} counts them. */
    record Polls(long due, long answered) {
        static final Polls UNCOUNTED = new Polls(0, 0);
    }

    /** How often an alarm was annunciated: became active and unacknowledged. */
    private int alarms() {
        return (int)
                events.stream()
                        .filter(
                                event ->
                                        event instanceof Event.AlarmChanged change
                                                && change.to() == AlarmState.UNACKNOWLEDGED
                                                && change.from() != AlarmState.UNACKNOWLEDGED)
                        .count();
    }

    /** A run's record of the agent's words and the plant's course. */
    RunRecord record(Conduct conduct, Instant start, Instant acted, Course course, Polls polls) {
        return new RunRecord(
                Policy.BULKHEAD,
                conduct,
                rooms(course.rooms()).map(this::ofRoom).toList(),
                start,
                acted,
                course.truth(),
                decisions(),
                course.supply(),
                course.traces(),
                course.ledger(),
                Optional.empty(),
                Optional.of(new RunRecord.Watch(alarms(), polls.due(), polls.answered())),
                course.film());
    }

    /** The rooms it made anything of, in that order, and then those that fail unseen. */
    private Stream<RoomId> rooms(List<RoomId> failing) {
        return Stream.concat(events.stream().flatMap(Told::concerned), failing.stream()).distinct();
    }

    private static Stream<RoomId> concerned(Event event) {
        return switch (event) {
            case Event.LevelChanged change when change.to() == Level.FAILING ->
                    Stream.of(change.room());
            case Event.Planned planned -> Stream.of(planned.room());
            default -> Stream.empty();
        };
    }

    private RunRecord.OfRoom ofRoom(RoomId room) {
        Outcome outcome = outcome(room);
        return new RunRecord.OfRoom(
                room,
                outcome,
                failing(room).stream()
                        .flatMap(change -> change.votes().stream())
                        .map(Told::evidence)
                        .toList(),
                plan(room),
                outcome == Outcome.ISOLATED ? proof(room) : Optional.empty());
    }

    /** When a room was first found failing. */
    private Optional<Event.LevelChanged> failing(RoomId room) {
        return events.stream()
                .filter(Event.LevelChanged.class::isInstance)
                .map(Event.LevelChanged.class::cast)
                .filter(change -> change.room().equals(room) && change.to() == Level.FAILING)
                .findFirst();
    }

    /** How it ended, by the agent's own last word on the room. */
    private Outcome outcome(RoomId room) {
        Outcome outcome = Outcome.NONE;
        for (Event event : said(room).toList()) {
            outcome =
                    switch (event) {
                        case Event.Planned planned when !planned.isAutomatic() -> Outcome.ADVISED;
                        case Event.Held _ -> Outcome.ADVISED;
                        case Event.Planned _, Event.IsolationFailed _, Event.ProofLost _ ->
                                Outcome.FAILED;
                        case Event.NotProven _ -> Outcome.NOT_PROVEN;
                        case Event.Isolated _ -> Outcome.ISOLATED;
                        default -> outcome;
                    };
        }
        return outcome;
    }

    /** What was said of a room, and not of another one. */
    private Stream<Event> said(RoomId room) {
        return events.stream().filter(event -> decision(event).room().equals(Optional.of(room)));
    }

    /** What the findings stood on that rooms are failing. */
    List<Vote> votes() {
        return rooms(List.of())
                .flatMap(room -> failing(room).stream())
                .flatMap(change -> change.votes().stream())
                .toList();
    }

    private static RunRecord.Evidence evidence(Vote vote) {
        return new RunRecord.Evidence(
                vote.since(),
                vote.kind().name().toLowerCase(Locale.ROOT),
                vote.of().toString(),
                vote.device().value(),
                vote.gateway().value(),
                vote.evidence());
    }

    /** The plan last made for a room. */
    Optional<PlanId> planned(RoomId room) {
        return lastPlanned(room).map(planned -> planned.plan().id());
    }

    private Optional<Event.Planned> lastPlanned(RoomId room) {
        return said(room)
                .filter(Event.Planned.class::isInstance)
                .map(Event.Planned.class::cast)
                .reduce((_, later) -> later);
    }

    /** The last plan that was made for a room, and what came of each of its steps. */
    private Optional<RunRecord.PlanMade> plan(RoomId room) {
        return lastPlanned(room).map(this::plan);
    }

    private RunRecord.PlanMade plan(Event.Planned planned) {
        Plan plan = planned.plan();
        Map<BreakerId, Instant> commanded = new LinkedHashMap<>();
        Map<BreakerId, Instant> confirmed = new LinkedHashMap<>();
        Map<BreakerId, String> results = new LinkedHashMap<>();
        for (Event event : events) {
            switch (event) {
                case Event.Intended intended -> commanded.put(intended.breaker(), intended.at());
                case Event.StepConfirmed done -> {
                    confirmed.put(done.breaker(), done.at());
                    results.put(done.breaker(), "open");
                }
                case Event.StepFound found -> {
                    confirmed.put(found.breaker(), found.at());
                    results.put(found.breaker(), "found " + found.position());
                }
                case Event.StepFailed failed -> results.put(failed.breaker(), failed.reason());
                case Event.Refused refused ->
                        results.put(refused.breaker(), String.join("; ", refused.reasons()));
                default -> {}
            }
        }
        List<RunRecord.StepDone> steps =
                plan.steps().stream()
                        .map(
                                step ->
                                        new RunRecord.StepDone(
                                                step.number(),
                                                step.breaker(),
                                                step.why(),
                                                Optional.ofNullable(commanded.get(step.breaker())),
                                                Optional.ofNullable(confirmed.get(step.breaker())),
                                                results.getOrDefault(
                                                        step.breaker(), "not reached")))
                        .toList();
        return new RunRecord.PlanMade(
                plan.id().value(),
                planned.at(),
                planned.isAutomatic(),
                planned.why(),
                steps,
                plan.loss().throughZone(),
                plan.loss().elsewhere(),
                plan.interlocks(),
                plan.rejected());
    }

    /** The last proof for a room. */
    private Optional<RunRecord.ProofShown> proof(RoomId room) {
        return said(room)
                .filter(Event.Isolated.class::isInstance)
                .map(event -> proof(((Event.Isolated) event).proof()))
                .reduce((_, later) -> later);
    }

    private static RunRecord.ProofShown proof(Proof proof) {
        return new RunRecord.ProofShown(
                proof.at(),
                proof.positions().stream()
                        .map(open -> new RunRecord.OpenBreaker(open.breaker(), open.requestedAt()))
                        .toList(),
                proof.busbars().stream()
                        .map(
                                dead ->
                                        new RunRecord.DeadBusbar(
                                                dead.busbar(), dead.volts(), dead.requestedAt()))
                        .toList(),
                proof.supporting(),
                proof.staysLive());
    }

    static Decision decision(Event event) {
        return switch (event) {
            case Event.AlarmChanged alarm ->
                    decision(
                            alarm.at(),
                            Stage.DETECTION,
                            "alarm",
                            alarm.room(),
                            Optional.empty(),
                            alarm.alarm() + " " + alarm.to() + ": " + alarm.why());
            case Event.LevelChanged level ->
                    decision(
                            level.at(),
                            Stage.DETECTION,
                            level.from() == level.to() ? "votes" : level.to().name(),
                            level.room(),
                            Optional.empty(),
                            because(level));
            case Event.Planned planned ->
                    decision(
                            planned.at(),
                            Stage.DECISION,
                            planned.isAutomatic() ? "planned" : "advised",
                            planned.room(),
                            Optional.empty(),
                            planned.plan().steps().size()
                                    + " breakers, "
                                    + planned.plan().loss().servers()
                                    + " servers lost; "
                                    + planned.why());
            case Event.Approved approved ->
                    new Decision(
                            approved.at(),
                            Stage.DECISION,
                            "approved",
                            Optional.empty(),
                            Optional.empty(),
                            approved.plan() + " by " + approved.who() + ": " + approved.why());
            case Event.Held held ->
                    decision(
                            held.at(),
                            Stage.DECISION,
                            "held",
                            held.room(),
                            Optional.empty(),
                            String.join("; ", held.reasons()));
            case Event.Refused refused ->
                    decision(
                            refused.at(),
                            Stage.DECISION,
                            "refused",
                            refused.room(),
                            Optional.of(refused.breaker()),
                            String.join("; ", refused.reasons()));
            case Event.Intended intended ->
                    decision(
                            intended.at(),
                            Stage.BREAKER,
                            RunRecord.TRIP,
                            intended.room(),
                            Optional.of(intended.breaker()),
                            "select and trip, attempt " + intended.attempt());
            case Event.StepConfirmed done ->
                    decision(
                            done.at(),
                            Stage.BREAKER,
                            "open",
                            done.room(),
                            Optional.of(done.breaker()),
                            "reads " + done.position());
            case Event.StepFailed failed ->
                    decision(
                            failed.at(),
                            Stage.BREAKER,
                            "failed",
                            failed.room(),
                            Optional.of(failed.breaker()),
                            failed.reason());
            case Event.StepFound found ->
                    decision(
                            found.at(),
                            Stage.BREAKER,
                            "found",
                            found.room(),
                            Optional.of(found.breaker()),
                            "reads " + found.position());
            case Event.Isolated isolated ->
                    decision(
                            isolated.at(),
                            Stage.PROOF,
                            "ISOLATED",
                            isolated.room(),
                            Optional.empty(),
                            isolated.proof().positions().size()
                                    + " breakers read open, "
                                    + isolated.proof().busbars().size()
                                    + " busbars dead");
            case Event.NotProven open ->
                    decision(
                            open.at(),
                            Stage.PROOF,
                            "NOT PROVEN",
                            open.room(),
                            Optional.empty(),
                            String.join("; ", open.missing()));
            case Event.IsolationFailed failed ->
                    decision(
                            failed.at(),
                            Stage.PROOF,
                            "FAILED",
                            failed.room(),
                            Optional.empty(),
                            String.join("; ", failed.reasons()));
            case Event.ProofLost lost ->
                    decision(
                            lost.at(),
                            Stage.PROOF,
                            "proof lost",
                            lost.room(),
                            Optional.empty(),
                            lost.why());
            case Event.Released released ->
                    decision(
                            released.at(),
                            Stage.DECISION,
                            "released",
                            released.room(),
                            Optional.empty(),
                            released.who() + ": " + released.why());
            case Event.CommandRefused refused ->
                    new Decision(
                            refused.at(),
                            Stage.DECISION,
                            "refused",
                            Optional.empty(),
                            Optional.empty(),
                            refused.command() + ": " + refused.why());
            case Event.Suspended suspended ->
                    new Decision(
                            suspended.at(),
                            Stage.DECISION,
                            suspended.isSuspended() ? "suspended" : "resumed",
                            Optional.empty(),
                            Optional.empty(),
                            suspended.why());
        };
    }

    /** What votes against a room; of two devices that say the same, each by its name. */
    private static String because(Event.LevelChanged level) {
        if (level.votes().isEmpty()) {
            return switch (level.to()) {
                case NORMAL -> "nothing stands out any more";
                case WATCH -> "something stands out, and nothing votes";
                case SUSPECT, FAILING -> "nothing votes any more";
            };
        }
        List<String> said = level.votes().stream().map(Vote::evidence).toList();
        return level.votes().stream()
                .map(
                        vote ->
                                Collections.frequency(said, vote.evidence()) > 1
                                        ? vote.evidence() + " (" + vote.device() + ")"
                                        : vote.evidence())
                .collect(Collectors.joining("; "));
    }

    private static Decision decision(
            Instant at,
            Stage stage,
            String kind,
            RoomId room,
            Optional<BreakerId> breaker,
            String text) {
        return new Decision(at, stage, kind, Optional.of(room), breaker, text);
    }
}
