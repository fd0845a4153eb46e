package dev.bulkhead.rules.hazard;

import dev.bulkhead.rules.alarm.Alarms;
import dev.bulkhead.rules.condition.Condition;
import dev.bulkhead.rules.condition.Judged;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.hazard.RoomHazard.Ballot;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeSet;

/**
 * How far each room has failed. Mutable, and owned by the one thread that judges; a room's state is
 * an immutable record.
 *
 * <p>The life of a vote: it begins when its condition is BREACHED and counts until its window has
 * passed since it was last measured so. UNKNOWN neither makes nor ends it. A CLEAR measurement of
 * every signal behind it withdraws it before, except gas: what has vented once is gone from the
 * detector while the cell is still on its way, so gas counts for its window. FAILING stays until a
 * person releases the room.
 */
public final class Hazards {
    /** Two rooms that rise within this may have a cause in common (proposal). */
    public static final Duration COMMON_CAUSE = Duration.ofSeconds(60);

    private static final Comparator<Vote> OLDEST_FIRST =
            Comparator.comparing(Vote::since)
                    .thenComparing(Vote::condition)
                    .thenComparing(vote -> vote.of().toString())
                    .thenComparing(Vote::device);

    private final Site site;
    private final SequencedMap<RoomId, RoomHazard> rooms = new LinkedHashMap<>();

    public Hazards(Site site) {
        this.site = site;
        site.rooms().keySet().forEach(room -> rooms.put(room, RoomHazard.unharmed(room)));
    }

    /** Every room, in the order of the site; a value. */
    public List<RoomHazard> image() {
        return List.copyOf(rooms.values());
    }

    /** Takes the place of what is known of these rooms. */
    public void restore(List<RoomHazard> image) {
        image.stream()
                .filter(hazard -> rooms.containsKey(hazard.room()))
                .forEach(hazard -> rooms.put(hazard.room(), hazard));
    }

    /** Takes a level and its votes from a journal. Votes whose signals are unknown stand alone. */
    public void restore(LevelChange change) {
        if (!rooms.containsKey(change.room())) {
            return;
        }
        List<Ballot> ballots = new ArrayList<>();
        change.votes().forEach(vote -> ballots.add(new Ballot(vote, new TreeSet<>())));
        rooms.put(change.room(), of(change.room()).with(ballots).on(change.to(), change.at()));
    }

    public RoomHazard of(RoomId room) {
        return Site.known(rooms, room);
    }

    public SequencedMap<RoomId, RoomHazard> rooms() {
        return Collections.unmodifiableSequencedMap(rooms);
    }

    /**
     * Counts again.
     *
     * @param alarms as they stand after the same verdicts
     */
    public List<LevelChange> judged(List<Judged> verdicts, Alarms alarms, Instant now) {
        SequencedMap<RoomId, RoomHazard> before = new LinkedHashMap<>(rooms);
        for (Judged judged : verdicts) {
            if (judged.condition().kind().isPresent()) {
                rooms.computeIfPresent(judged.room(), (_, hazard) -> hear(hazard, judged));
            }
        }
        List<LevelChange> changes = new ArrayList<>();
        for (RoomId room : site.rooms().keySet()) {
            count(room, alarms, now)
                    .or(() -> fewerVotes(Site.known(before, room), of(room), now))
                    .ifPresent(changes::add);
        }
        return changes;
    }

    /**
     * A vote that was withdrawn must not come back from the journal, though the level is the same.
     */
    private static Optional<LevelChange> fewerVotes(
            RoomHazard before, RoomHazard after, Instant now) {
        boolean isSame =
                before.votes().stream()
                        .allMatch(
                                vote ->
                                        after.votes().stream()
                                                .anyMatch(other -> isSame(vote, other)));
        return isSame
                ? Optional.empty()
                : Optional.of(
                        new LevelChange(
                                now, after.room(), after.level(), after.level(), after.votes()));
    }

    private static boolean isSame(Vote one, Vote other) {
        return one.condition().equals(other.condition())
                && one.of().equals(other.of())
                && one.device().equals(other.device());
    }

    /** A person has made the room safe: its latch and its votes are dropped. */
    public Optional<LevelChange> release(RoomId room, Alarms alarms, Instant now) {
        RoomHazard before = of(room);
        rooms.put(room, before.with(List.of()).on(Level.NORMAL, now));
        count(room, alarms, now);
        Level after = of(room).level();
        return after == before.level()
                ? Optional.empty()
                : Optional.of(new LevelChange(now, room, before.level(), after, List.of()));
    }

