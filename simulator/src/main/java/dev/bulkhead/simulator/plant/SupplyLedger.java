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
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Which servers had supply, and which rooms were live. A server without supply for longer than its
 * ride-through is down and stays down: nobody starts it again within a scenario.
 */
public final class SupplyLedger {

    /** Servers that lost supply at the same instant, one group of them. */
    public record Loss(NodeId load, HallId hall, int servers, Instant at) {}

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
    private final SequencedMap<NodeId, Loss> losses = new LinkedHashMap<>();
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
        losses.put(load.id(), new Loss(load.id(), load.hall(), load.servers(), since));
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

    boolean isLost(Load load) {
        return losses.containsKey(load.id());
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
        return losses.values().stream().mapToInt(Loss::servers).sum();
    }

    /** Of the servers lost, those that are fed only through a room's fire zone. */
    public int throughZone(RoomId room) {
        Set<NodeId> loads = Site.known(fedOnlyThrough, room);
        return losses.values().stream()
                .filter(loss -> loads.contains(loss.load()))
                .mapToInt(Loss::servers)
                .sum();
    }

    /** Of the servers lost, those that are fed only through one of these rooms' fire zones. */
    public int throughZones(List<RoomId> rooms) {
        return losses.values().stream()
                .filter(
                        loss ->
                                rooms.stream()
                                        .map(room -> Site.known(fedOnlyThrough, room))
                                        .anyMatch(loads -> loads.contains(loss.load())))
                .mapToInt(Loss::servers)
                .sum();
    }

    /** Of the servers lost, those that a room's fire zone need not have taken along. */
    public int elsewhere(RoomId room) {
        return serversLost() - throughZone(room);
    }

    public double serverMinutesLost(Instant until) {
        double sum = 0;
        for (Loss loss : losses.values()) {
            double seconds = Duration.between(loss.at(), until).toNanos() * 1e-9;
            sum += loss.servers() * Math.max(0, seconds) / 60;
        }
        return sum;
    }

    /** In the order in which they were lost. */
    public List<Loss> losses() {
        return List.copyOf(losses.values());
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
