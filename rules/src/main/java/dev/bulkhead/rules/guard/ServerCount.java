package dev.bulkhead.rules.guard;

import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.Feeder;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Supply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The guard's own count of the servers that opening one breaker drops. Breadth-first over the
 * site's own lists, shared with nobody.
 *
 * <p>What is unknown is counted in the worse way: before the act it carries, so that there is
 * something to lose; after the act it doesn't, so that nobody is saved by it. A load is dropped
 * when it loses its last source, or its last source other than a battery.
 */
final class ServerCount {
    private record Link(NodeId from, NodeId to, Optional<BreakerId> breaker, boolean isFeeder) {}

    /** What is told of the breakers, and of the inputs of the UPS. */
    record Told(Function<BreakerId, Fed> breakers, Function<NodeId, Fed> upsInputs) {}

    private final Site site;
    private final Map<NodeId, List<Link>> linksFrom = new HashMap<>();
    private final List<NodeId> supplies = new ArrayList<>();
    private final List<NodeId> batteries = new ArrayList<>();

    ServerCount(Site site) {
        this.site = site;
        for (Feeder feeder : site.feeders().values()) {
            link(new Link(feeder.from(), feeder.to(), feeder.breaker(), true));
        }
        for (Busbar busbar : site.busbars().values()) {
            link(new Link(busbar.id(), busbar.ups(), Optional.of(busbar.outer()), false));
            link(new Link(busbar.ups(), busbar.id(), Optional.of(busbar.outer()), false));
        }
        for (BatteryString string : site.strings().values()) {
            link(new Link(string.id(), string.busbar(), Optional.of(string.breaker()), false));
            batteries.add(string.id());
        }
        for (Load load : site.loads().values()) {
            for (NodeId cord : load.cords()) {
                link(new Link(cord, load.id(), Optional.empty(), false));
            }
        }
        addSupplies();
    }

    private void link(Link link) {
        linksFrom.computeIfAbsent(link.from(), _ -> new ArrayList<>()).add(link);
    }

    /** Generators stand by and aren't counted on while there is a utility. */
    private void addSupplies() {
        List<Supply> utilities =
                site.supplies().values().stream()
                        .filter(supply -> supply.kind() == Supply.Kind.UTILITY)
                        .toList();
        (utilities.isEmpty() ? site.supplies().values() : utilities)
                .forEach(supply -> supplies.add(supply.id()));
    }

    /** How many servers opening a breaker may drop. */
    int droppedBy(BreakerId opening, Told told) {
        Predicate<Link> before =
                link ->
                        link.breaker().map(told.breakers()).orElse(Fed.YES) != Fed.NO
                                && inputOf(link, told) != Fed.NO;
        Predicate<Link> after =
                link ->
                        link.breaker().map(told.breakers()).orElse(Fed.YES) == Fed.YES
                                && inputOf(link, told) == Fed.YES
                                && link.breaker().filter(opening::equals).isEmpty();
        var sources = new ArrayList<>(supplies);
        sources.addAll(batteries);
        Set<NodeId> anyBefore = reached(sources, before);
        Set<NodeId> anyAfter = reached(sources, after);
        Set<NodeId> lastingBefore = reached(supplies, before);
        Set<NodeId> lastingAfter = reached(supplies, after);
        Set<NodeId> touched = reached(behind(opening), before);
        return site.loads().values().stream()
                .filter(load -> touched.contains(load.id()))
                .filter(
                        load ->
                                isLost(load.id(), anyBefore, anyAfter)
                                        || isLost(load.id(), lastingBefore, lastingAfter))
                .mapToInt(Load::servers)
                .sum();
    }

    private static boolean isLost(NodeId load, Set<NodeId> before, Set<NodeId> after) {
        return before.contains(load) && !after.contains(load);
    }

    private static Fed inputOf(Link link, Told told) {
        return link.isFeeder() ? told.upsInputs().apply(link.to()) : Fed.YES;
    }

    /** Where power arrives through a breaker: nothing else can miss it. */
    private List<NodeId> behind(BreakerId breaker) {
        return linksFrom.values().stream()
                .flatMap(List::stream)
                .filter(link -> link.breaker().filter(breaker::equals).isPresent())
                .map(Link::to)
                .toList();
    }

    private Set<NodeId> reached(Collection<NodeId> from, Predicate<Link> carries) {
        var reached = new HashSet<>(from);
        var next = new ArrayDeque<>(from);
        while (!next.isEmpty()) {
            for (Link link : linksFrom.getOrDefault(next.remove(), List.of())) {
                if (carries.test(link) && reached.add(link.to())) {
                    next.add(link.to());
                }
            }
        }
        return reached;
    }
}
