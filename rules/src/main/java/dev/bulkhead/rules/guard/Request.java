package dev.bulkhead.rules.guard;

import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Leave is asked to carry out one step.
 *
 * @param room the failing room
 * @param step its number in the plan, from 1
 * @param attempt from 1
 * @param votes those that stand against the room
 * @param isApproved a person let this plan be carried out
 * @param othersInHand other rooms with an isolation running
 * @param lastBegunElsewhere when an isolation of another room last began
 */
public record Request(
        PlanId plan,
        RoomId room,
        int step,
        BreakerId breaker,
        int attempt,
        List<Vote> votes,
        boolean isApproved,
        Set<RoomId> othersInHand,
        Optional<Instant> lastBegunElsewhere) {
    public Request {
        votes = List.copyOf(votes);
        othersInHand = Collections.unmodifiableSet(new TreeSet<>(othersInHand));
    }
}
