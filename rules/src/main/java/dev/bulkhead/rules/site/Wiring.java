package dev.bulkhead.rules.site;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.Document.Table;
import dev.bulkhead.rules.site.Names.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The devices of a site's file: what each is of, and what its terminals are connected to.
 *
 * <pre>
 * devices:
 *   - {id: A1-S01-bms, profile: sunspec-string, gateway: A1-bms, unit: 1, of: A1-S01, index: 1}
 *   - {id: A1-panel, profile: breaker-panel, gateway: A1-field, unit: 6, index: 1, members: [QB-A1-1]}
 *   - id: A1-climate
 *     profile: analog-8
 *     gateway: A1-air
 *     unit: 3
 *     index: 1
 *     wires:
 *       - {terminal: ai1, role: room.temperature, of: A1, span: [0, 200]}   # at 4 mA, at 20 mA
 *       - {terminal: di1, role: room.heat, of: A1, inverted: true}          # of a contact panel
 * </pre>
 */
final class Wiring {
    private record Unit(String gateway, int unit) {}

    private record Numbered(String profile, int index) {}

    private final Names names;
    private final Map<ProfileId, Profile> profiles;
    private final Map<NodeId, BatteryString> strings;
    private final SequencedMap<DeviceId, Device> devices = new LinkedHashMap<>();
    private final Map<Unit, DeviceId> units = new HashMap<>();
    private final Map<Numbered, DeviceId> indices = new HashMap<>();
    private final Map<Subject, DeviceId> members = new HashMap<>();

    Wiring(Names names, Map<ProfileId, Profile> profiles, Map<NodeId, BatteryString> strings) {
        this.names = names;
        this.profiles = profiles;
        this.strings = strings;
        profiles.keySet().forEach(profile -> names.declare(profile.value(), Kind.PROFILE));
    }

    SequencedMap<DeviceId, Device> read(List<Table> rows) {
        rows.forEach(this::readDevice);
        return devices;
    }

    private void readDevice(Table row) {
        var id = new DeviceId(names.declare(row, Kind.DEVICE));
        var profileId = new ProfileId(names.refer(row, "profile", Kind.PROFILE));
        Optional<Profile> profile = Optional.ofNullable(profiles.get(profileId));
        var gateway = new GatewayId(names.refer(row, "gateway", Kind.GATEWAY));
        int unit = readUnit(row, id, gateway);
        OptionalInt index = readIndex(row, id, profile);
        Optional<Subject> of = readOf(row, profile);
        List<Subject> items = readMembers(row, id, profile);
        List<Wire> wires = readWires(row, profile);
        devices.putIfAbsent(id, new Device(id, profileId, gateway, unit, of, index, items, wires));
    }

    /** 0 is broadcast and 248 up are reserved: Modbus over serial line V1.02, 2.2. */
    private int readUnit(Table row, DeviceId id, GatewayId gateway) {
        OptionalInt written = row.wholeNumber("unit", 1, 247);
        if (written.isEmpty()) {
            return 1;
        }
        int unit = written.getAsInt();
        DeviceId other = units.putIfAbsent(new Unit(gateway.value(), unit), id);
        if (other != null && names.isKnown(gateway.value(), Kind.GATEWAY)) {
            row.wrong(
                    "unit",
                    "unit %d of '%s' is already device '%s'".formatted(unit, gateway, other));
        }
        return unit;
    }

    private OptionalInt readIndex(Table row, DeviceId id, Optional<Profile> profile) {
        Optional<Entry> written = row.find("index");
        if (profile.isEmpty()) {
            return OptionalInt.empty();
        }
        ProfileId named = profile.get().id();
        boolean isProved =
                profile.get().identities().stream()
                        .anyMatch(identity -> identity.expected().isEmpty());
        if (written.isEmpty()) {
            if (isProved) {
                row.entry()
                        .wrong(
                                "'index' is missing; %s proves itself by its number"
                                        .formatted(named));
            }
            return OptionalInt.empty();
        }
        if (!isProved) {
            written.get().wrong("%s has no register for its number".formatted(named));
        }
        OptionalInt index = row.wholeNumber("index", 1, 65534);
        index.ifPresent(
                number -> {
                    DeviceId other = indices.putIfAbsent(new Numbered(named.value(), number), id);
                    if (other != null) {
                        row.wrong(
                                "index",
                                "index %d is already that of device '%s'".formatted(number, other));
                    }
                });
        return index;
    }

