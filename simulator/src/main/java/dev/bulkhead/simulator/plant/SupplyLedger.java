package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.HallId;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which servers had supply, and which rooms were live. A server without supply for longer than its
 * ride-through is down and stays down, with supply again too, until somebody starts it.
 */
public final class SupplyLedger {

    /**
     * Servers that lost supply at the same instant, one group of them.
     *
     * @param until when somebody started them again, if anybody did
     */
    public record Loss(
            NodeId load, HallId hall, int servers, Instant at, Optional<Instant> until) {}

    /**
     * A hall from an instant on.
     *
     * @param serversOnA whose first cord is alive
     * @param serversOnB whose second cord is alive
     */
    public record HallSupply(
            Instant at, HallId hall, int serversUp, int serversOnA, int serversOnB) {}

    /** A length of time; open while it lasts. */
    public record Interval(Instant from, Optional<Instant> until) {
        double secondsWithin(Instant first, Instant last) {
            Instant start = from.isAfter(first) ? from : first;
            Instant end = until.filter(last::isAfter).orElse(last);
            return end.isAfter(start) ? Duration.between(start, end).toNanos() * 1e-9 : 0;
        }
    }

    private final Site site;
    private final SequencedMap<RoomId, Set<NodeId>> fedOnlyThrough;
    private final List<Loss> losses = new ArrayList<>();
    private final Set<NodeId> down = new LinkedHashSet<>();
    private final SequencedMap<NodeId, List<Interval>> withoutSupply = new LinkedHashMap<>();
    private final SequencedMap<HallId, HallSupply> latest = new LinkedHashMap<>();
    private final List<HallSupply> halls = new ArrayList<>();
    private final SequencedMap<RoomId, List<Interval>> energised = new LinkedHashMap<>();

    SupplyLedger(Site site, SequencedMap<RoomId, Set<NodeId>> fedOnlyThrough) {
        this.site = site;
        this.fedOnlyThrough = fedOnlyThrough;
        site.loads().keySet().forEach(load -> withoutSupply.put(load, new ArrayList<>()));
        fedOnlyThrough.keySet().forEach(room -> energised.put(room, new ArrayList<>()));
    }

    void noteFed(Load load, boolean isFed, Instant now) {
        note(Site.known(withoutSupply, load.id()), !isFed, now);
    }

    void noteEnergised(RoomId room, boolean isEnergised, Instant now) {
        note(Site.known(energised, room), isEnergised, now);
    }

    private static void note(List<Interval> intervals, boolean isOn, Instant now) {
        boolean isOpen = !intervals.isEmpty() && intervals.getLast().until().isEmpty();
        if (isOn && !isOpen) {
            intervals.add(new Interval(now, Optional.empty()));
        } else if (!isOn && isOpen) {
            intervals.add(new Interval(intervals.removeLast().from(), Optional.of(now)));
        }
    }

    void noteLost(Load load, Instant since) {
        losses.add(new Loss(load.id(), load.hall(), load.servers(), since, Optional.empty()));
        down.add(load.id());
    }

    void noteStarted(Load load, Instant now) {
        down.remove(load.id());
        losses.replaceAll(
                loss ->
                        loss.load().equals(load.id()) && loss.until().isEmpty()
                                ? new Loss(
                                        loss.load(),
                                        loss.hall(),
                                        loss.servers(),
                                        loss.at(),
                                        Optional.of(now))
                                : loss);
    }

    void noteHall(HallSupply supply) {
        HallSupply before = latest.put(supply.hall(), supply);
        if (before == null
                || before.serversUp() != supply.serversUp()
                || before.serversOnA() != supply.serversOnA()
                || before.serversOnB() != supply.serversOnB()) {
            halls.add(supply);
        }
    }

    /** Whether a group of servers is down now. */
    public boolean isDown(Load load) {
        return down.contains(load.id());
    }

    /** Since when a load has had no supply. */
    Optional<Instant> unfedSince(Load load) {
        List<Interval> intervals = Site.known(withoutSupply, load.id());
        return intervals.isEmpty() || intervals.getLast().until().isPresent()
                ? Optional.empty()
                : Optional.of(intervals.getLast().from());
    }

    public int servers() {
        return site.servers();
    }

    /** Servers that lost supply, each counted once. */
    public int serversLost() {
        return lostOf(_ -> true);
    }

    private int lostOf(Predicate<NodeId> isMeant) {
        return losses.stream()
                .map(Loss::load)
                .distinct()
                .filter(isMeant)
                .mapToInt(load -> Site.known(site.loads(), load).servers())
                .sum();
    }

    /** Servers that are down now. */
    public int serversDown() {
        return lostOf(down::contains);
    }

    /** Of the servers lost, those that are fed only through a room's fire zone. */
    public int throughZone(RoomId room) {
        return throughZones(List.of(room));
    }

    /** Of the servers lost, those that are fed only through one of these rooms' fire zones. */
    public int throughZones(List<RoomId> rooms) {
        return lostOf(
                load ->
                        rooms.stream()
                                .map(room -> Site.known(fedOnlyThrough, room))
                                .anyMatch(loads -> loads.contains(load)));
    }

    /** Of the servers lost, those that a room's fire zone need not have taken along. */
    public int elsewhere(RoomId room) {
        return serversLost() - throughZone(room);
    }

    public double serverMinutesLost(Instant until) {
        double sum = 0;
        for (Loss loss : losses) {
            var without = new Interval(loss.at(), loss.until());
            sum += loss.servers() * without.secondsWithin(loss.at(), until) / 60;
        }
        return sum;
    }

    /** In the order in which they were lost. */
    public List<Loss> losses() {
        return List.copyOf(losses);
    }

    /** When a group of servers had no supply. */
    public List<Interval> withoutSupply(NodeId load) {
        return List.copyOf(Site.known(withoutSupply, load));
    }

    /** Every change of every hall, the first at the start. */
    public List<HallSupply> hallSupply() {
        return List.copyOf(halls);
    }

    /** When any DC busbar of a room stood at 60 V or more. */
    public List<Interval> energised(RoomId room) {
        return List.copyOf(Site.known(energised, room));
    }

    public double energisedSeconds(RoomId room, Instant from, Instant to) {
        return energised(room).stream()
                .mapToDouble(interval -> interval.secondsWithin(from, to))
                .sum();
    }
}
