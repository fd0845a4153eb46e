package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.score.Ledger.RoomFate;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.score.RunRecord.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What must come of a scenario. Beyond it nothing may be tripped.
 *
 * @param isolated rooms that must be dead for good
 * @param failed rooms that can't be isolated, which must be said of them
 */
public record Expectation(List<ToIsolate> isolated, List<RoomId> failed) {
    /** The kind of the decision that calls a room isolated. */
    static final String ISOLATED = "ISOLATED";

    /** The kind of the decision that gives a room up. */
    static final String FAILED = "FAILED";

    /**
     * A room that must be isolated.
     *
     * @param by counted from the scenario's start; empty: at any time
     * @param isBeforeFlame before its first flame, if it has one
     */
    public record ToIsolate(RoomId room, Optional<Duration> by, boolean isBeforeFlame) {}

    public Expectation {
        isolated = List.copyOf(isolated);
        failed = List.copyOf(failed);
    }

    /** The rooms that fail, in the order of the file. */
    public List<RoomId> failing() {
        return Stream.concat(isolated.stream().map(ToIsolate::room), failed.stream()).toList();
    }

    /** Rooms that were tripped and needn't have been. */
    List<RoomId> falseTrips(RunRecord run) {
        return run.ledger().rooms().stream()
                .filter(fate -> fate.trippedAt().isPresent())
                .map(RoomFate::room)
                .filter(room -> !concerns(room))
                .toList();
    }

    /** Rooms that fail and were live at the end. */
    List<RoomId> missedTrips(RunRecord run) {
        return failing().stream()
                .filter(room -> run.ledger().room(room).deadSince(run.ledger().end()).isEmpty())
                .toList();
    }

    /** In words: what must come of it. */
    String words() {
        if (failing().isEmpty()) {
            return "nothing may be tripped";
        }
        return Words.listed(
                        Stream.concat(
                                        isolated.stream().map(Expectation::words),
                                        failed.stream()
                                                .map(
                                                        room ->
                                                                "room "
                                                                        + room
                                                                        + " can't be isolated, and"
                                                                        + " that must be said"))
                                .toList())
                + ", and no other";
    }

    private static String words(ToIsolate each) {
        return "room "
                + each.room()
                + " must be dead"
                + each.by().map(by -> " by " + PlantTime.of(by)).orElse("")
                + (each.isBeforeFlame() ? " before its first flame" : "");
    }

    private boolean concerns(RoomId room) {
        return failing().contains(room);
    }

    /** In what a run is not as it must be, by the plant's own books; empty if it is. */
    public List<String> unmet(RunRecord run) {
        var unmet = new ArrayList<String>();
        for (ToIsolate each : isolated) {
            late(run, each).ifPresent(unmet::add);
            if (run.policy() == Policy.BULKHEAD && !isLast(run, each.room(), ISOLATED)) {
                unmet.add("room " + each.room() + " is not proven isolated");
            }
        }
        for (RoomId room : failed) {
            boolean isSaid =
                    run.policy() == Policy.BULKHEAD
                            ? isLast(run, room, FAILED)
                            : run.outcome(room) == Outcome.FAILED;
            if (!isSaid) {
                unmet.add("nobody said that room " + room + " could not be isolated");
            }
        }
        falseTrips(run).forEach(room -> unmet.add("room " + room + " was tripped for nothing"));
        run.ledger().rooms().forEach(fate -> untrue(run, fate).ifPresent(unmet::add));
        if (!run.ledger().strays().isEmpty()) {
            unmet.add("opened besides: " + run.ledger().strays());
        }
        return List.copyOf(unmet);
    }

    private static Optional<String> late(RunRecord run, ToIsolate each) {
        RoomFate fate = run.ledger().room(each.room());
        Optional<Instant> dead = fate.deadSince(run.ledger().end());
        if (dead.isEmpty()) {
            return Optional.of("room " + each.room() + " is live at the end");
        }
        Optional<Instant> by = each.by().map(run.start()::plus);
        Optional<Instant> flame = fate.flameAt().filter(_ -> each.isBeforeFlame());
        return Stream.of(by, flame)
                .flatMap(Optional::stream)
                .min(Instant::compareTo)
                .filter(dead.get()::isAfter)
                .map(
                        limit ->
                                "room "
                                        + each.room()
                                        + " dead at "
                                        + PlantTime.of(run.start(), dead.get())
                                        + ", wanted by "
                                        + PlantTime.of(run.start(), limit)
                                        + (flame.equals(Optional.of(limit))
                                                ? ", its first flame"
                                                : ""));
    }

    /** What is called isolated must have been dead by then, and have stayed so. */
    private static Optional<String> untrue(RunRecord run, RoomFate fate) {
        return last(run, fate.room())
                .filter(made -> made.kind().equals(ISOLATED))
                .flatMap(
                        made ->
                                fate.deadSince(run.ledger().end())
                                        .map(dead -> early(run, made, dead))
                                        .orElse(Optional.of("is live")))
                .map(truth -> "room " + fate.room() + " was called isolated and " + truth);
    }

    private static Optional<String> early(RunRecord run, Decision made, Instant dead) {
        return dead.isAfter(made.at())
                ? Optional.of(
                        "was live: called so at "
                                + PlantTime.of(run.start(), made.at())
                                + ", dead at "
                                + PlantTime.of(run.start(), dead))
                : Optional.empty();
    }

    /** Whether the last word on a room's isolation was this. */
    private static boolean isLast(RunRecord run, RoomId room, String kind) {
        return last(run, room).filter(made -> made.kind().equals(kind)).isPresent();
    }

    private static Optional<Decision> last(RunRecord run, RoomId room) {
        return run.decisions().stream()
                .filter(made -> made.stage() == Stage.PROOF)
                .filter(made -> made.room().equals(Optional.of(room)))
                .reduce((_, later) -> later);
    }

    /**
     * Servers with a way around the failing rooms are somebody's fault only where doing nothing
     * would have kept them.
     *
     * @param anyway how many of them lose supply if nobody switches
     */
    static Optional<String> lostElsewhere(Score score, int anyway) {
        return score.lostElsewhere() > anyway
                ? Optional.of(
                        Words.count(score.lostElsewhere() - anyway, "server")
                                + " elsewhere lost their supply")
                : Optional.empty();
    }
}
