package dev.bulkhead.rules.site;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** A facility as documented. Every map is in the order of its file. */
public record Site(
        String name,
        SequencedMap<RoomId, Room> rooms,
        SequencedMap<ZoneId, FireZone> zones,
        SequencedMap<NodeId, Supply> supplies,
        SequencedMap<NodeId, Bus> buses,
        SequencedMap<NodeId, Ups> ups,
        SequencedMap<NodeId, Busbar> busbars,
        SequencedMap<NodeId, BatteryString> strings,
        SequencedMap<BreakerId, Breaker> breakers,
        SequencedMap<FeederId, Feeder> feeders,
        SequencedMap<NodeId, Load> loads,
        SequencedMap<GatewayId, Gateway> gateways,
        SequencedMap<DeviceId, Device> devices) {

    public Site {
        rooms = copy(rooms);
        zones = copy(zones);
        supplies = copy(supplies);
        buses = copy(buses);
        ups = copy(ups);
        busbars = copy(busbars);
        strings = copy(strings);
        breakers = copy(breakers);
        feeders = copy(feeders);
        loads = copy(loads);
        gateways = copy(gateways);
        devices = copy(devices);
    }

    private static <K, V> SequencedMap<K, V> copy(SequencedMap<K, V> map) {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
    }

    /** The rooms that hold battery strings, in the order of the file. */
    public List<RoomId> batteryRooms() {
        return rooms.keySet().stream()
                .filter(room -> stringsIn(room).findAny().isPresent())
                .toList();
    }

    public Stream<BatteryString> stringsIn(RoomId room) {
        return strings.values().stream().filter(string -> string.room().equals(room));
    }

    public Stream<Busbar> busbarsIn(RoomId room) {
        return busbars.values().stream().filter(busbar -> busbar.room().equals(room));
    }

    /** The fire zone a room burns with. */
    public Optional<FireZone> zoneOf(RoomId room) {
        return zones.values().stream().filter(zone -> zone.rooms().contains(room)).findFirst();
    }

    /**
     * The room's own battery DC breakers: outer breakers of its busbars, then its string breakers,
     * each in the order of the file. No automatic act operates anything else (promise 1).
     */
    public List<BreakerId> boundaryOf(RoomId room) {
        return Stream.concat(
                        busbarsIn(room).map(Busbar::outer),
                        stringsIn(room).map(BatteryString::breaker))
                .toList();
    }

    /** The room a subject belongs to: where it burns, for a breaker where it stands. */
    public RoomId roomOf(Subject subject) {
        return switch (subject) {
            case Subject.OfRoom(RoomId room) -> room;
            case Subject.OfBreaker(BreakerId breaker) -> known(breakers, breaker).room();
            case Subject.OfModule(NodeId string, int _) -> known(strings, string).room();
            case Subject.OfNode(NodeId node) -> roomOf(node);
        };
    }

    private RoomId roomOf(NodeId node) {
        if (strings.containsKey(node)) {
            return known(strings, node).room();
        }
        if (busbars.containsKey(node)) {
            return known(busbars, node).room();
        }
        if (ups.containsKey(node)) {
            return known(ups, node).room();
        }
        return known(buses, node).room();
    }

    public int servers() {
        return loads.values().stream().mapToInt(Load::servers).sum();
    }

    /**
     * What a map of this site has under an id.
     *
     * @throws IllegalArgumentException if the site has no such thing; a parsed site refers to
     *     nothing it doesn't have
     */
    public static <K, V> V known(SequencedMap<K, V> map, K id) {
        V value = map.get(id);
        if (value == null) {
            throw new IllegalArgumentException("the site has no " + id);
        }
        return value;
    }
}
