package dev.bulkhead.simulator.lab;

import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.plant.Occurrence;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.terminal.Status;
import dev.bulkhead.simulator.terminal.Timeline;
import dev.bulkhead.simulator.terminal.Tone;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Shows a run on the terminal while it is played: what really happens, and what the agent makes of
 * it.
 */
final class Show {
    /** Plant time between two looks at how things stand. */
    private static final Duration STRIDE = Duration.ofSeconds(2);

    private final Timeline timeline;
    private final Site site;
    private final double speed;
    private final Map<RoomId, Level> levels = new TreeMap<>();
    private Instant shownAt = Instant.EPOCH;
    private int happened;
    private final Map<RoomId, Integer> open = new TreeMap<>();
    private final Map<RoomId, Integer> steps = new TreeMap<>();

    Show(Timeline timeline, Site site, double speed) {
        this.timeline = timeline;
        this.site = site;
        this.speed = speed;
        site.batteryRooms().forEach(room -> levels.put(room, Level.NORMAL));
    }

    /** What the agent told. */
    void event(Event event) {
        Decision decision = Told.decision(event);
        switch (event) {
            case Event.LevelChanged level -> levels.put(level.room(), level.to());
            case Event.Planned planned -> {
                steps.put(planned.room(), planned.plan().steps().size());
                open.put(planned.room(), 0);
            }
            case Event.StepConfirmed done -> opened(done.room());
            case Event.StepFound found -> opened(found.room());
            default -> {}
        }
        String what =
                decision.breaker()
                        .map(breaker -> breaker + ": ")
                        .or(() -> decision.room().map(room -> room + ": "))
                        .orElse("");
        timeline.tell(decision.at(), tone(decision), decision.kind(), what + decision.text());
    }

    private void opened(RoomId room) {
        open.put(room, Math.min(open.getOrDefault(room, 0) + 1, steps.getOrDefault(room, 0)));
    }

    private static int sum(Map<RoomId, Integer> numbers) {
        return numbers.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Tone tone(Decision decision) {
        return switch (decision.kind()) {
            case "failed", "FAILED", "NOT PROVEN", "proof lost", "suspended" -> Tone.BAD;
            default ->
                    switch (decision.stage()) {
                        case DETECTION -> Tone.FOUND;
                        case DECISION -> Tone.DECIDED;
                        case BREAKER -> Tone.BREAKER;
                        case PROOF -> Tone.PROVEN;
                    };
        };
    }

    /** What has really happened by now, and how things stand. */
    void moment(Instant now, Plant plant) {
        for (; happened < plant.occurrences().size(); happened++) {
            Occurrence occurrence = plant.occurrences().get(happened);
            timeline.tell(occurrence.at(), Tone.TRUTH, "in truth", occurrence.text());
        }
        if (now.isBefore(shownAt.plus(STRIDE))) {
            return;
        }
        shownAt = now;
        int servers = site.servers();
        timeline.show(
                new Status(
                        now,
                        speed,
                        rooms(),
                        (servers - plant.ledger().serversDown())
                                + " of "
                                + servers
                                + " servers fed",
                        sum(open),
                        sum(steps)));
    }

    private String rooms() {
        var text = new StringBuilder();
        int normal = 0;
        for (var level : levels.entrySet()) {
            if (level.getValue() == Level.NORMAL) {
                normal++;
            } else {
                text.append(level.getKey()).append(' ').append(level.getValue()).append(" · ");
            }
        }
        return text + Integer.toString(normal) + " rooms NORMAL";
    }
}
