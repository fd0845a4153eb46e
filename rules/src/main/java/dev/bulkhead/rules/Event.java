package dev.bulkhead.rules;

import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.isolation.Plan;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.isolation.Proof;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.List;

/**
 * What was found, decided or done, as the journal keeps it and as people are told it. The journal's
 * events, taken in order, give back everything that must survive a restart.
 */
public sealed interface Event {
    Instant at();

    /** An alarm changed its state. */
    record AlarmChanged(
            Instant at, AlarmId alarm, RoomId room, AlarmState from, AlarmState to, String why)
            implements Event {}

    /** A room's level changed, on these votes. */
    record LevelChanged(Instant at, RoomId room, Level from, Level to, List<Vote> votes)
            implements Event {
        public LevelChanged {
            votes = List.copyOf(votes);
        }
    }

    /**
     * A room is failing and this would isolate it.
     *
     * @param isAutomatic it is carried out now; otherwise {@code why} says what it waits for
     * @param seenLive busbars whose transducer read live now: only such a one can later prove
     */
    record Planned(
            Instant at,
            RoomId room,
            Plan plan,
            boolean isAutomatic,
            String why,
            List<NodeId> seenLive)
            implements Event {
        public Planned {
            seenLive = List.copyOf(seenLive);
        }
    }

    /**
     * A person let a plan be carried out.
     *
     * @param seenLive busbars whose transducer read live now, or before this plan was held
     */
    record Approved(Instant at, PlanId plan, String who, String why, List<NodeId> seenLive)
            implements Event {
        public Approved {
            seenLive = List.copyOf(seenLive);
        }
    }

    /** What a plan under way rests on is gone or unknown: it waits again. */
    record Held(Instant at, RoomId room, PlanId plan, List<String> reasons) implements Event {
        public Held {
            reasons = List.copyOf(reasons);
        }
    }

    /** The guard permits a step; it is sent once this is durable. */
    record Intended(
            Instant at,
            IntentId intent,
            RoomId room,
            PlanId plan,
            int step,
            BreakerId breaker,
            int attempt)
            implements Event {}

    /** The guard refused a step. */
    record Refused(
            Instant at, RoomId room, PlanId plan, int step, BreakerId breaker, List<String> reasons)
            implements Event {
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }

    /** An act came to an end that was read back. */
    record StepConfirmed(
            Instant at,
            IntentId intent,
            RoomId room,
            BreakerId breaker,
            Position position,
            Instant writtenAt)
            implements Event {}

    /** An act did not come to a confirmed end. */
    record StepFailed(
            Instant at,
            IntentId intent,
            RoomId room,
            BreakerId breaker,
            String reason,
            boolean mayHaveMoved)
            implements Event {}

    /** After a restart, an act whose outcome was unknown was read. */
    record StepFound(Instant at, IntentId intent, RoomId room, BreakerId breaker, Position position)
            implements Event {}

    /** The room is isolated, and this proves it. */
    record Isolated(Instant at, RoomId room, PlanId plan, Proof proof) implements Event {}

    /**
     * Every boundary switch reads open, but no independent measurement shows the room dead.
     *
     * @param isContradicted one shows it live: a contact lies, and nothing the agent reads later
     *     can make up for that
     */
    record NotProven(
            Instant at, RoomId room, PlanId plan, List<String> missing, boolean isContradicted)
            implements Event {
        public NotProven {
            missing = List.copyOf(missing);
        }
    }

    /** The room could not be isolated; people must act. */
    record IsolationFailed(Instant at, RoomId room, PlanId plan, List<String> reasons)
            implements Event {
        public IsolationFailed {
            reasons = List.copyOf(reasons);
        }
    }

    /** A room that was isolated is no longer shown to be. */
    record ProofLost(Instant at, RoomId room, PlanId plan, String why) implements Event {}

    /** A person made the room safe and dropped its latch. */
    record Released(Instant at, RoomId room, String who, String why) implements Event {}

    /** A person's command that can't be done, and why. */
    record CommandRefused(Instant at, String who, String command, String why) implements Event {}

    /** Automatic acts are suspended, or resumed. */
    record Suspended(Instant at, boolean isSuspended, String why) implements Event {}
}