    private Optional<Subject> readOf(Table row, Optional<Profile> profile) {
        Optional<Entry> written = row.find("of");
        if (profile.isEmpty()) {
            return Optional.empty();
        }
        Optional<Role.Of> kind = kindOf(profile.get());
        if (kind.isEmpty()) {
            written.ifPresent(place -> place.wrong(notOfOne(profile.get())));
            return Optional.empty();
        }
        if (written.isEmpty()) {
            row.entry().wrong("'of' is missing; expected " + named(kind.get()).words());
            return Optional.empty();
        }
        Optional<Subject> of = subject(written.get(), kind.get());
        of.ifPresent(subject -> checkModules(written.get(), profile.get(), subject));
        return of;
    }

    private static String notOfOne(Profile profile) {
        boolean hasRole =
                Stream.concat(
                                profile.points().stream(),
                                profile.groups().stream().flatMap(group -> group.points().stream()))
                        .anyMatch(point -> point.role().isPresent());
        return hasRole
                ? "%s is not of one thing".formatted(profile.id())
                : "no point of %s has a role: leave 'of' out and say it by wires, or give a point a role"
                        .formatted(profile.id());
    }

    /** The kind of thing a device of this profile is of, if it is of one thing. */
    private static Optional<Role.Of> kindOf(Profile profile) {
        return kindOf(profile.points())
                .or(
                        () ->
                                profile.groups().stream().anyMatch(Wiring::isOfModules)
                                        ? Optional.of(Role.Of.RACK)
                                        : Optional.empty());
    }

    private static Optional<Role.Of> kindOf(List<Profile.Point> points) {
        return points.stream().flatMap(point -> point.role().stream()).map(Role::of).findFirst();
    }

    private static boolean isOfModules(Profile.Group group) {
        return kindOf(group.points()).equals(Optional.of(Role.Of.MODULE));
    }

    private void checkModules(Entry place, Profile profile, Subject subject) {
        if (!(subject instanceof Subject.OfNode(NodeId node))) {
            return;
        }
        BatteryString string = strings.get(node);
        for (Profile.Group group : profile.groups()) {
            if (string != null && isOfModules(group) && !fits(string, profile, group)) {
                place.wrong(
                        "'%s' has %d modules; %s has %d"
                                .formatted(node, string.modules(), profile.id(), group.count()));
            }
        }
    }

    /** A SunSpec device says itself how many it has; its map, how many at most. */
    private static boolean fits(BatteryString string, Profile profile, Profile.Group group) {
        return profile.models().isEmpty()
                ? string.modules() == group.count()
                : string.modules() <= group.count();
    }

    private List<Subject> readMembers(Table row, DeviceId id, Optional<Profile> profile) {
        List<Entry> written = row.listIfAny("members");
        if (profile.isEmpty()) {
            return List.of();
        }
        Optional<Profile.Group> group =
                profile.get().groups().stream()
                        .filter(each -> !isOfModules(each) && kindOf(each.points()).isPresent())
                        .findFirst();
        if (group.isEmpty()) {
            if (row.has("members")) {
                row.wrong("members", "%s has no members".formatted(profile.get().id()));
            }
            return List.of();
        }
        int most = group.get().count();
        if (written.isEmpty() || written.size() > most) {
            row.wrong("members", "%d members; expected 1 to %d".formatted(written.size(), most));
        }
        List<Subject> subjects = new ArrayList<>();
        for (Entry entry : written) {
            kindOf(group.get().points())
                    .flatMap(kind -> subject(entry, kind))
                    .ifPresent(
                            member -> {
                                DeviceId other = members.putIfAbsent(member, id);
                                if (other != null) {
                                    entry.wrong(
                                            "'%s' is already a member of device '%s'"
                                                    .formatted(member, other));
                                }
                                subjects.add(member);
                            });
        }
        return subjects;
    }

