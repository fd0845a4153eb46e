package dev.bulkhead.rules;

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
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Counts by walking every path, one after the other, from a load back to each source. Slow, and too
 * simple to be wrong in the same way as what it checks.
 */
public final class BruteForce {
    private BruteForce() {}

    /** Servers that lose their last source, or their last one that isn't a battery. */
    public static int lost(Site site, Set<BreakerId> today, Set<BreakerId> opened) {
        int lost = 0;
        for (Load load : site.loads().values()) {
            boolean losesAny =
                    isFed(site, load.id(), today, true) && !isFed(site, load.id(), opened, true);
            boolean losesLasting =
                    isFed(site, load.id(), today, false) && !isFed(site, load.id(), opened, false);
            lost += losesAny || losesLasting ? load.servers() : 0;
        }
        return lost;
    }

    /** Whether a path over closed breakers leads from a source to a node. */
    public static boolean isFed(
            Site site, NodeId node, Set<BreakerId> open, boolean countsBatteries) {
        return isFed(
                site,
                node,
                open,
                source -> isUtility(site, source) || (countsBatteries && isString(site, source)),
                new ArrayDeque<>());
    }

    /** Whether a path leads from anything at all, also from a generator that stands by. */
    public static boolean isReached(Site site, NodeId node, Set<BreakerId> open) {
        return isFed(
                site,
                node,
                open,
                source -> site.supplies().containsKey(source) || isString(site, source),
                new ArrayDeque<>());
    }

    private static boolean isUtility(Site site, NodeId node) {
        Supply supply = site.supplies().get(node);
        return supply != null && supply.kind() == Supply.Kind.UTILITY;
    }

    private static boolean isString(Site site, NodeId node) {
        return site.strings().containsKey(node);
    }

    private static boolean isFed(
            Site site,
            NodeId node,
            Set<BreakerId> open,
            Predicate<NodeId> isSource,
            Deque<NodeId> path) {
        if (isSource.test(node)) {
            return true;
        }
        path.push(node);
        boolean isFed =
                feeding(site, node, open).stream()
                        .filter(from -> !path.contains(from))
                        .anyMatch(from -> isFed(site, from, open, isSource, path));
        path.pop();
        return isFed;
    }

    private static List<NodeId> feeding(Site site, NodeId node, Set<BreakerId> open) {
        var from = new ArrayList<NodeId>();
        for (Feeder feeder : site.feeders().values()) {
            if (feeder.to().equals(node) && isClosed(feeder.breaker(), open)) {
                from.add(feeder.from());
            }
        }
        for (Busbar busbar : site.busbars().values()) {
            if (!open.contains(busbar.outer())) {
                if (busbar.id().equals(node)) {
                    from.add(busbar.ups());
                }
                if (busbar.ups().equals(node)) {
                    from.add(busbar.id());
                }
            }
        }
        for (BatteryString string : site.strings().values()) {
            if (string.busbar().equals(node) && !open.contains(string.breaker())) {
                from.add(string.id());
            }
        }
        Load load = site.loads().get(node);
        if (load != null) {
            from.addAll(load.cords());
        }
        return from;
    }

    private static boolean isClosed(Optional<BreakerId> breaker, Set<BreakerId> open) {
        return breaker.filter(open::contains).isEmpty();
    }
}
