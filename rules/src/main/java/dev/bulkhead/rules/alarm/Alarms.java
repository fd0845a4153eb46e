package dev.bulkhead.rules.alarm;

import dev.bulkhead.rules.condition.Condition;
import dev.bulkhead.rules.condition.Conditions;
import dev.bulkhead.rules.condition.Judged;
import dev.bulkhead.rules.condition.Priority;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Every alarm that isn't normal. Mutable, and owned by the one thread that judges.
 *
 * <p>Most alarms stem from conditions; what the judge itself finds (an isolation that failed) comes
 * in by {@link #raise} and goes by {@link #clear}.
 */
public final class Alarms {
    /** Alarms of evidence in one room within this follow from the first (proposal). */
    private static final Duration HAZARD_GROUPING = Duration.ofMinutes(60);

    /** Alarms of one condition in one room within this follow from the first (proposal). */
    private static final Duration CONDITION_GROUPING = Duration.ofSeconds(60);

    private static final String RAISED = "raised by the judge";

    /** What a condition's alarm is, and what can stand behind it. */
    private record Origin(Nature nature, SortedSet<String> signals) {}

    /** All alarms as a value, in the order of their ids. */
    public record Image(List<Alarm> alarms) {
        public Image {
            alarms = List.copyOf(alarms);
        }
    }

    private final SortedMap<AlarmId, Origin> origins = new TreeMap<>();
    private final SortedMap<AlarmId, Alarm> alarms = new TreeMap<>();

    /** No alarm yet; conditions may raise some. */
    public Alarms(List<Conditions.Binding> bindings) {
        for (Conditions.Binding binding : bindings) {
            origins.computeIfAbsent(
                            id(binding.condition(), binding.signal().of()),
                            _ -> new Origin(Nature.of(binding.condition()), new TreeSet<>()))
                    .signals()
                    .add(binding.signal().id().value());
        }
    }

    public static AlarmId id(Condition condition, Subject subject) {
        String of =
                subject instanceof Subject.OfRoom(RoomId room) ? room.value() : subject.toString();
        return new AlarmId(condition.id() + "@" + of);
    }

    /** What isn't normal, by id; a view that follows. */
    public SortedMap<AlarmId, Alarm> standing() {
        return Collections.unmodifiableSortedMap(alarms);
    }

    /** An alarm that isn't normal. */
    public Optional<Alarm> find(AlarmId id) {
        return Optional.ofNullable(alarms.get(id));
    }

    public Image image() {
        return new Image(List.copyOf(alarms.values()));
    }

    /** Takes the place of all alarms there are. */
    public void restore(Image image) {
        alarms.clear();
        image.alarms().forEach(alarm -> alarms.put(alarm.id(), alarm));
    }

    /**
     * Takes an alarm from a journal. One whose condition is known stands for all its signals until
     * each is measured clear.
     *
     * @param otherwise what it is if no condition knows it
     */
    public void restore(AlarmChange change, Nature otherwise) {
        alarms.remove(change.alarm());
        if (change.to() == AlarmState.NORMAL) {
            return;
        }
        Optional<Origin> origin = Optional.ofNullable(origins.get(change.alarm()));
        var causes = new TreeSet<String>();
        if (change.to().isActive()) {
            causes.addAll(origin.map(Origin::signals).orElse(new TreeSet<>(List.of(RAISED))));
        }
        var alarm =
                new Alarm(
                        change.alarm(),
                        change.room(),
                        change.to(),
                        change.at(),
                        origin.map(Origin::nature).orElse(otherwise),
                        causes,
                        change.why(),
                        Optional.empty());
        alarms.put(alarm.id(), alarm.following(firstCause(alarm)));
    }

    /** Follows verdicts, the most urgent first, so that of one cycle's that is the first cause. */
    public List<AlarmChange> judged(List<Judged> verdicts) {
        List<AlarmChange> changes = new ArrayList<>();
        verdicts.stream()
                .filter(judged -> !judged.isRenewal())
                .sorted(Comparator.comparing(judged -> judged.condition().priority()))
                .forEach(judged -> follow(judged).ifPresent(changes::add));
        return changes;
    }

    private Optional<AlarmChange> follow(Judged judged) {
        AlarmId id = id(judged.condition(), judged.subject());
        String signal = judged.signal().id().value();
        return switch (judged.verdict()) {
            case UNKNOWN -> Optional.empty();
            case BREACHED ->
                    begin(
                            judged.at(),
                            id,
                            judged.room(),
                            Nature.of(judged.condition()),
                            signal,
                            judged.evidence());
            case CLEAR -> end(judged.at(), id, signal, judged.evidence());
        };
    }

    /** An alarm that no condition knows. */
    public Optional<AlarmChange> raise(
            Instant now, AlarmId id, RoomId room, Nature nature, String why) {
        return begin(now, id, room, nature, RAISED, why);
    }

    /** Nothing stands behind an alarm any more, whatever it was. */
    public Optional<AlarmChange> clear(Instant now, AlarmId id, String why) {
        return find(id).map(found -> found.from(new TreeSet<>()))
                .flatMap(found -> step(now, found, AlarmEvent.RETURN, why));
    }

    /** A person has seen it. */
    public Answer acknowledge(Instant now, AlarmId id, String why) {
        return person(now, id, AlarmEvent.ACKNOWLEDGE, why);
    }

    /** A person says that the cause of a latched alarm is dealt with. */
    public Answer reset(Instant now, AlarmId id, String why) {
        return person(now, id, AlarmEvent.RESET, why);
    }

    private Answer person(Instant now, AlarmId id, AlarmEvent event, String why) {
        Optional<Alarm> alarm = find(id);
        AlarmState state = alarm.map(Alarm::state).orElse(AlarmState.NORMAL);
        boolean isLatching = alarm.map(found -> found.nature().isLatching()).orElse(false);
        return switch (AlarmLife.next(state, event, isLatching)) {
            case Transition.To(AlarmState next) ->
                    new Answer.Changed(become(now, alarm.orElseThrow(), next, why));
            case Transition.Refused(String reason) -> new Answer.Refused(id + ": " + reason);
            case Transition.Stay _ -> new Answer.Refused(id + ": nothing to do");
        };
    }

    private Optional<AlarmChange> begin(
            Instant now, AlarmId id, RoomId room, Nature nature, String cause, String why) {
        Alarm alarm = alarms.get(id);
        if (alarm == null) {
            alarm =
                    new Alarm(
                            id,
                            room,
                            AlarmState.NORMAL,
                            now,
                            nature,
                            new TreeSet<>(),
                            why,
                            Optional.empty());
        }
        var causes = new TreeSet<>(alarm.causes());
        causes.add(cause);
        return step(now, alarm.from(causes), AlarmEvent.ALARM, why);
    }

    private Optional<AlarmChange> end(Instant now, AlarmId id, String cause, String why) {
        Alarm alarm = alarms.get(id);
        if (alarm == null) {
            return Optional.empty();
        }
        var causes = new TreeSet<>(alarm.causes());
        causes.remove(cause);
        Alarm fewer = alarm.from(causes);
        if (!causes.isEmpty()) {
            alarms.put(id, fewer);
            return Optional.empty();
        }
        return step(now, fewer, AlarmEvent.RETURN, why);
    }

    private Optional<AlarmChange> step(Instant now, Alarm alarm, AlarmEvent event, String why) {
        return switch (AlarmLife.next(alarm.state(), event, alarm.nature().isLatching())) {
            case Transition.To(AlarmState next) -> Optional.of(become(now, alarm, next, why));
            case Transition.Stay _, Transition.Refused _ -> {
                alarms.put(alarm.id(), alarm);
                yield Optional.empty();
            }
        };
    }

    private AlarmChange become(Instant now, Alarm alarm, AlarmState next, String why) {
        var change = new AlarmChange(now, alarm.id(), alarm.room(), alarm.state(), next, why);
        alarms.remove(alarm.id());
        Alarm after = alarm.in(next, now, why);
        if (next == AlarmState.NORMAL) {
            promoteFollowers(alarm.id());
        } else if (next == AlarmState.UNACKNOWLEDGED) {
            alarms.put(alarm.id(), after.following(firstCause(after)));
        } else {
            alarms.put(alarm.id(), after);
        }
        return change;
    }

    /** What followed from an alarm that is gone is told by itself from now on. */
    private void promoteFollowers(AlarmId gone) {
        alarms.replaceAll(
                (_, alarm) ->
                        alarm.firstCause().filter(gone::equals).isPresent()
                                ? alarm.following(Optional.empty())
                                : alarm);
    }

    /**
     * The alarm one follows from: the oldest of its group in its room that is told itself and is at
     * least as urgent, so that nothing urgent hides behind something that isn't.
     */
    private Optional<AlarmId> firstCause(Alarm alarm) {
        return alarms.values().stream()
                .filter(other -> !other.id().equals(alarm.id()))
                .filter(other -> other.room().equals(alarm.room()))
                .filter(other -> other.firstCause().isEmpty())
                .filter(other -> other.state() != AlarmState.RETURNED_UNACKNOWLEDGED)
                .filter(
                        other ->
                                other.nature().priority().compareTo(alarm.nature().priority()) <= 0)
                .filter(other -> isOneGroup(other, alarm))
                .min(Comparator.comparing(Alarm::since).thenComparing(Alarm::id))
                .map(Alarm::id);
    }

    private static boolean isOneGroup(Alarm first, Alarm later) {
        Duration apart = Duration.between(first.since(), later.since());
        if (first.nature().kind().isPresent() && later.nature().kind().isPresent()) {
            return apart.compareTo(HAZARD_GROUPING) <= 0;
        }
        return first.condition().equals(later.condition())
                && apart.compareTo(CONDITION_GROUPING) <= 0;
    }

    /** Whether an alarm of evidence, at least of medium urgency, stands or is latched in a room. */
    public boolean hasEvidence(RoomId room) {
        return alarms.values().stream()
                .anyMatch(
                        alarm ->
                                alarm.room().equals(room)
                                        && alarm.nature().kind().isPresent()
                                        && alarm.nature().priority() != Priority.LOW
                                        && (alarm.state().isActive() || alarm.state().isLatched()));
    }
}
