package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Bus;
import dev.bulkhead.rules.site.Feeder;
import dev.bulkhead.rules.site.FeederId;
import dev.bulkhead.rules.site.FireZone;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Supply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The AC side as it really is: what is fed, and who carries how much. Worked out anew at each event
 * and at no other time. A board fed from several sides shares its load evenly among them; a
 * transfer switch takes the first of its feeders that is alive, within 4 ms, which no server
 * notices.
 */
final class PowerNetwork {
    private final Site site;
    private final SequencedMap<BreakerId, BreakerGear> breakers;
    private final SequencedMap<NodeId, UpsState> ups;
    private final SequencedMap<NodeId, List<Feeder>> into = new LinkedHashMap<>();
    private final List<NodeId> order;
    private final Set<FeederId> burnt = new LinkedHashSet<>();
    private final Set<NodeId> live = new LinkedHashSet<>();
    private boolean hasUtility = true;
    private boolean hasGenerators;

    PowerNetwork(
            Site site,
            SequencedMap<BreakerId, BreakerGear> breakers,
            SequencedMap<NodeId, UpsState> ups) {
        this.site = site;
        this.breakers = breakers;
        this.ups = ups;
        for (SequencedMap<NodeId, ?> nodes : List.of(site.supplies(), site.buses(), site.ups())) {
            nodes.keySet().forEach(node -> into.put(node, new ArrayList<>()));
        }
        for (Feeder feeder : site.feeders().values()) {
            if (into.containsKey(feeder.to()) && into.containsKey(feeder.from())) {
                Site.known(into, feeder.to()).add(feeder);
            }
        }
        this.order = fromSourcesOn();
    }

    /** The nodes such that each stands after what feeds it; rings are cut in the file's order. */
    private List<NodeId> fromSourcesOn() {
        Set<NodeId> placed = new LinkedHashSet<>();
        while (placed.size() < into.size()) {
            int before = placed.size();
            into.forEach(
                    (node, feeders) -> {
                        if (feeders.stream().allMatch(feeder -> placed.contains(feeder.from()))) {
                            placed.add(node);
                        }
                    });
            if (placed.size() == before) {
                into.keySet().stream()
                        .filter(node -> !placed.contains(node))
                        .findFirst()
                        .ifPresent(placed::add);
            }
        }
        return List.copyOf(placed);
    }

    void setUtility(boolean has) {
        hasUtility = has;
    }

    void setGenerators(boolean has) {
        hasGenerators = has;
    }

    boolean hasUtility() {
        return hasUtility;
    }

    void burn(FeederId feeder) {
        burnt.add(feeder);
    }

    boolean isLive(NodeId node) {
        return live.contains(node);
    }

    /** Finds what is fed, and what each UPS runs from. */
    void settle() {
        live.clear();
        boolean grows = true;
        while (grows) {
            grows = false;
            for (NodeId node : order) {
                boolean alive = isAlive(node);
                grows |= alive && live.add(node);
            }
        }
    }

    private boolean isAlive(NodeId node) {
        Supply supply = site.supplies().get(node);
        if (supply != null) {
            return switch (supply.kind()) {
                case UTILITY -> hasUtility;
                case GENERATOR -> hasGenerators;
            };
        }
        boolean isFed = !feeding(node).isEmpty();
        UpsState unit = ups.get(node);
        if (unit == null) {
            return isFed;
        }
        unit.settle(isFed);
        return unit.isOn();
    }

    private List<Feeder> feeding(NodeId node) {
        List<Feeder> feeding = new ArrayList<>();
        for (Feeder feeder : Site.known(into, node)) {
            if (live.contains(feeder.from()) && conducts(feeder)) {
                feeding.add(feeder);
            }
        }
        return feeding;
    }

    private boolean conducts(Feeder feeder) {
        return !burnt.contains(feeder.id())
                && feeder.breaker()
                        .map(breaker -> Site.known(breakers, breaker).conducts())
                        .orElse(true);
    }

    boolean isFed(Load load) {
        return load.cords().stream().anyMatch(live::contains);
    }

    /**
     * Lays the loads onto their UPS.
     *
     * @param draws what a load that is fed draws now, W
     */
    void carry(ToDoubleFunction<Load> draws, double efficiency) {
        SequencedMap<NodeId, Double> watts = new LinkedHashMap<>();
        for (Load load : site.loads().values()) {
            List<NodeId> cords = load.cords().stream().filter(live::contains).toList();
            double drawn = draws.applyAsDouble(load);
            cords.forEach(cord -> watts.merge(cord, drawn / cords.size(), Double::sum));
        }
        for (NodeId node : order.reversed()) {
            double carried = watts.getOrDefault(node, 0.0);
            UpsState unit = ups.get(node);
            if (unit != null) {
                unit.carry(carried);
                carried = unit.mode() == UpsState.Mode.BATTERY ? 0 : carried / efficiency;
            }
            List<Feeder> feeding = feeding(node);
            Bus bus = site.buses().get(node);
            boolean takesOne = bus != null && bus.kind() == Bus.Kind.TRANSFER_SWITCH;
            int sides = takesOne ? Math.min(1, feeding.size()) : feeding.size();
            for (Feeder feeder : feeding.subList(0, sides)) {
                watts.merge(feeder.from(), carried / sides, Double::sum);
            }
        }
    }

    /**
     * The loads that would have no supply if everything in and through a zone were dead, all else
     * being whole: those fed only through the zone.
     */
    Set<NodeId> fedOnlyThrough(FireZone zone) {
        Set<NodeId> alive = new LinkedHashSet<>(site.supplies().keySet());
        boolean grows = true;
        while (grows) {
            grows = false;
            for (NodeId node : order) {
                boolean isFed =
                        Site.known(into, node).stream()
                                .anyMatch(
                                        feeder ->
                                                alive.contains(feeder.from())
                                                        && !zone.crossedBy().contains(feeder.id())
                                                        && !standsIn(zone, feeder));
                grows |= isFed && !standsIn(zone, node) && alive.add(node);
            }
        }
        Set<NodeId> lost = new LinkedHashSet<>();
        for (Load load : site.loads().values()) {
            if (load.cords().stream().noneMatch(alive::contains)) {
                lost.add(load.id());
            }
        }
        return lost;
    }

    private boolean standsIn(FireZone zone, Feeder feeder) {
        return feeder.breaker()
                .map(breaker -> Site.known(breakers, breaker).breaker())
                .map(Breaker::room)
                .filter(zone.rooms()::contains)
                .isPresent();
    }

    private boolean standsIn(FireZone zone, NodeId node) {
        Bus bus = site.buses().get(node);
        UpsState unit = ups.get(node);
        boolean isBusThere = bus != null && zone.rooms().contains(bus.room());
        return isBusThere || (unit != null && zone.rooms().contains(unit.ups().room()));
    }
}
