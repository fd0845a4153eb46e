package dev.bulkhead.rules.site;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.Document.Table;
import dev.bulkhead.rules.site.Names.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A facility's file. Sections may stand in any order; in a section, one line is one thing.
 *
 * <pre>
 * site: two-rooms
 * halls: [H1]
 * rooms:
 *   - {id: A1, title: Battery room A1, cubicMetres: 380, staysLive: [exhaust fan]}
 * zones:
 *   - {id: Z-A1, title: Battery room A1, rooms: [A1], crossedBy: [F-1]}
 * supplies:
 *   - {id: UTILITY-A, kind: utility, kilowatts: 1000}
 * buses:
 *   - {id: MV-A, kind: switchboard, room: SUBSTATION, kilowatts: 1000}
 * ups:
 *   - {id: H1A, room: UPS-A1, kilowatts: 500}
 * feeders:
 *   - {id: F-1, from: UTILITY-A, to: MV-A, breaker: Q-1, amperes: 100}   # breaker may be absent
 * loads:
 *   - {id: H1-1, hall: H1, racks: 45, serversPerRack: 20, wattsPerServer: 333, cords: [PDU-A, PDU-B]}
 * busbars:
 *   - {id: BB-A1-1, room: A1, ups: H1A, outer: QB-A1-1}
 * strings:                  # cells: lithium-ion where it isn't said, or lead-acid
 *   - {id: A1-S01, busbar: BB-A1-1, breaker: QS-A1-01, place: 1, modules: 17, cellsPerModule: 8,
 *      ampereHours: 67}
 * breakers:                 # position: can it be read from afar; true where it isn't said of a remote one
 *   - {id: QB-A1-1, duty: outer, room: UPS-A1, operation: remote, position: true, amperes: 4000}
 * gateways:                 # these two sections may be absent
 *   - {id: A1-bms, host: 127.0.0.1, port: 15020}   # other links than Modbus TCP: see Cabling
 * devices:                  # see Wiring
 * </pre>
 */
public final class SiteFile {
    private final Map<ProfileId, Profile> profiles;
    private final Set<ProfileId> wrong;
    private final NamedFiles files;
    private final Names names = new Names();

    private final SequencedMap<RoomId, Room> rooms = new LinkedHashMap<>();
    private final SequencedMap<ZoneId, FireZone> zones = new LinkedHashMap<>();
    private final SequencedMap<NodeId, Supply> supplies = new LinkedHashMap<>();
    private final SequencedMap<NodeId, Bus> buses = new LinkedHashMap<>();
    private final SequencedMap<NodeId, Ups> ups = new LinkedHashMap<>();
    private final SequencedMap<NodeId, Busbar> busbars = new LinkedHashMap<>();
    private final SequencedMap<NodeId, BatteryString> strings = new LinkedHashMap<>();
    private final SequencedMap<BreakerId, Breaker> breakers = new LinkedHashMap<>();
    private final SequencedMap<FeederId, Feeder> feeders = new LinkedHashMap<>();
    private final SequencedMap<NodeId, Load> loads = new LinkedHashMap<>();

    private final Map<BreakerId, String> separatedBy = new HashMap<>();

    private SiteFile(Map<ProfileId, Profile> profiles, Set<ProfileId> wrong, NamedFiles files) {
        this.profiles = profiles;
        this.wrong = wrong;
        this.files = files;
    }

    /**
     * Reads a facility.
     *
     * @param file its name, for messages only
     * @param text its content
     * @param profiles every register map its devices may name
     */
    public static Document.Parsed<Site> parse(
            String file, String text, Map<ProfileId, Profile> profiles) {
        return parse(file, text, profiles, Set.of(), NamedFiles.UNSEEN);
    }

    /**
     * The same with a look at the files that this one names.
     *
     * @param wrong register maps whose own mistakes were told: a device may name one, and nothing
     *     else of it is known
     */
    public static Document.Parsed<Site> parse(
            String file,
            String text,
            Map<ProfileId, Profile> profiles,
            Set<ProfileId> wrong,
            NamedFiles files) {
        return Document.parse(file, text, new SiteFile(profiles, wrong, files)::read);
    }

