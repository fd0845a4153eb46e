package dev.bulkhead.rules;

import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Bus;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.Feeder;
import dev.bulkhead.rules.site.FeederId;
import dev.bulkhead.rules.site.FireZone;
import dev.bulkhead.rules.site.HallId;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Room;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Supply;
import dev.bulkhead.rules.site.Ups;
import dev.bulkhead.rules.site.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A small facility drawn at random: supplies, a few buses and UPS, two battery rooms, loads with
 * one or two cords, breakers that stand anywhere, some missing, and feeders that cross the zone. It
 * has no devices.
 */
public final class RandomSite {
    public static final RoomId ROOM = new RoomId("BAT-1");
    private static final RoomId OTHER = new RoomId("BAT-2");
    private static final List<RoomId> PLACES =
            List.of(ROOM, new RoomId("UPS-ROOM"), new RoomId("SUBSTATION"), new RoomId("HALL"));

    private final SplittableRandom random;
    private final LinkedHashMap<NodeId, Supply> supplies = new LinkedHashMap<>();
    private final LinkedHashMap<NodeId, Bus> buses = new LinkedHashMap<>();
    private final LinkedHashMap<NodeId, Ups> ups = new LinkedHashMap<>();
    private final LinkedHashMap<NodeId, Busbar> busbars = new LinkedHashMap<>();
    private final LinkedHashMap<NodeId, BatteryString> strings = new LinkedHashMap<>();
    private final LinkedHashMap<BreakerId, Breaker> breakers = new LinkedHashMap<>();
    private final LinkedHashMap<FeederId, Feeder> feeders = new LinkedHashMap<>();
    private final LinkedHashMap<NodeId, Load> loads = new LinkedHashMap<>();
    private final List<FeederId> crossing = new ArrayList<>();

    private RandomSite(long seed) {
        this.random = new SplittableRandom(seed);
    }

    public static Site of(long seed) {
        return new RandomSite(seed).build();
    }

    private Site build() {
        for (int i = 1; i <= 2; i++) {
            supply("SUPPLY-" + i, Supply.Kind.UTILITY);
        }
        if (random.nextBoolean()) {
            supply("GENERATOR", Supply.Kind.GENERATOR);
        }
        var upstream = new ArrayList<>(supplies.keySet());
        for (int i = 1; i <= 2; i++) {
            upstream.add(bus("MV-" + i, upstream));
        }
        var downstream = new ArrayList<NodeId>();
        for (int i = 1; i <= 2; i++) {
            downstream.add(ups(i, upstream));
        }
        // A load now and then hangs before every UPS.
        if (random.nextInt(4) == 0) {
            downstream.add(upstream.getLast());
        }
        for (int i = 1; i <= 2; i++) {
            downstream.add(bus("PDU-" + i, downstream));
        }
        for (int i = 1; i <= 3; i++) {
            load(i, downstream);
        }
        return site();
    }

    private void supply(String name, Supply.Kind kind) {
        var id = new NodeId(name);
        supplies.put(id, new Supply(id, kind, 1e6));
    }

    private NodeId bus(String name, List<NodeId> from) {
        var id = new NodeId(name);
        buses.put(id, new Bus(id, Bus.Kind.SWITCHBOARD, place(), 1e6));
        feed(id, from);
        if (random.nextInt(3) == 0) {
            feed(id, from);
        }
        return id;
    }

    private NodeId ups(int number, List<NodeId> from) {
        var id = new NodeId("UPS-" + number);
        ups.put(id, new Ups(id, place(), 1e6));
        feed(id, from);
        var busbar = new NodeId("BB-" + number);
        RoomId room = random.nextInt(3) == 0 ? OTHER : ROOM;
        busbars.put(
                busbar,
                new Busbar(busbar, room, id, breaker(Breaker.Duty.OUTER, "QB-" + number, place())));
        for (int i = 1; i <= 1 + random.nextInt(2); i++) {
            String name = number + "-" + i;
            var string = new NodeId("S-" + name);
            strings.put(
                    string,
                    new BatteryString(
                            string,
                            room,
                            busbar,
                            breaker(Breaker.Duty.STRING, "QS-" + name, room),
                            i,
                            17,
                            8,
                            67,
                            BatteryString.CellKind.LITHIUM_ION));
        }
        return id;
    }

    private void load(int number, List<NodeId> from) {
        var id = new NodeId("LOAD-" + number);
        var cords = new ArrayList<NodeId>();
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            cords.add(from.get(random.nextInt(from.size())));
        }
        loads.put(
                id,
                new Load(
                        id,
                        new HallId("HALL"),
                        1,
                        1 << number,
                        333,
                        cords.stream().distinct().toList()));
    }

    private void feed(NodeId to, List<NodeId> from) {
        var id = new FeederId("F-" + (feeders.size() + 1));
        Optional<BreakerId> breaker =
                random.nextInt(5) == 0
                        ? Optional.empty()
                        : Optional.of(
                                breaker(
                                        random.nextInt(8) == 0
                                                ? Breaker.Duty.MAIN
                                                : Breaker.Duty.FEEDER,
                                        "Q-" + id,
                                        place()));
        feeders.put(id, new Feeder(id, from.get(random.nextInt(from.size())), to, breaker, 1000));
        if (random.nextInt(4) == 0) {
            crossing.add(id);
        }
    }

    private BreakerId breaker(Breaker.Duty duty, String name, RoomId room) {
        var id = new BreakerId(name);
        breakers.put(id, new Breaker(id, duty, room, Breaker.Operation.REMOTE, true, 1000));
        return id;
    }

    private RoomId place() {
        // Mostly outside the battery room, as built.
        return PLACES.get(random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(3));
    }

    private Site site() {
        var rooms = new LinkedHashMap<RoomId, Room>();
        PLACES.forEach(room -> rooms.put(room, new Room(room, room.value(), 0, List.of())));
        rooms.put(OTHER, new Room(OTHER, OTHER.value(), 0, List.of()));
        var zones = new LinkedHashMap<ZoneId, FireZone>();
        var zone = new ZoneId("ZONE");
        zones.put(zone, new FireZone(zone, "Zone", List.of(ROOM), crossing));
        return new Site(
                "random",
                rooms,
                zones,
                supplies,
                buses,
                ups,
                busbars,
                strings,
                breakers,
                feeders,
                loads,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
    }
}
