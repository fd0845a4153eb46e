package dev.bulkhead.rules.network;

import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Bus;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.Feeder;
import dev.bulkhead.rules.site.FireZone;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Supply;
import dev.bulkhead.rules.site.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jgrapht.Graph;
import org.jgrapht.graph.DirectedPseudograph;
import org.jgrapht.graph.MaskSubgraph;
import org.jgrapht.traverse.BreadthFirstIterator;

/**
 * A site's power network as a directed graph.
 *
 * <pre>
 *   supply ──► bus ──► UPS ──► bus ──► load          feeders, and the cords of a load
 *                      │ ▲
 *                  QB  ▼ │  QB                       the UPS charges, the battery feeds
 *                     busbar ◄── QS ── string
 * </pre>
 *
 * A generator stands by: it counts as a source once every utility is dead. The seconds until it
 * carries load are seen by naming it among the dead supplies too. A string is a source behind its
 * breaker, for the minutes it lasts.
 */
public final class PowerGraph {
    private final Site site;
    private final Graph<NodeId, Way> graph = new DirectedPseudograph<>(Way.class);

    private PowerGraph(Site site) {
        this.site = site;
    }

    public static PowerGraph of(Site site) {
        var network = new PowerGraph(site);
        site.supplies().keySet().forEach(network.graph::addVertex);
        site.buses().keySet().forEach(network.graph::addVertex);
        site.ups().keySet().forEach(network.graph::addVertex);
        site.busbars().keySet().forEach(network.graph::addVertex);
        site.strings().keySet().forEach(network.graph::addVertex);
        site.loads().keySet().forEach(network.graph::addVertex);
        for (Feeder feeder : site.feeders().values()) {
            network.add(
                    new Way(
                            feeder.from(),
                            feeder.to(),
                            feeder.breaker(),
                            Optional.of(feeder.id())));
        }
        for (Busbar busbar : site.busbars().values()) {
            Optional<BreakerId> outer = Optional.of(busbar.outer());
            network.add(new Way(busbar.ups(), busbar.id(), outer, Optional.empty()));
            network.add(new Way(busbar.id(), busbar.ups(), outer, Optional.empty()));
        }
        for (BatteryString string : site.strings().values()) {
            network.add(
                    new Way(
                            string.id(),
                            string.busbar(),
                            Optional.of(string.breaker()),
                            Optional.empty()));
        }
        for (Load load : site.loads().values()) {
            for (NodeId cord : load.cords()) {
                network.add(new Way(cord, load.id(), Optional.empty(), Optional.empty()));
            }
        }
        return network;
    }

    private void add(Way way) {
        graph.addEdge(way.from(), way.to(), way);
    }

    /** Every way, in the order of the site. */
    public List<Way> ways() {
        return List.copyOf(graph.edgeSet());
    }

    /** The ways that end at a node. */
    public List<Way> waysInto(NodeId node) {
        return List.copyOf(graph.incomingEdgesOf(node));
    }

    public Energised live(Switching switching) {
        Graph<NodeId, Way> carrying = carrying(switching, _ -> false);
        var reachedFrom = new LinkedHashMap<NodeId, SequencedSet<NodeId>>();
        graph.vertexSet().forEach(node -> reachedFrom.put(node, new LinkedHashSet<>()));
        for (NodeId source : sources(switching)) {
            for (NodeId node : reach(carrying, List.of(source))) {
                Site.known(reachedFrom, node).add(source);
            }
        }
        reachedFrom.values().removeIf(Set::isEmpty);
        return new Energised(reachedFrom);
    }