    private Site read(Table top) {
        String name = top.text("site");
        for (Entry hall : top.list("halls")) {
            names.declare(hall, hall.asText(), Kind.HALL);
        }
        top.tables("rooms").forEach(this::readRoom);
        List<Table> breakerRows = top.tables("breakers");
        breakerRows.forEach(this::readBreaker);
        top.tables("supplies").forEach(this::readSupply);
        List<Table> busRows = top.tables("buses");
        busRows.forEach(this::readBus);
        List<Table> upsRows = top.tables("ups");
        upsRows.forEach(this::readUps);
        List<Table> busbarRows = top.tables("busbars");
        busbarRows.forEach(this::readBusbar);
        top.tables("strings").forEach(this::readString);
        top.tables("feeders").forEach(this::readFeeder);
        top.tables("loads").forEach(this::readLoad);
        top.tables("zones").forEach(this::readZone);
        SequencedMap<GatewayId, Gateway> gateways =
                new Cabling(names, files).read(top.tablesIfAny("gateways"));
        wrong.forEach(profile -> names.declare(profile.value(), Kind.PROFILE));
        var wiring = new Wiring(names, profiles, strings);
        SequencedMap<DeviceId, Device> devices = wiring.read(top.tablesIfAny("devices"));

        busbarRows.forEach(this::checkBattery);
        busRows.forEach(this::checkFed);
        upsRows.forEach(this::checkFed);
        breakerRows.forEach(this::checkSeparates);
        return new Site(
                name, rooms, zones, supplies, buses, ups, busbars, strings, breakers, feeders,
                loads, gateways, devices);
    }

    private void readRoom(Table row) {
        var id = new RoomId(names.declare(row, Kind.ROOM));
        double volume = row.number("cubicMetres", 0, 1e6, 0);
        List<String> live = row.listIfAny("staysLive").stream().map(Entry::asText).toList();
        rooms.putIfAbsent(id, new Room(id, row.text("title"), volume, live));
    }

    private void readBreaker(Table row) {
        var id = new BreakerId(names.declare(row, Kind.BREAKER));
        var operation = row.oneOf("operation", Breaker.Operation.class);
        boolean isRemote = operation == Breaker.Operation.REMOTE;
        boolean hasPosition = row.flag("position", isRemote);
        if (isRemote && !hasPosition) {
            row.wrong("position", "a remote breaker has a position that can be read");
        }
        breakers.putIfAbsent(
                id,
                new Breaker(
                        id,
                        row.oneOf("duty", Breaker.Duty.class),
                        room(row),
                        operation,
                        hasPosition,
                        amperes(row)));
    }

    private void readSupply(Table row) {
        var id = new NodeId(names.declare(row, Kind.SUPPLY));
        supplies.putIfAbsent(id, new Supply(id, row.oneOf("kind", Supply.Kind.class), watts(row)));
    }

    private void readBus(Table row) {
        var id = new NodeId(names.declare(row, Kind.BUS));
        buses.putIfAbsent(
                id, new Bus(id, row.oneOf("kind", Bus.Kind.class), room(row), watts(row)));
    }

    private void readUps(Table row) {
        var id = new NodeId(names.declare(row, Kind.UPS));
        ups.putIfAbsent(id, new Ups(id, room(row), watts(row)));
    }

    private void readBusbar(Table row) {
        var id = new NodeId(names.declare(row, Kind.BUSBAR));
        var source = new NodeId(names.refer(row, "ups", Kind.UPS));
        BreakerId outer = separating(row, "outer", "busbar " + id, Breaker.Duty.OUTER);
        busbars.putIfAbsent(id, new Busbar(id, room(row), source, outer));
    }

    private void readString(Table row) {
        var id = new NodeId(names.declare(row, Kind.STRING));
        var busbar = new NodeId(names.refer(row, "busbar", Kind.BUSBAR));
        var room =
                Optional.ofNullable(busbars.get(busbar)).map(Busbar::room).orElse(new RoomId("?"));
        BreakerId breaker = separating(row, "breaker", "string " + id, Breaker.Duty.STRING);
        OptionalInt place = row.wholeNumber("place", 1, 10_000);
        strings.values().stream()
                .filter(other -> other.room().equals(room))
                .filter(other -> place.equals(OptionalInt.of(other.place())))
                .findFirst()
                .ifPresent(
                        other -> row.wrong("place", taken("place " + other.place(), other.id())));
        strings.putIfAbsent(
                id,
                new BatteryString(
                        id,
                        room,
                        busbar,
                        breaker,
                        place.orElse(1),
                        row.integer("modules", 1, 1000),
                        row.integer("cellsPerModule", 1, 1000),
                        row.number("ampereHours", 1, 1e5),
                        row.oneOf(
                                "cells",
                                BatteryString.CellKind.class,
                                BatteryString.CellKind.LITHIUM_ION)));
    }

    private void readFeeder(Table row) {
        var id = new FeederId(names.declare(row, Kind.FEEDER));
        var from = new NodeId(names.refer(row, "from", Kind.SUPPLY, Kind.BUS, Kind.UPS));
        var to = new NodeId(names.refer(row, "to", Kind.BUS, Kind.UPS));
        if (from.equals(to)) {
            row.wrong("to", "the feeder leads from '%s' to itself".formatted(to));
        }
        Optional<BreakerId> breaker =
                row.has("breaker")
                        ? Optional.of(
                                separating(
                                        row,
                                        "breaker",
                                        "feeder " + id,
                                        Breaker.Duty.FEEDER,
                                        Breaker.Duty.MAIN))
                        : Optional.empty();
        feeders.putIfAbsent(id, new Feeder(id, from, to, breaker, amperes(row)));
    }

