package dev.bulkhead.rules.hazard;

import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far a room has failed, and on what.
 *
 * @param ballots the votes that stand, in the order in which they first stood
 * @param signs what else was last measured in breach, a vote or not
 * @param suspectedAt when it last rose to SUSPECT or higher
 */
public record RoomHazard(
        RoomId room,
        Level level,
        List<Ballot> ballots,
        SortedSet<String> signs,
        Optional<Instant> suspectedAt) {
    /**
     * A vote that stands, with the signals that were last measured in breach for it.
     *
     * @param signals none left: it stands for its window only
     */
    public record Ballot(Vote vote, SortedSet<String> signals) {
        public Ballot {
            signals = Collections.unmodifiableSortedSet(new TreeSet<>(signals));
        }
    }

    public RoomHazard {
        ballots = List.copyOf(ballots);
        signs = Collections.unmodifiableSortedSet(new TreeSet<>(signs));
    }

    static RoomHazard unharmed(RoomId room) {
        return new RoomHazard(room, Level.NORMAL, List.of(), new TreeSet<>(), Optional.empty());
    }

    public List<Vote> votes() {
        return ballots.stream().map(Ballot::vote).toList();
    }

    RoomHazard with(List<Ballot> others) {
        return new RoomHazard(room, level, others, signs, suspectedAt);
    }

    RoomHazard with(SortedSet<String> others) {
        return new RoomHazard(room, level, ballots, others, suspectedAt);
    }

    /** On another level; the instant is kept when it rises to SUSPECT or higher. */
    RoomHazard on(Level next, Instant now) {
        boolean hasRisen = level.compareTo(Level.SUSPECT) < 0 && next.compareTo(Level.SUSPECT) >= 0;
        return new RoomHazard(
                room, next, ballots, signs, hasRisen ? Optional.of(now) : suspectedAt);
    }
}
