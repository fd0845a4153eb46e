package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.network.PowerGraph;
import dev.bulkhead.rules.network.Switching;
import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/** Reasons not to operate. What can't be read is one. */
public final class Interlocks {
    /**
     * How long a UPS must have run on its rectifier before its battery may be taken away: past the
     * 10–30 s in which generators start and take load (proposal).
     */
    public static final Duration STEADY_FOR = Duration.ofSeconds(60);

    /**
     * How much of its rating a UPS may carry with its sibling lost: under the 105 % that UPS bear
     * without limit, by a margin for what documents don't know (proposal).
     */
    public static final double MOST_OF_RATING = 0.95;

    /** Since when a UPS has run on its rectifier without a break; empty: it doesn't now. */
    @FunctionalInterface
    public interface Steadiness {
        Optional<Instant> since(NodeId ups);
    }

    private final Site site;
    private final PowerGraph graph;

    public Interlocks(Site site, PowerGraph graph) {
        this.site = site;
        this.graph = graph;
    }

    /** Why one breaker can't be opened from afar now. */
    public List<String> of(BreakerId id, Board board, Instant now) {
        Breaker breaker = Site.known(site.breakers(), id);
        if (breaker.operation() == Breaker.Operation.BY_HAND) {
            return List.of("breaker " + id + ": moved by hand only");
        }
        Sight sight = Sight.of(board, now);
        var reasons = new ArrayList<String>();
        wanted(id, sight, Role.BREAKER_LOCAL, false, "switched to LOCAL").ifPresent(reasons::add);
        wanted(id, sight, Role.BREAKER_RACKED_IN, true, "racked out").ifPresent(reasons::add);
        wanted(id, sight, Role.BREAKER_TRIP_CIRCUIT_HEALTHY, true, "trip circuit not healthy")
                .ifPresent(reasons::add);
        wanted(id, sight, Role.BREAKER_CONTROL_SUPPLY_HEALTHY, true, "control supply not healthy")
                .ifPresent(reasons::add);
        Optional<Position> position = sight.position(id);
        if (position.isEmpty()) {
            reasons.add("breaker " + id + ": position is unknown");
        }
        position.filter(at -> at == Position.MOVING || at == Position.BAD)
                .ifPresent(at -> reasons.add("breaker " + id + ": position reads " + at));
        return reasons;
    }

    private static Optional<String> wanted(
            BreakerId breaker, Sight sight, Role role, boolean wanted, String otherwise) {
        return sight.flag(new Subject.OfBreaker(breaker), role)
                .map(
                        isSet ->
                                isSet == wanted
                                        ? Optional.<String>empty()
                                        : Optional.of("breaker " + breaker + ": " + otherwise))
                .orElseGet(() -> Optional.of("breaker " + breaker + ": " + role + " is unknown"));
    }

    /** Why a room's battery must not be taken from its UPS without a person. */
    List<String> ofBattery(
            RoomId room, Switching today, Board board, Steadiness steadiness, Instant now) {
        Sight sight = Sight.of(board, now);
        SequencedSet<NodeId> own = upsOf(room);
        var reasons = new ArrayList<String>();
        for (NodeId ups : own) {
            reasons.addAll(UpsCheck.reasons(ups, sight));
            steady(ups, steadiness, now).ifPresent(reasons::add);
        }
        for (NodeId sibling : siblings(own)) {
            reasons.addAll(UpsCheck.reasons(sibling, sight));
            UpsCheck.wanted(
                            sibling,
                            sight,
                            Role.UPS_BATTERY_CIRCUIT_OPEN,
                            false,
                            "battery circuit open")
                    .ifPresent(reasons::add);
        }
        reasons.addAll(overloads(room, today));
        return reasons;
    }

    /**
     * Why the other UPS of the same loads could not take them over from those a room backs: there
     * is none, or it is too small.
     */
    List<String> overloads(RoomId room, Switching today) {
        SequencedSet<NodeId> own = upsOf(room);
        var reasons = new ArrayList<String>();
        for (Load load : site.loads().values()) {
            SequencedSet<NodeId> all = graph.upsOf(load.id());
            if (!all.isEmpty() && own.containsAll(all)) {
                reasons.add("load " + load.id() + ": no UPS but those backed by room " + room);
            }
        }
        SequencedMap<NodeId, Double> watts = graph.upsWatts(today, own);
        for (NodeId sibling : siblings(own)) {
            overload(sibling, Site.known(watts, sibling)).ifPresent(reasons::add);
        }
        return reasons;
    }

    private SequencedSet<NodeId> upsOf(RoomId room) {
        var backed = new LinkedHashSet<NodeId>();
        site.busbarsIn(room).map(Busbar::ups).forEach(backed::add);
        return backed;
    }

    private SequencedSet<NodeId> siblings(Set<NodeId> own) {
        var siblings = new LinkedHashSet<NodeId>();
        for (Load load : site.loads().values()) {
            SequencedSet<NodeId> all = graph.upsOf(load.id());
            if (all.stream().anyMatch(own::contains)) {
                siblings.addAll(all);
            }
        }
        siblings.removeAll(own);
        return siblings;
    }

    private static Optional<String> steady(NodeId ups, Steadiness steadiness, Instant now) {
        return steadiness
                .since(ups)
                .map(since -> Duration.between(since, now))
                .filter(held -> held.compareTo(STEADY_FOR) >= 0)
                .map(_ -> Optional.<String>empty())
                .orElseGet(
                        () ->
                                Optional.of(
                                        "UPS "
                                                + ups
                                                + ": not steadily on its rectifier for "
                                                + STEADY_FOR.toSeconds()
                                                + " s"));
    }

    private Optional<String> overload(NodeId ups, double loadWatts) {
        double ratedWatts = Site.known(site.ups(), ups).ratedWatts();
        if (loadWatts <= MOST_OF_RATING * ratedWatts) {
            return Optional.empty();
        }
        return Optional.of(
                String.format(
                        Locale.ROOT,
                        "UPS %s: would carry %.0f %% of its rating with its sibling lost, limit %.0f %%",
                        ups,
                        100 * loadWatts / ratedWatts,
                        100 * MOST_OF_RATING));
    }
}