    private void readLoad(Table row) {
        var id = new NodeId(names.declare(row, Kind.LOAD));
        var hall = new HallId(names.refer(row, "hall", Kind.HALL));
        List<NodeId> cords = new ArrayList<>();
        for (Entry entry : row.list("cords")) {
            names.refer(entry, Kind.BUS, Kind.UPS)
                    .map(NodeId::new)
                    .ifPresent(
                            cord -> {
                                if (cords.contains(cord)) {
                                    entry.wrong("two cords on '%s' are one".formatted(cord));
                                }
                                cords.add(cord);
                            });
        }
        row.find("cords")
                .filter(entry -> entry.isList() && entry.asList().isEmpty())
                .ifPresent(entry -> entry.wrong("cords is empty; a load has at least one"));
        loads.putIfAbsent(
                id,
                new Load(
                        id,
                        hall,
                        row.integer("racks", 1, 100_000),
                        row.integer("serversPerRack", 1, 100_000),
                        row.number("wattsPerServer", 1, 1e5),
                        cords));
    }

    private void readZone(Table row) {
        var id = new ZoneId(names.declare(row, Kind.ZONE));
        List<RoomId> within = new ArrayList<>();
        for (Entry entry : row.list("rooms")) {
            names.refer(entry, Kind.ROOM)
                    .map(RoomId::new)
                    .ifPresent(
                            room -> {
                                zones.values().stream()
                                        .filter(zone -> zone.rooms().contains(room))
                                        .findFirst()
                                        .ifPresent(zone -> entry.wrong(taken(room, zone.id())));
                                within.add(room);
                            });
        }
        List<FeederId> crossedBy =
                row.listIfAny("crossedBy").stream()
                        .flatMap(entry -> names.refer(entry, Kind.FEEDER).stream())
                        .map(FeederId::new)
                        .toList();
        zones.putIfAbsent(id, new FireZone(id, row.text("title"), within, crossedBy));
    }

    private RoomId room(Table row) {
        return new RoomId(names.refer(row, "room", Kind.ROOM));
    }

    private static double watts(Table row) {
        return 1000 * row.number("kilowatts", 0.001, 1e6);
    }

    private static double amperes(Table row) {
        return row.number("amperes", 1, 1e5);
    }

    /** A breaker in its one use. */
    private BreakerId separating(Table row, String key, String what, Breaker.Duty... duties) {
        var id = new BreakerId(names.refer(row, key, Kind.BREAKER));
        Breaker known = breakers.get(id);
        if (known == null) {
            return id;
        }
        if (!List.of(duties).contains(known.duty())) {
            List<String> expected = List.of(duties).stream().map(Document::spelled).toList();
            row.wrong(
                    key,
                    "breaker '%s' has duty %s; expected %s"
                            .formatted(
                                    id,
                                    Document.spelled(known.duty()),
                                    String.join(" or ", expected)));
        }
        String other = separatedBy.putIfAbsent(id, what);
        if (other != null) {
            row.wrong(key, "breaker '%s' already separates %s".formatted(id, other));
        }
        return id;
    }

    private void checkBattery(Table row) {
        Busbar busbar = busbars.get(new NodeId(row.text("id")));
        if (busbar == null) {
            return;
        }
        if (strings.values().stream().noneMatch(string -> string.busbar().equals(busbar.id()))) {
            row.wrong("id", "busbar '%s' has no battery string".formatted(busbar.id()));
        }
        RoomId room = busbar.room();
        if (names.isKnown(room.value(), Kind.ROOM)
                && zones.values().stream().noneMatch(zone -> zone.rooms().contains(room))) {
            row.wrong("room", "battery room '%s' is in no fire zone".formatted(room));
        }
    }

    private void checkFed(Table row) {
        var id = new NodeId(row.text("id"));
        if (feeders.values().stream().noneMatch(feeder -> feeder.to().equals(id))) {
            row.wrong("id", "no feeder leads to '%s'".formatted(id));
        }
    }

    private void checkSeparates(Table row) {
        var id = new BreakerId(row.text("id"));
        if (!separatedBy.containsKey(id)) {
            row.wrong("id", "breaker '%s' separates nothing".formatted(id));
        }
    }

    private static String taken(Object what, Object by) {
        return "'%s' is already in use by '%s'".formatted(what, by);
    }
}
