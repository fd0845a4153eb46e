package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.network.PowerGraph;
import dev.bulkhead.rules.network.Switching;
import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.FireZone;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds the acts that isolate a room, what they cost in today's state, and what speaks against
 * carrying them out without a person.
 */
public final class Planner {
    private final Site site;
    private final PowerGraph graph;
    private final Interlocks interlocks;
    private final Proving proving;

    public Planner(Site site, PowerGraph graph) {
        this.site = site;
        this.graph = graph;
        this.interlocks = new Interlocks(site, graph);
        this.proving = new Proving(site);
    }

    public Plan plan(
            RoomId room,
            Rung rung,
            PlanId id,
            Board board,
            Interlocks.Steadiness steadiness,
            Instant now) {
        FireZone zone = graph.zoneOf(room);
        Switching today = today(board, now);
        ZoneCut cut = ZoneCut.of(site, graph, zone);
        Collection<BreakerId> wanted =
                switch (rung) {
                    case BATTERY -> site.boundaryOf(room);
                    case ZONE -> cut.breakers();
                };
        List<Step> steps = steps(wanted, board, now);
        Set<BreakerId> opened = steps.stream().map(Step::breaker).collect(Collectors.toSet());
        Loss loss = Loss.of(graph.lossOf(opened, today, zone));
        List<String> against = new ArrayList<>();
        if (loss.servers() > 0) {
            against.add(servers(loss.servers()) + " would lose supply");
        }
        against.addAll(interlocks.ofBattery(room, today, board, steadiness, now));
        return switch (rung) {
            case BATTERY -> {
                boolean isByHand =
                        !steps.isEmpty()
                                && steps.stream().allMatch(step -> isByHand(step.breaker()));
                if (isByHand) {
                    against.add("room " + room + ": every breaker is moved by hand only");
                }
                yield new Plan(
                        id,
                        room,
                        rung,
                        now,
                        steps,
                        loss,
                        against,
                        widerAndNarrower(room, zone, cut, today),
                        proving.staysLive(room, board, now));
            }
            case ZONE -> {
                against.addFirst("the whole zone is made dead by people only");
                against.addAll(cut.gaps());
                if (!cut.mains().isEmpty()) {
                    against.add(
                            "room "
                                    + room
                                    + ": the zone stays live without the facility's main switches "
                                    + cut.mains()
                                    + ", which are on no rung");
                }
                yield new Plan(
                        id,
                        room,
                        rung,
                        now,
                        steps,
                        loss,
                        against,
                        mains(zone, today),
                        proving.staysLive(room, board, now));
            }
        };
    }

    /**
     * What can be told of the network now. A breaker that can't be read counts as documented: the
     * guard, not the plan, takes the worse way.
     */
    private Switching today(Board board, Instant now) {
        Sight sight = Sight.of(board, now);
        Set<BreakerId> open =
                site.breakers().keySet().stream()
                        .filter(
                                breaker ->
                                        sight.position(breaker)
                                                .filter(at -> at != Position.CLOSED)
                                                .isPresent())
                        .collect(Collectors.toSet());
        var onBattery =
                site.ups().keySet().stream()
                        .filter(ups -> sight.flag(ups, Role.UPS_ON_BATTERY).orElse(false))
                        .collect(Collectors.toSet());
        return new Switching(open, Set.of(), onBattery);
    }

    private List<Step> steps(Collection<BreakerId> wanted, Board board, Instant now) {
        Sight sight = Sight.of(board, now);
        var steps = new ArrayList<Step>();
        for (BreakerId breaker : new LinkedHashSet<>(wanted)) {
            if (sight.position(breaker).filter(at -> at == Position.OPEN).isPresent()) {
                continue;
            }
            List<String> hindered = interlocks.of(breaker, board, now);
            String why = purpose(breaker);
            steps.add(
                    new Step(
                            steps.size() + 1,
                            breaker,
                            hindered.isEmpty()
                                    ? why
                                    : why
                                            + "; can't be moved from afar now: "
                                            + String.join(", ", hindered)));
        }
        return steps;
    }

    private String purpose(BreakerId id) {
        return switch (Site.known(site.breakers(), id).duty()) {
            case OUTER -> "parts the room's busbar from its UPS";
            case STRING -> "parts a string from the room's busbar";
            case FEEDER, MAIN -> "the nearest switch outside the zone on this feeding side";
        };
    }

    private boolean isByHand(BreakerId breaker) {
        return Site.known(site.breakers(), breaker).operation() == Breaker.Operation.BY_HAND;
    }

    private List<String> widerAndNarrower(
            RoomId room, FireZone zone, ZoneCut cut, Switching today) {
        var rejected = new ArrayList<String>();
        rejected.add("outer breakers alone: the strings keep the room's busbars live");
        rejected.add("string breakers alone: the UPS keep the room's busbars live");
        Set<BreakerId> circuits = new TreeSet<>(cut.all());
        site.boundaryOf(room).forEach(circuits::remove);
        if (circuits.isEmpty()) {
            rejected.add("the whole zone: it needs no other breaker");
        } else {
            int lost = graph.lossOf(new TreeSet<>(cut.all()), today, zone).servers();
            rejected.add(
                    "the whole zone with "
                            + circuits.size()
                            + " other breakers: by people only, "
                            + servers(lost)
                            + " would lose supply");
        }
        rejected.addAll(mains(zone, today));
        return rejected;
    }

    private List<String> mains(FireZone zone, Switching today) {
        Set<BreakerId> mains =
                site.breakers().values().stream()
                        .filter(breaker -> breaker.duty() == Breaker.Duty.MAIN)
                        .map(Breaker::id)
                        .collect(Collectors.toCollection(TreeSet::new));
        if (mains.isEmpty()) {
            return List.of();
        }
        int lost = graph.lossOf(mains, today, zone).servers();
        return List.of(
                "the facility's main switches "
                        + mains
                        + ": on no rung, "
                        + servers(lost)
                        + " would lose supply");
    }

    static String servers(int count) {
        return String.format(Locale.ROOT, count == 1 ? "%,d server" : "%,d servers", count);
    }
}
