package dev.bulkhead.rules.guard;

import dev.bulkhead.rules.condition.ConditionId;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Asks for leave in a room that fails on gas and smoke, and changes one thing at a time. */
record Asking(Site site, Instant now, Request request) {

    static Asking of(Site site, RoomId room, Instant now) {
        var bare =
                new Request(
                        new PlanId(room + "#1"),
                        room,
                        1,
                        site.boundaryOf(room).getFirst(),
                        1,
                        List.of(),
                        false,
                        Set.of(),
                        Optional.empty());
        var asking = new Asking(site, now, bare);
        return asking.withVotes(
                asking.vote(Kind.GAS, room + "-offgas"), asking.vote(Kind.SMOKE, room + "-smoke1"));
    }

    Vote vote(Kind kind, String deviceName) {
        Device device = Site.known(site.devices(), new DeviceId(deviceName));
        return new Vote(
                new ConditionId(deviceName),
                kind,
                request.room(),
                new Subject.OfRoom(request.room()),
                device.id(),
                device.gateway(),
                now.minusSeconds(30),
                now.plusSeconds(600),
                "seen");
    }

    static Vote during(Vote vote, Instant since, Instant until) {
        return new Vote(
                vote.condition(),
                vote.kind(),
                vote.room(),
                vote.of(),
                vote.device(),
                vote.gateway(),
                since,
                until,
                vote.evidence());
    }

    Request to(BreakerId breaker) {
        return to(breaker, false);
    }

    Request to(BreakerId breaker, boolean isApproved) {
        return new Request(
                request.plan(),
                request.room(),
                request.step(),
                breaker,
                request.attempt(),
                request.votes(),
                isApproved,
                request.othersInHand(),
                request.lastBegunElsewhere());
    }

    Request approved() {
        return to(request.breaker(), true);
    }

    Asking withVotes(Vote... votes) {
        return with(request.attempt(), List.of(votes), Set.of(), Optional.empty());
    }

    Request attempt(int attempt) {
        return with(attempt, request.votes(), Set.of(), Optional.empty()).request();
    }

    Asking whileInHand(String room) {
        return with(1, request.votes(), Set.of(new RoomId(room)), Optional.empty());
    }

    Asking begunElsewhere(Instant at) {
        return with(1, request.votes(), Set.of(), Optional.of(at));
    }

    private Asking with(
            int attempt, List<Vote> votes, Set<RoomId> others, Optional<Instant> lastBegun) {
        return new Asking(
                site,
                now,
                new Request(
                        request.plan(),
                        request.room(),
                        request.step(),
                        request.breaker(),
                        attempt,
                        votes,
                        request.isApproved(),
                        others,
                        lastBegun));
    }
}
