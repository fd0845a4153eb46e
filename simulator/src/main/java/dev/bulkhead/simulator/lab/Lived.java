package dev.bulkhead.simulator.lab;

import dev.bulkhead.simulator.scenario.Life.Spell;
import java.time.Duration;
import java.util.List;

/**
 * What came of one life.
 *
 * @param length how long it was watched, in plant time
 * @param polls answered and taken as samples
 * @param compared numbers that were held against the plant's own
 * @param excused rooms that burnt and weren't isolated while something drawn stood in the way, in
 *     words
 * @param isolated rooms that burnt and were isolated
 */
public record Lived(
        long number,
        Duration length,
        long polls,
        long compared,
        List<Effect> effects,
        int isolated,
        List<String> excused,
        List<Surprise> surprises) {
    public Lived {
        effects = List.copyOf(effects);
        excused = List.copyOf(excused);
        surprises = List.copyOf(surprises);
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
