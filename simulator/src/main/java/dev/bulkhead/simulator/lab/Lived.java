package dev.bulkhead.simulator.lab;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.scenario.Life.Spell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What came of one life.
 *
 * @param length how long it was watched, in plant time
 * @param polls answered and taken as samples
 * @param compared numbers that were held against the plant's own
 * @param excused rooms that burnt and weren't isolated, and what stood in the way, in words
 * @param missed rooms that burnt and weren't isolated though nothing did
 * @param isolated rooms that burnt and were isolated
 */
public record Lived(
        long number,
        Duration length,
        long polls,
        long compared,
        List<Effect> effects,
        int isolated,
        SequencedMap<RoomId, String> excused,
        Set<RoomId> missed,
        List<Surprise> surprises) {
    public Lived {
        effects = List.copyOf(effects);
        excused = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(excused));
        missed = Set.copyOf(missed);
        surprises = List.copyOf(surprises);
    }

    /**
     * The same, where the same fire alone showed which of the excuses hold: a room that isn't
     * isolated then either was missed.
     */
    Lived heldAgainst(Lived alone) {
        var held = new LinkedHashMap<RoomId, String>(excused);
        held.keySet().removeAll(alone.missed);
        var allMissed = new LinkedHashSet<RoomId>(missed);
        var told = new ArrayList<Surprise>(surprises);
        for (Surprise surprise : alone.surprises) {
            if (surprise.kind() == Surprise.Kind.MISSED_ISOLATION) {
                told.add(
                        new Surprise(
                                surprise.at(),
                                surprise.kind(),
                                surprise.text() + ", as with nothing drawn but the fire"));
            }
        }
        told.sort(Comparator.comparing(Surprise::at));
        allMissed.addAll(alone.missed);
        return new Lived(number, length, polls, compared, effects, isolated, held, allMissed, told);
    }

    /** Its surprises, a line each. */
    public List<String> told() {
        return surprises.stream()
                .map(
                        surprise ->
                                "life "
                                        + number
                                        + ": "
                                        + surprise.kind().words()
                                        + ": "
                                        + surprise.text())
                .toList();
    }

    /**
     * What was seen to change while a spell stood, or within a minute of its end. Other spells may
     * have stood at the same time.
     */
    public record Effect(
            Spell spell,
            boolean hasChangedQuality,
            boolean hasChangedVote,
            boolean hasChangedPlan) {}
}
