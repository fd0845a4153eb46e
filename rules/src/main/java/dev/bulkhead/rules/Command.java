package dev.bulkhead.rules;

import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.site.RoomId;

/** What a person can ask for. */
public sealed interface Command {
    /** I have seen this alarm. */
    record Acknowledge(AlarmId alarm) implements Command {}

    /** Clear a latched alarm whose cause is gone. */
    record Reset(AlarmId alarm) implements Command {}

    /** Carry out a plan that waits for approval. */
    record Approve(PlanId plan) implements Command {}

    /** The room has been looked at and made safe: drop its latched level and its plan. */
    record Release(RoomId room) implements Command {}

    /** What suspended automatic acts is mended: let them go on. */
    record Resume() implements Command {}
}
