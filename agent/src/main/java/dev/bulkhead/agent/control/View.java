package dev.bulkhead.agent.control;

import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.condition.ConditionId;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.isolation.Rung;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.List;

/**
 * What the agent shows of itself, as of one cycle.
 *
 * @param rooms every battery room
 * @param alarms every alarm that is not NORMAL
 * @param plans every plan that is waiting, under way or has ended and was not yet released
 */
public record View(Instant at, List<Room> rooms, List<Alarm> alarms, List<Plan> plans) {
    public View {
        rooms = List.copyOf(rooms);
        alarms = List.copyOf(alarms);
        plans = List.copyOf(plans);
    }

    /**
     * How far a room has failed, and on which votes.
     *
     * @param heldBack what would be votes too
     * @param devices that watch the room
     * @param silent how many of them have no measurement that is still good: the level says nothing
     *     of what they would show
     */
    public record Room(
            RoomId room,
            Level level,
            List<Vote> votes,
            List<HeldBack> heldBack,
            int devices,
            int silent) {
        public Room {
            votes = List.copyOf(votes);
            heldBack = List.copyOf(heldBack);
        }
    }

    /**
     * A vote that isn't cast though what its condition asks is so.
     *
     * @param of the subject that shows it
     * @param why what would have to be so before it counts, or what isn't known of that
     */
    public record HeldBack(ConditionId condition, Subject of, String why) {}

    /**
     * An alarm.
     *
     * @param since when it came to this state
     * @param text what, where, which value against which limit
     */
    public record Alarm(AlarmId alarm, RoomId room, AlarmState state, Instant since, String text) {}

    /**
     * A plan.
     *
     * @param phase how far it has come, in a word or two
     * @param why what it waits for or how it ended
     */
    public record Plan(
            PlanId plan,
            RoomId room,
            Rung rung,
            String phase,
            List<BreakerId> breakers,
            String why) {
        public Plan {
            breakers = List.copyOf(breakers);
        }
    }
}