    /**
     * Who loses supply when {@code open} is opened in a network switched as {@code today}. A load
     * is lost when it loses its last source, and also when it loses its last source that lasts: a
     * battery that still carries it for minutes saves nobody.
     */
    public Outage lossOf(Set<BreakerId> open, Switching today, FireZone zone) {
        Reached before = reached(today, _ -> false);
        Reached after = reached(today.opening(open), _ -> false);
        Reached around = reached(today, isIn(zone));
        var throughZone = new ArrayList<Load>();
        var elsewhere = new ArrayList<Load>();
        var all = new ArrayList<Load>();
        for (Load load : site.loads().values()) {
            NodeId id = load.id();
            boolean losesAny = before.byAny().contains(id) && !after.byAny().contains(id);
            boolean losesLasting =
                    before.byLasting().contains(id) && !after.byLasting().contains(id);
            if (!losesAny && !losesLasting) {
                continue;
            }
            all.add(load);
            boolean hasWayAround =
                    (losesAny && around.byAny().contains(id))
                            || (losesLasting && around.byLasting().contains(id));
            (hasWayAround ? elsewhere : throughZone).add(load);
        }
        return new Outage(throughZone, elsewhere, all);
    }

    /**
     * Every node that anything could ever reach with these breakers open and all others closed:
     * every supply, also a generator that stands by, and every string.
     */
    public SequencedSet<NodeId> reachable(Set<BreakerId> open) {
        var sources = new ArrayList<>(site.supplies().keySet());
        sources.addAll(site.strings().keySet());
        return reach(carrying(new Switching(open, Set.of(), Set.of()), _ -> false), sources);
    }

    /** What burns together with a room: the room alone if the site says no more. */
    public FireZone zoneOf(RoomId room) {
        return site.zoneOf(room)
                .orElseGet(
                        () ->
                                new FireZone(
                                        new ZoneId(room.value()),
                                        Site.known(site.rooms(), room).title(),
                                        List.of(room),
                                        List.of()));
    }

    /** Ways that run through a fire zone: at, to or from what stands in it, or crossing it. */
    public Predicate<Way> isIn(FireZone zone) {
        Set<NodeId> inside = nodesIn(zone);
        return way ->
                inside.contains(way.from())
                        || inside.contains(way.to())
                        || way.feeder().filter(zone.crossedBy()::contains).isPresent()
                        || way.breaker().filter(breaker -> standsIn(zone, breaker)).isPresent();
    }

    /** What carries power and stands in a fire zone, in the order of the site. */
    public SequencedSet<NodeId> nodesIn(FireZone zone) {
        var inside = new LinkedHashSet<NodeId>();
        site.buses().values().stream()
                .filter(bus -> zone.rooms().contains(bus.room()))
                .forEach(bus -> inside.add(bus.id()));
        site.ups().values().stream()
                .filter(ups -> zone.rooms().contains(ups.room()))
                .forEach(ups -> inside.add(ups.id()));
        site.busbars().values().stream()
                .filter(busbar -> zone.rooms().contains(busbar.room()))
                .forEach(busbar -> inside.add(busbar.id()));
        site.strings().values().stream()
                .filter(string -> zone.rooms().contains(string.room()))
                .forEach(string -> inside.add(string.id()));
        return inside;
    }

    private boolean standsIn(FireZone zone, BreakerId breaker) {
        return zone.rooms().contains(Site.known(site.breakers(), breaker).room());
    }

    /** The UPS a load hangs on, whichever of them feeds it now, in the order of the site. */
    public SequencedSet<NodeId> upsOf(NodeId load) {
        var found = new LinkedHashSet<NodeId>();
        var seen = new LinkedHashSet<NodeId>();
        seen.add(load);
        var open = new ArrayList<>(seen);
        while (!open.isEmpty()) {
            for (Way way : graph.incomingEdgesOf(open.removeLast())) {
                if (site.ups().containsKey(way.from())) {
                    found.add(way.from());
                } else if (seen.add(way.from())) {
                    open.add(way.from());
                }
            }
        }
        var ordered = new LinkedHashSet<>(site.ups().sequencedKeySet());
        ordered.retainAll(found);
        return ordered;
    }

