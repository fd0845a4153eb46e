package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.network.PowerGraph;
import dev.bulkhead.rules.network.Way;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Bus;
import dev.bulkhead.rules.site.FireZone;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Ups;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The fewest switches that make everything in and through a fire zone dead, each the nearest to the
 * zone on its feeding side, so that they cost the least. They stand outside the zone, where people
 * can go; only the zone's own strings are cut at their racks, since nothing else stands between.
 *
 * <p>Every side from which power could come is cut: a UPS whose input alone is open goes on feeding
 * from its battery (Strasbourg 2021).
 *
 * @param breakers outer, string and feeder breakers in that order, each in the order of the site
 * @param mains main switches that nothing nearer can stand in for; on no rung
 * @param gaps what no switch at all makes dead
 */
record ZoneCut(List<BreakerId> breakers, List<BreakerId> mains, List<String> gaps) {
    ZoneCut {
        breakers = List.copyOf(breakers);
        mains = List.copyOf(mains);
        gaps = List.copyOf(gaps);
    }

    /** What must be open for the zone to be dead, whoever may open it. */
    List<BreakerId> all() {
        return Stream.concat(breakers.stream(), mains.stream()).toList();
    }

    static ZoneCut of(Site site, PowerGraph graph, FireZone zone) {
        return new Walk(site, graph, zone).cut();
    }

    private static final class Walk {
        private final Site site;
        private final PowerGraph graph;
        private final FireZone zone;
        private final SequencedSet<NodeId> inside;
        private final SequencedSet<BreakerId> own = new LinkedHashSet<>();
        private final SequencedSet<BreakerId> nearest = new LinkedHashSet<>();
        private final SequencedSet<NodeId> mustBeDead = new LinkedHashSet<>();
        private final List<String> gaps = new ArrayList<>();

        Walk(Site site, PowerGraph graph, FireZone zone) {
            this.site = site;
            this.graph = graph;
            this.zone = zone;
            this.inside = graph.nodesIn(zone);
        }

        ZoneCut cut() {
            site.strings().values().stream()
                    .filter(string -> inside.contains(string.id()))
                    .map(BatteryString::breaker)
                    .forEach(own::add);
            inside.removeIf(site.strings()::containsKey);
            inside.forEach(this::kill);
            graph.ways().stream().filter(this::crosses).forEach(this::cutFeedingEnd);
            if (gaps.isEmpty()) {
                mains().forEach(this::dropIfNeedless);
                List.copyOf(nearest).forEach(this::dropIfNeedless);
            }
            return new ZoneCut(breakers(), mains(), gaps);
        }

        private List<BreakerId> breakers() {
            return Stream.of(Breaker.Duty.OUTER, Breaker.Duty.STRING, Breaker.Duty.FEEDER)
                    .flatMap(this::chosen)
                    .toList();
        }

        private List<BreakerId> mains() {
            return chosen(Breaker.Duty.MAIN).toList();
        }

        private Stream<BreakerId> chosen(Breaker.Duty duty) {
            return site.breakers().values().stream()
                    .filter(breaker -> breaker.duty() == duty)
                    .map(Breaker::id)
                    .filter(breaker -> own.contains(breaker) || nearest.contains(breaker));
        }

        private void kill(NodeId node) {
            if (!mustBeDead.add(node)) {
                return;
            }
            if (site.supplies().containsKey(node) || site.strings().containsKey(node)) {
                gaps.add(
                        node
                                + " feeds zone "
                                + zone.id()
                                + ": no switch stands between, outside the zone");
                return;
            }
            for (Way way : graph.waysInto(node)) {
                if (way.breaker().filter(own::contains).isPresent()) {
                    continue;
                }
                Optional<BreakerId> usable = way.breaker().filter(this::isUsable);
                usable.ifPresentOrElse(nearest::add, () -> kill(way.from()));
            }
        }

        private void cutFeedingEnd(Way way) {
            feedingEnd(way).ifPresentOrElse(nearest::add, () -> kill(way.from()));
        }

        private boolean crosses(Way way) {
            return way.feeder().filter(zone.crossedBy()::contains).isPresent();
        }

        /** A breaker that makes a crossing conductor dead: not one at its far end. */
        private Optional<BreakerId> feedingEnd(Way way) {
            return way.breaker()
                    .filter(this::isUsable)
                    .filter(
                            breaker -> {
                                var stands =
                                        Optional.of(Site.known(site.breakers(), breaker).room());
                                return !roomOf(way.to()).equals(stands)
                                        || roomOf(way.from()).equals(stands);
                            });
        }

        private Optional<RoomId> roomOf(NodeId node) {
            Bus bus = site.buses().get(node);
            Ups ups = site.ups().get(node);
            return bus != null ? Optional.of(bus.room()) : Optional.ofNullable(ups).map(Ups::room);
        }

        private boolean isUsable(BreakerId id) {
            return !zone.rooms().contains(Site.known(site.breakers(), id).room());
        }

        private void dropIfNeedless(BreakerId breaker) {
            nearest.remove(breaker);
            if (!isDead()) {
                nearest.add(breaker);
            }
        }

        private boolean isDead() {
            Set<BreakerId> open = new TreeSet<>(own);
            open.addAll(nearest);
            Set<NodeId> live = graph.reachable(open);
            return inside.stream().noneMatch(live::contains)
                    && graph.ways().stream()
                            .filter(this::crosses)
                            .filter(way -> live.contains(way.from()))
                            .allMatch(way -> feedingEnd(way).filter(open::contains).isPresent());
        }
    }
}
