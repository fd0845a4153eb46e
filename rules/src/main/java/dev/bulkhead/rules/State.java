package dev.bulkhead.rules;

import dev.bulkhead.rules.alarm.Alarm;
import dev.bulkhead.rules.alarm.Alarms;
import dev.bulkhead.rules.condition.Memory;
import dev.bulkhead.rules.hazard.Hazards;
import dev.bulkhead.rules.hazard.RoomHazard;
import dev.bulkhead.rules.isolation.Step;
import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All the judge remembers. A value in meaning: {@link #image} says everything that is in it, and
 * two states with equal images behave alike for ever. Held as one mutable structure with one owner,
 * because copying sixteen thousand readings each second buys nothing.
 */
public final class State implements Board {
    private final SignalTable signals;
    private final Reading[] latest;
    final Memory memory;
    final Alarms alarms;
    final Hazards hazards;
    private final TreeMap<RoomId, Isolation> isolations = new TreeMap<>();
    private final TreeMap<RoomId, Integer> plans = new TreeMap<>();
    private final TreeMap<NodeId, Instant> steadySince = new TreeMap<>();
    private final TreeMap<RoomId, Instant> reconsidered = new TreeMap<>();
    private Optional<String> suspension = Optional.empty();

    State(SignalTable signals, Memory memory, Alarms alarms, Hazards hazards, Instant now) {
        this.signals = signals;
        this.memory = memory;
        this.alarms = alarms;
        this.hazards = hazards;
        this.latest = new Reading[signals.size()];
        for (int signal = 0; signal < latest.length; signal++) {
            latest[signal] = new Reading.Silent(now, Instant.EPOCH);
        }
    }

    void take(List<Observation> news) {
        for (Observation observation : news) {
            latest[observation.signal()] = observation.reading();
        }
    }

    /** What survives a restart changes here and only here; other events change nothing. */
    void apply(Event event) {
        switch (event) {
            case Event.Planned planned -> {
                isolations.put(planned.room(), Isolation.planned(planned));
                plans.merge(planned.room(), 1, Integer::sum);
            }
            case Event.Held own -> change(own.room(), own);
            case Event.Intended own -> change(own.room(), own);
            case Event.Refused own -> change(own.room(), own);
            case Event.StepConfirmed own -> change(own.room(), own);
            case Event.StepFailed own -> change(own.room(), own);
            case Event.StepFound own -> change(own.room(), own);
            case Event.Isolated own -> change(own.room(), own);
            case Event.NotProven own -> change(own.room(), own);
            case Event.IsolationFailed own -> change(own.room(), own);
            case Event.ProofLost own -> change(own.room(), own);
            case Event.Approved own ->
                    isolations.replaceAll(
                            (_, isolation) ->
                                    isolation.plan().id().equals(own.plan())
                                            ? isolation.after(own)
                                            : isolation);
            case Event.Released released -> isolations.remove(released.room());
            case Event.Suspended suspended ->
                    suspension =
                            suspended.isSuspended()
                                    ? Optional.of(suspended.why())
                                    : Optional.empty();
            case Event.AlarmChanged _, Event.LevelChanged _, Event.CommandRefused _ -> {}
        }
    }

    private void change(RoomId room, Event event) {
        isolations.computeIfPresent(room, (_, isolation) -> isolation.after(event));
    }

    /**
     * After a restart: acts without an end are unknown, and old readings prove nothing. A plan for
     * what the site no longer has is dropped, or it would stand in every other room's way for good.
     */
    void recovered(Site site, Instant now) {
        isolations
                .values()
                .removeIf(
                        isolation ->
                                !isolation.plan().steps().stream()
                                        .map(Step::breaker)
                                        .allMatch(site.boundaryOf(isolation.room())::contains));
        isolations.replaceAll((_, isolation) -> isolation.recovered(now));
    }

    @Override
    public SignalTable signals() {
        return signals;
    }

    @Override
    public Reading reading(int signal, Instant now) {
        Reading reading = latest[signal];
        return reading instanceof Reading.Measured measured
                        && measured.at().plus(STALE_AFTER).isBefore(now)
                ? new Reading.Silent(now, measured.at())
                : reading;
    }

    public Optional<Isolation> isolation(RoomId room) {
        return Optional.ofNullable(isolations.get(room));
    }

    public SortedMap<RoomId, Isolation> isolations() {
        return Collections.unmodifiableSortedMap(isolations);
    }

    /** The number of the next plan for a room. */
    int nextPlan(RoomId room) {
        return plans.getOrDefault(room, 0) + 1;
    }

    /** Rooms other than this one whose isolation is being carried out. */
    SortedSet<RoomId> inHandBeside(RoomId room) {
        var others = new TreeSet<RoomId>();
        isolations.forEach(
                (other, isolation) -> {
                    if (!other.equals(room) && isolation.isInHand()) {
                        others.add(other);
                    }
                });
        return others;
    }

    /**
     * Rooms other than this one that are being isolated, or were and no person has released them.
     */
    SortedSet<RoomId> handledBeside(RoomId room) {
        var others = new TreeSet<RoomId>();
        isolations.forEach(
                (other, isolation) -> {
                    if (!other.equals(room) && isolation.phase() != Isolation.Phase.WAITING) {
                        others.add(other);
                    }
                });
        return others;
    }

    /** When the isolation of another room last began. */
    Optional<Instant> begunBeside(RoomId room) {
        return isolations.values().stream()
                .filter(other -> !other.room().equals(room))
                .filter(other -> other.phase() != Isolation.Phase.WAITING)
                .map(other -> other.plan().at())
                .max(Instant::compareTo);
    }

    /**
     * Since when a UPS has run on its rectifier without a break; empty: it doesn't, or who knows.
     */
    Optional<Instant> steadySince(NodeId ups) {
        return Optional.ofNullable(steadySince.get(ups));
    }

    void steady(NodeId ups, boolean isSteady, Instant now) {
        if (isSteady) {
            steadySince.putIfAbsent(ups, now);
        } else {
            steadySince.remove(ups);
        }
    }

    /** Whether a room's waiting plan was last looked at so long ago; if so, it is looked at now. */
    boolean isDue(RoomId room, Duration interval, Instant now) {
        Instant last = reconsidered.get(room);
        if (last != null && now.isBefore(last.plus(interval))) {
            return false;
        }
        reconsidered.put(room, now);
        return true;
    }

    /** Why automatic acts are suspended, if they are. */
    public Optional<String> suspension() {
        return suspension;
    }

    boolean hasTwoCauses(RoomId room) {
        return hazards.hasTwoCauses(room);
    }

    boolean hasCommonCause(RoomId room) {
        return hazards.hasCommonCause(room);
    }

    /** How far every room has failed, in the order of the site. */
    public List<RoomHazard> hazards() {
        return hazards.image();
    }

    /** Every alarm that isn't normal, by its id. */
    public List<Alarm> alarms() {
        return alarms.image().alarms();
    }

    /** Everything in this state, as an immutable value. */
    public Image image() {
        return new Image(
                Image.VERSION,
                List.of(latest),
                memory.image(),
                alarms.image(),
                hazards.image(),
                List.copyOf(isolations.values()),
                plans,
                steadySince,
                reconsidered,
                suspension);
    }

    /**
     * A state as a value.
     *
     * @param version of this record; a reader refuses one it does not know
     */
    public record Image(
            int version,
            List<Reading> latest,
            Memory.Image memory,
            Alarms.Image alarms,
            List<RoomHazard> hazards,
            List<Isolation> isolations,
            SortedMap<RoomId, Integer> plans,
            SortedMap<NodeId, Instant> steadySince,
            SortedMap<RoomId, Instant> reconsidered,
            Optional<String> suspension) {
        public static final int VERSION = 1;

        public Image {
            plans = Collections.unmodifiableSortedMap(new TreeMap<>(plans));
            steadySince = Collections.unmodifiableSortedMap(new TreeMap<>(steadySince));
            reconsidered = Collections.unmodifiableSortedMap(new TreeMap<>(reconsidered));
        }
    }
}
