package dev.bulkhead.rules.isolation;

import static dev.bulkhead.rules.isolation.Planner.servers;

import dev.bulkhead.rules.network.PowerGraph;
import dev.bulkhead.rules.network.Switching;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.FireZone;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What can be said of isolating a room from the documents alone, before any fire: one finding per
 * rung. Every breaker counts as closed and every supply as alive.
 */
public final class Assessment {
    private static final int MOST_NAMED = 40;

    private final Site site;
    private final PowerGraph graph;
    private final RoomId room;
    private final FireZone zone;

    private Assessment(Site site, RoomId room) {
        this.site = site;
        this.graph = PowerGraph.of(site);
        this.room = room;
        this.zone = graph.zoneOf(room);
    }

    /** The battery rung's finding, then the zone rung's. */
    public static List<Finding> of(Site site, RoomId room) {
        var assessment = new Assessment(site, room);
        return List.of(assessment.battery(), assessment.zone());
    }

    private Finding battery() {
        List<BreakerId> breakers = site.boundaryOf(room).stream().distinct().toList();
        List<String> byHand = byHand(breakers);
        List<String> unproven = unproven(breakers);
        Loss loss = loss(breakers);
        var reasons = new ArrayList<String>(byHand);
        reasons.addAll(unproven);
        overloads().forEach(reasons::add);
        boolean isRemote = byHand.isEmpty() && !breakers.isEmpty();
        boolean isProvable = unproven.isEmpty() && !breakers.isEmpty();
        String title =
                "battery rung, "
                        + count(breakers.size(), "breaker")
                        + ": "
                        + lost(loss)
                        + ", "
                        + abilities(isRemote, isProvable);
        return new Finding(Rung.BATTERY, title, isRemote, isProvable, reasons, breakers, loss);
    }

    private static String abilities(boolean isRemote, boolean isProvable) {
        if (isRemote == isProvable) {
            return isRemote
                    ? "remotely operable and provable"
                    : "not remotely operable and not provable";
        }
        return isRemote
                ? "remotely operable but not provable"
                : "provable but not remotely operable";
    }

    private Finding zone() {
        ZoneCut cut = ZoneCut.of(site, graph, zone);
        List<BreakerId> breakers = cut.all();
        List<String> byHand = byHand(breakers);
        List<String> unproven = unproven(breakers);
        Loss loss = loss(breakers);
        boolean isSame =
                new TreeSet<>(breakers).equals(new TreeSet<>(site.boundaryOf(room)))
                        && cut.gaps().isEmpty();
        var reasons = new ArrayList<String>();
        if (isSame) {
            reasons.add("no power but the battery's is in or through the zone");
        } else {
            reasons.addAll(otherThanBattery());
        }
        reasons.addAll(cut.gaps());
        if (!cut.mains().isEmpty()) {
            reasons.add("nothing nearer than the main makes it dead: " + names(cut.mains()));
        }
        if (loss.servers() > 0) {
            reasons.addAll(mains());
            reasons.add(
                    "the number is assumed: it follows from the feeder routes as the site file has"
                            + " them");
        }
        reasons.addAll(byHand);
        reasons.addAll(unproven);
        String title =
                "whole zone dead, "
                        + (isSame
                                ? "the battery rung's " + count(breakers.size(), "breaker")
                                : count(breakers.size(), "breaker") + ", by people only")
                        + ": "
                        + lost(loss)
                        + (loss.servers() > 0 ? " in this model" : "");
        return new Finding(
                Rung.ZONE,
                title,
                byHand.isEmpty() && cut.gaps().isEmpty(),
                unproven.isEmpty() && cut.gaps().isEmpty(),
                reasons,
                breakers,
                loss);
    }

    private static String lost(Loss loss) {
        return loss.servers() == 0 ? "no server lost" : servers(loss.servers()) + " lost";
    }

    private Loss loss(Collection<BreakerId> breakers) {
        return Loss.of(graph.lossOf(new TreeSet<>(breakers), Switching.AS_DOCUMENTED, zone));
    }

    /** What stands in the zone or crosses it, besides the room's battery. */
    private List<String> otherThanBattery() {
        var reasons = new ArrayList<String>();
        Set<NodeId> inside = graph.nodesIn(zone);
        add(
                reasons,
                site.ups().keySet().stream().filter(inside::contains).toList(),
                "UPS",
                "in the zone");
        add(
                reasons,
                site.buses().keySet().stream().filter(inside::contains).toList(),
                "bus",
                "in the zone");
        add(
                reasons,
                site.feeders().keySet().stream().filter(zone.crossedBy()::contains).toList(),
                "feeder",
                "through the zone");
        if (!reasons.isEmpty()) {
            reasons.addFirst("room " + room + "'s batteries are not the only reason");
        }
        return reasons;
    }