    /** Whether two votes still stand that together make a room FAILING. */
    public boolean hasTwoCauses(RoomId room) {
        return Count.pair(site, of(room).votes()).isPresent();
    }

    /** Whether another room rose to SUSPECT or higher within 60 s of this one. */
    public boolean hasCommonCause(RoomId room) {
        Optional<Instant> here = of(room).suspectedAt();
        return rooms.values().stream()
                .filter(other -> !other.room().equals(room))
                .flatMap(other -> other.suspectedAt().stream())
                .anyMatch(
                        there -> here.filter(at -> isWithin(COMMON_CAUSE, at, there)).isPresent());
    }

    private static boolean isWithin(Duration limit, Instant one, Instant other) {
        return Duration.between(one, other).abs().compareTo(limit) <= 0;
    }

    private static RoomHazard hear(RoomHazard hazard, Judged judged) {
        var signs = new TreeSet<>(hazard.signs());
        String sign = judged.condition().id() + "@" + judged.subject() + "#" + judged.signal().id();
        return switch (judged.verdict()) {
            case UNKNOWN -> hazard;
            case BREACHED -> {
                signs.add(sign);
                yield cast(hazard.with(signs), judged);
            }
            case CLEAR -> {
                signs.remove(sign);
                yield withdraw(hazard.with(signs), judged);
            }
        };
    }

    private static RoomHazard cast(RoomHazard hazard, Judged judged) {
        Condition condition = judged.condition();
        if (condition.vote().isEmpty() || condition.kind().isEmpty()) {
            return hazard;
        }
        Instant until = judged.at().plus(condition.vote().get());
        List<Ballot> ballots = new ArrayList<>();
        var signals = new TreeSet<String>();
        Instant since = judged.at();
        for (Ballot ballot : hazard.ballots()) {
            if (isOf(ballot, judged)) {
                signals.addAll(ballot.signals());
                since = ballot.vote().since();
            } else {
                ballots.add(ballot);
            }
        }
        signals.add(judged.signal().id().value());
        var vote =
                new Vote(
                        condition.id(),
                        condition.kind().get(),
                        hazard.room(),
                        judged.subject(),
                        judged.device(),
                        judged.gateway(),
                        since,
                        until,
                        judged.evidence());
        ballots.add(new Ballot(vote, signals));
        ballots.sort(Comparator.comparing(Ballot::vote, OLDEST_FIRST));
        return hazard.with(ballots);
    }

    private static RoomHazard withdraw(RoomHazard hazard, Judged judged) {
        List<Ballot> ballots = new ArrayList<>();
        for (Ballot ballot : hazard.ballots()) {
            if (!isOf(ballot, judged)) {
                ballots.add(ballot);
                continue;
            }
            var signals = new TreeSet<>(ballot.signals());
            signals.remove(judged.signal().id().value());
            if (!signals.isEmpty() || ballot.vote().kind() == Kind.GAS) {
                ballots.add(new Ballot(ballot.vote(), signals));
            }
        }
        return hazard.with(ballots);
    }

    private static boolean isOf(Ballot ballot, Judged judged) {
        return ballot.vote().condition().equals(judged.condition().id())
                && ballot.vote().of().equals(judged.subject())
                && ballot.vote().device().equals(judged.device());
    }

    private Optional<LevelChange> count(RoomId room, Alarms alarms, Instant now) {
        RoomHazard before = of(room);
        List<Ballot> standing =
                before.ballots().stream()
                        .filter(ballot -> ballot.vote().until().isAfter(now))
                        .toList();
        RoomHazard counted = before.with(standing);
        Optional<List<Vote>> pair = Count.pair(site, counted.votes());
        Level level = level(counted, pair.isPresent(), alarms);
        rooms.put(room, counted.on(level, now));
        if (level == before.level()) {
            return Optional.empty();
        }
        SequencedSet<Vote> votes = new LinkedHashSet<>(pair.orElse(List.of()));
        votes.addAll(counted.votes());
        return Optional.of(new LevelChange(now, room, before.level(), level, List.copyOf(votes)));
    }

    private static Level level(RoomHazard hazard, boolean isPaired, Alarms alarms) {
        if (isPaired || hazard.level() == Level.FAILING) {
            return Level.FAILING;
        }
        if (Count.isSuspect(hazard.votes())) {
            return Level.SUSPECT;
        }
        boolean isWatched =
                !hazard.ballots().isEmpty()
                        || !hazard.signs().isEmpty()
                        || alarms.hasEvidence(hazard.room());
        return isWatched ? Level.WATCH : Level.NORMAL;
    }
}