    private List<Wire> readWires(Table row, Optional<Profile> profile) {
        List<Wire> wires = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (Table wire : row.tablesIfAny("wires")) {
            String name = wire.text("terminal");
            if (!used.add(name)) {
                wire.wrong("terminal", "terminal '%s' is wired twice".formatted(name));
            }
            Optional<Profile.Point> terminal = profile.flatMap(known -> terminal(wire, known));
            Optional<Role> role = readRole(wire, terminal);
            boolean isInverted = readInverted(wire, terminal);
            Optional<Wire.Span> span = readSpan(wire, terminal);
            if (!wire.has("of")) {
                wire.entry().wrong("'of' is missing");
            }
            Optional<Subject> of =
                    role.flatMap(known -> wire.find("of").flatMap(at -> subject(at, known.of())));
            if (role.isPresent() && of.isPresent()) {
                wires.add(new Wire(name, role.get(), of.get(), isInverted, span));
            }
        }
        return wires;
    }

    private static Optional<Profile.Point> terminal(Table wire, Profile profile) {
        String name = wire.text("terminal");
        Optional<Profile.Point> point =
                profile.points().stream().filter(each -> each.name().equals(name)).findFirst();
        if (point.isEmpty() && !name.equals("?")) {
            List<String> known = profile.points().stream().map(Profile.Point::name).toList();
            wire.wrong(
                    "terminal",
                    "%s has no terminal '%s'%s"
                            .formatted(profile.id(), name, Document.nearest(name, known)));
        }
        point.flatMap(Profile.Point::role)
                .ifPresent(
                        role ->
                                wire.wrong(
                                        "terminal",
                                        "'%s' is %s already, by its profile"
                                                .formatted(name, role)));
        return point;
    }

    private static Optional<Role> readRole(Table wire, Optional<Profile.Point> terminal) {
        Optional<Role> role = wire.word("role", Role.texts(), Role::unknown).flatMap(Role::named);
        if (role.isPresent() && terminal.isPresent()) {
            Encoding encoding = terminal.get().encoding();
            boolean fits = encoding.gives().equals(Optional.of(role.get().type()));
            if (!fits) {
                wire.wrong(
                        "role",
                        "terminal '%s' can't say %s, which is %s"
                                .formatted(
                                        terminal.get().name(),
                                        role.get(),
                                        role.get().type().words()));
            }
        }
        return role;
    }

    private static boolean readInverted(Table wire, Optional<Profile.Point> terminal) {
        boolean isInverted = wire.flag("inverted", false);
        if (isInverted
                && terminal.map(point -> !(point.encoding() instanceof Encoding.Bit))
                        .orElse(false)) {
            wire.wrong("inverted", "only a contact can be inverted");
        }
        return isInverted;
    }

    private static Optional<Wire.Span> readSpan(Table wire, Optional<Profile.Point> terminal) {
        Optional<Entry> written = wire.find("span");
        boolean isLoop =
                terminal.map(point -> point.encoding() instanceof Encoding.Loop).orElse(false);
        if (written.isEmpty()) {
            if (isLoop) {
                wire.entry().wrong("'span' is missing; expected what 4 mA and 20 mA mean");
            }
            return Optional.empty();
        }
        Entry place = written.get();
        if (terminal.isPresent() && !isLoop) {
            place.wrong("only a current loop has a span");
        }
        List<Entry> ends = place.asList();
        if (ends.size() != 2) {
            if (place.isList()) {
                place.wrong("span has %d items; expected two".formatted(ends.size()));
            }
            return Optional.empty();
        }
        double low = ends.getFirst().asNumber(-1e9, 1e9);
        double high = ends.getLast().asNumber(-1e9, 1e9);
        if (low >= high) {
            place.wrong("span is empty; expected the value at 4 mA below that at 20 mA");
        }
        return Optional.of(new Wire.Span(low, high));
    }

    private Optional<Subject> subject(Entry place, Role.Of of) {
        Optional<String> name = names.refer(place, named(of));
        return switch (of) {
            case ROOM -> name.map(RoomId::new).map(Subject.OfRoom::new);
            case RACK, BUSBAR, UPS -> name.map(NodeId::new).map(Subject.OfNode::new);
            case BREAKER -> name.map(BreakerId::new).map(Subject.OfBreaker::new);
            case MODULE -> {
                place.wrong("a module is known by its string's register map only");
                yield Optional.empty();
            }
        };
    }

    /** What is named where something of this kind is meant. */
    private static Kind named(Role.Of of) {
        return switch (of) {
            case ROOM -> Kind.ROOM;
            case RACK, MODULE -> Kind.STRING;
            case BUSBAR -> Kind.BUSBAR;
            case UPS -> Kind.UPS;
            case BREAKER -> Kind.BREAKER;
        };
    }
}