    private static void add(List<String> reasons, List<?> things, String thing, String where) {
        if (!things.isEmpty()) {
            reasons.add(count(things.size(), thing) + " " + where + ": " + names(things));
        }
    }

    /** The switches everything hangs on, if one stroke of them would cost every server. */
    private List<String> mains() {
        List<BreakerId> mains =
                site.breakers().values().stream()
                        .filter(breaker -> breaker.duty() == Breaker.Duty.MAIN)
                        .map(Breaker::id)
                        .toList();
        return mains.isEmpty()
                ? List.of()
                : List.of(
                        count(mains.size(), "main switch")
                                + " before it all, on no rung ("
                                + lost(loss(mains))
                                + "): "
                                + names(mains));
    }

    /** Which UPS could not carry the load of those whose battery is taken away. */
    private List<String> overloads() {
        return new Interlocks(site, graph).overloads(room, Switching.AS_DOCUMENTED);
    }

    private List<String> byHand(Collection<BreakerId> breakers) {
        var reasons = new ArrayList<String>();
        for (Breaker.Duty duty : Breaker.Duty.values()) {
            List<BreakerId> named =
                    those(
                            breakers,
                            breaker ->
                                    breaker.duty() == duty
                                            && breaker.operation() == Breaker.Operation.BY_HAND);
            if (!named.isEmpty()) {
                reasons.add(
                        count(named.size(), title(duty)) + " moved by hand only: " + names(named));
            }
        }
        return reasons;
    }

    /** What a proof would lack (promise 4). */
    private List<String> unproven(Collection<BreakerId> breakers) {
        var reasons = new ArrayList<String>();
        List<BreakerId> unread =
                those(
                        breakers,
                        breaker -> !breaker.hasPosition() || gateways(breaker.id()).isEmpty());
        if (!unread.isEmpty()) {
            reasons.add(
                    count(unread.size(), "breaker")
                            + " whose position nothing reads: "
                            + names(unread));
        }
        Set<GatewayId> positionsFrom =
                breakers.stream()
                        .flatMap(breaker -> gateways(breaker).stream())
                        .collect(Collectors.toSet());
        List<NodeId> unmeasured = busbars(busbar -> gatewaysOfVoltage(busbar).isEmpty());
        if (!unmeasured.isEmpty()) {
            reasons.add(
                    count(unmeasured.size(), "busbar")
                            + " without a voltage transducer: "
                            + names(unmeasured));
        }
        List<NodeId> shared =
                busbars(
                        busbar ->
                                !gatewaysOfVoltage(busbar).isEmpty()
                                        && positionsFrom.containsAll(gatewaysOfVoltage(busbar)));
        if (!shared.isEmpty()) {
            reasons.add(
                    count(shared.size(), "busbar")
                            + " whose voltage comes through the gateway of the positions: "
                            + names(shared));
        }
        return reasons;
    }

    private List<NodeId> busbars(Predicate<NodeId> wanted) {
        return site.busbarsIn(room).map(Busbar::id).filter(wanted).toList();
    }

    private List<BreakerId> those(Collection<BreakerId> breakers, Predicate<Breaker> wanted) {
        return breakers.stream()
                .filter(breaker -> wanted.test(Site.known(site.breakers(), breaker)))
                .toList();
    }

    /** The gateways of the panels a breaker is wired to. */
    private Set<GatewayId> gateways(BreakerId breaker) {
        var of = new Subject.OfBreaker(breaker);
        return gateways(
                device ->
                        device.members().contains(of)
                                || isWired(device, of, Role.BREAKER_POSITION));
    }

    private Set<GatewayId> gatewaysOfVoltage(NodeId busbar) {
        var of = new Subject.OfNode(busbar);
        return gateways(device -> isWired(device, of, Role.BUSBAR_VOLTAGE));
    }

    private static boolean isWired(Device device, Subject of, Role role) {
        return device.wires().stream()
                .anyMatch(wire -> wire.of().equals(of) && wire.role() == role);
    }

    private Set<GatewayId> gateways(Predicate<Device> wanted) {
        return site.devices().values().stream()
                .filter(wanted)
                .map(Device::gateway)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String title(Breaker.Duty duty) {
        return switch (duty) {
            case OUTER -> "outer breaker";
            case STRING -> "string breaker";
            case FEEDER -> "feeder breaker";
            case MAIN -> "main switch";
        };
    }

    private static String count(int count, String thing) {
        String plural =
                switch (thing) {
                    case "UPS" -> thing;
                    case "bus", "main switch" -> thing + "es";
                    default -> thing + "s";
                };
        return count + " " + (count == 1 ? thing : plural);
    }

    /** By name, or by their ends where they are so many that nobody reads them. */
    private static String names(List<?> things) {
        return things.size() <= MOST_NAMED
                ? things.stream().map(Object::toString).collect(Collectors.joining(", "))
                : things.getFirst() + " … " + things.getLast();
    }
}