    /**
     * What each UPS carries, in watts: a load draws equally from its live cords, a transfer switch
     * from its first live feeder in the order of the site, any other bus equally from its live
     * feeders. Documented load, that is the most it may become, not today's measured one.
     *
     * @param lost UPS that give nothing, so that the others take over
     */
    public SequencedMap<NodeId, Double> upsWatts(Switching switching, Set<NodeId> lost) {
        var carrying =
                carrying(switching, way -> lost.contains(way.from()) || lost.contains(way.to()));
        Set<NodeId> live = reach(carrying, sources(switching));
        var watts = new LinkedHashMap<NodeId, Double>();
        site.ups().keySet().forEach(ups -> watts.put(ups, 0.0));
        for (Load load : site.loads().values()) {
            draw(carrying, live, load.id(), load.watts(), new HashSet<>(), watts);
        }
        return watts;
    }

    private void draw(
            Graph<NodeId, Way> carrying,
            Set<NodeId> live,
            NodeId node,
            double drawnWatts,
            Set<NodeId> path,
            SequencedMap<NodeId, Double> watts) {
        if (site.ups().containsKey(node)) {
            watts.merge(node, drawnWatts, Double::sum);
            return;
        }
        // Two buses that can feed each other would pass the same watts round for ever.
        if (!path.add(node)) {
            return;
        }
        List<Way> ways =
                carrying.incomingEdgesOf(node).stream()
                        .filter(way -> live.contains(way.from()) && !path.contains(way.from()))
                        .limit(isTransferSwitch(node) ? 1 : Long.MAX_VALUE)
                        .toList();
        for (Way way : ways) {
            draw(carrying, live, way.from(), drawnWatts / ways.size(), path, watts);
        }
        path.remove(node);
    }

    private boolean isTransferSwitch(NodeId node) {
        Bus bus = site.buses().get(node);
        return bus != null && bus.kind() == Bus.Kind.TRANSFER_SWITCH;
    }

    /** What is reached by anything, and by what lasts longer than a battery. */
    private record Reached(Set<NodeId> byAny, Set<NodeId> byLasting) {}

    private Reached reached(Switching switching, Predicate<Way> isGone) {
        Graph<NodeId, Way> carrying = carrying(switching, isGone);
        List<NodeId> sources = sources(switching);
        List<NodeId> lasting =
                sources.stream().filter(source -> site.supplies().containsKey(source)).toList();
        return new Reached(reach(carrying, sources), reach(carrying, lasting));
    }

    private Graph<NodeId, Way> carrying(Switching switching, Predicate<Way> isGone) {
        return new MaskSubgraph<>(
                graph,
                _ -> false,
                way ->
                        way.breaker().filter(switching.open()::contains).isPresent()
                                || (way.feeder().isPresent()
                                        && switching.onBattery().contains(way.to()))
                                || isGone.test(way));
    }

    private List<NodeId> sources(Switching switching) {
        boolean hasUtility =
                site.supplies().values().stream()
                        .anyMatch(
                                supply ->
                                        supply.kind() == Supply.Kind.UTILITY
                                                && !switching.deadSupplies().contains(supply.id()));
        var sources = new ArrayList<NodeId>();
        for (Supply supply : site.supplies().values()) {
            boolean gives =
                    switch (supply.kind()) {
                        case UTILITY -> true;
                        case GENERATOR -> !hasUtility;
                    };
            if (gives && !switching.deadSupplies().contains(supply.id())) {
                sources.add(supply.id());
            }
        }
        sources.addAll(site.strings().keySet());
        return sources;
    }

    private static SequencedSet<NodeId> reach(
            Graph<NodeId, Way> carrying, Collection<NodeId> sources) {
        var reached = new LinkedHashSet<NodeId>();
        if (!sources.isEmpty()) {
            new BreadthFirstIterator<>(carrying, sources).forEachRemaining(reached::add);
        }
        return reached;
    }
}
