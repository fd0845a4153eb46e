package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.List;

/**
 * Ordered acts that isolate a room.
 *
 * @param interlocks reasons not to carry it out by itself; empty: nothing speaks against it
 * @param rejected what else was considered, and why not
 * @param staysLive what is live in the room afterwards, in words
 */
public record Plan(
        PlanId id,
        RoomId room,
        Rung rung,
        Instant at,
        List<Step> steps,
        Loss loss,
        List<String> interlocks,
        List<String> rejected,
        List<String> staysLive) {
    public Plan {
        steps = List.copyOf(steps);
        interlocks = List.copyOf(interlocks);
        rejected = List.copyOf(rejected);
        staysLive = List.copyOf(staysLive);
    }
}
