package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.score.Ledger.RoomFate;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.score.RunRecord.Stage;
import java.time.Instant;
import java.util.Optional;

/**
 * That a room went dead for good, by the plant's own books, and by whose act. Of several acts it is
 * the last one before: the one that was still missing.
 */
record Dead(Instant since, Act by) {
    /** What made a room dead. */
    enum Act {
        /** The policy's own command to a breaker of the room. */
        COMMAND,
        /** Everything was switched off. */
        FACILITY_CUT,
        /** A person at a breaker of the room. */
        HAND,
        /** A breaker of the room opened, and nobody had told it to. */
        PROTECTION,
        /** No breaker of the room opened: its strings burnt, or their fuses blew. */
        NONE
    }

    /** When and how a room went dead; empty if it was live at the end. */
    static Optional<Dead> of(RunRecord run, RoomId room) {
        return run.ledger()
                .fate(room)
                .flatMap(
                        fate ->
                                fate.deadSince(run.ledger().end())
                                        .map(since -> new Dead(since, act(run, fate, since))));
    }

    private static Act act(RunRecord run, RoomFate fate, Instant since) {
        if (isCut(run, since)) {
            return Act.FACILITY_CUT;
        }
        Optional<Instant> command = command(run, fate.room(), since);
        Optional<Instant> hand = fate.lastByHandAt().filter(at -> !at.isAfter(since));
        if (hand.filter(at -> command.filter(at::isBefore).isEmpty()).isPresent()) {
            return Act.HAND;
        }
        if (command.isPresent()) {
            return Act.COMMAND;
        }
        return fate.trippedAt().filter(at -> !at.isAfter(since)).isPresent()
                ? Act.PROTECTION
                : Act.NONE;
    }

    private static boolean isCut(RunRecord run, Instant since) {
        return run.policy() == Policy.FACILITY_CUT
                && run.ledger().waterNeeded().filter(water -> !water.isAfter(since)).isPresent();
    }

    private static Optional<Instant> command(RunRecord run, RoomId room, Instant since) {
        return run.decisions().stream()
                .filter(made -> made.stage() == Stage.BREAKER)
                .filter(made -> made.kind().equals(RunRecord.TRIP))
                .filter(made -> made.room().equals(Optional.of(room)))
                .map(Decision::at)
                .filter(at -> !at.isAfter(since))
                .reduce((_, later) -> later);
    }

    /** In words, after a comma. */
    String by(Policy policy) {
        return switch (by) {
            case COMMAND ->
                    switch (policy) {
                        case BULKHEAD -> "by Bulkhead's commands";
                        case BMS_THRESHOLD -> "by the battery management's trip";
                        case PANEL_INTERLOCK -> "by the fire panel's trip";
                        case NONE, FACILITY_CUT -> "by command";
                    };
            case FACILITY_CUT -> "by the facility cut";
            case HAND -> "by a person's hand";
            case PROTECTION -> "by a breaker that nobody told to open";
            case NONE -> "by nobody's act";
        };
    }
}
