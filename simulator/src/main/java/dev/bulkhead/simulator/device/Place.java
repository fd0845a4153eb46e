package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.rules.site.Wire;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Where one point of one device stands, its repeated groups written out, and what it shows.
 *
 * @param name qualified inside a group
 * @param source empty where the device shows nothing of the plant
 */
record Place(
        String name,
        Profile.Table table,
        int address,
        Profile.Encoding encoding,
        Optional<Source> source) {

    /** What of the plant a place shows, and how it is wired. */
    record Source(Role role, Subject of, boolean isInverted, Optional<Wire.Span> span) {}

    /** Every place of a device, by name, in the order of its register map. */
    static SequencedMap<String, Place> of(Site site, Device device, Profile profile) {
        SequencedMap<String, Place> places = new LinkedHashMap<>();
        for (Profile.Point point : profile.points()) {
            places.put(point.name(), place(device, point.name(), point, 0, device.of()));
        }
        for (Profile.Group group : profile.groups()) {
            List<Subject> items = items(site, device, group);
            for (int item = 1; item <= items.size(); item++) {
                int higher = (item - 1) * group.stride();
                Optional<Subject> of = Optional.of(items.get(item - 1));
                for (Profile.Point point : group.points()) {
                    String name = group.qualified(item, point.name());
                    places.put(name, place(device, name, point, higher, of));
                }
            }
        }
        return places;
    }

    /** What a group's items are of: the device's members, or the modules of its string. */
    static List<Subject> items(Site site, Device device, Profile.Group group) {
        List<Subject> all =
                device.members().isEmpty()
                        ? string(site, device).map(Place::modules).orElse(List.of())
                        : device.members();
        return all.subList(0, Math.min(all.size(), group.count()));
    }

    private static List<Subject> modules(BatteryString string) {
        return IntStream.rangeClosed(1, string.modules())
                .<Subject>mapToObj(number -> new Subject.OfModule(string.id(), number))
                .toList();
    }

    /** The battery string a device is of, if it is of one. */
    static Optional<BatteryString> string(Site site, Device device) {
        return node(device).map(site.strings()::get);
    }

    /** The node a device is of, if it is of one. */
    static Optional<NodeId> node(Device device) {
        return device.of()
                .flatMap(
                        of ->
                                of instanceof Subject.OfNode(NodeId node)
                                        ? Optional.of(node)
                                        : Optional.empty());
    }

    private static Place place(
            Device device, String name, Profile.Point point, int higher, Optional<Subject> of) {
        Optional<Source> wired =
                device.wires().stream()
                        .filter(wire -> wire.point().equals(name))
                        .findFirst()
                        .map(Place::source);
        Optional<Source> mapped =
                point.role()
                        .flatMap(
                                role ->
                                        of.map(
                                                it ->
                                                        new Source(
                                                                role,
                                                                it,
                                                                false,
                                                                Optional.empty())));
        return new Place(
                name,
                point.table(),
                point.address() + higher,
                point.encoding(),
                wired.or(() -> mapped));
    }

    private static Source source(Wire wire) {
        return new Source(wire.role(), wire.of(), wire.isInverted(), wire.span());
    }

    Place movedTo(int elsewhere) {
        return new Place(name, table, elsewhere, encoding, source);
    }

    boolean isBit() {
        return table == Profile.Table.COIL || table == Profile.Table.DISCRETE;
    }

    /** What it holds to say that it has no value; empty: it can't say so. */
    Optional<int[]> noValue() {
        Optional<Profile.Stored> stored =
                switch (encoding) {
                    case Profile.Encoding.Numeric numeric -> Optional.of(numeric.stored());
                    case Profile.Encoding.Listed listed -> Optional.of(listed.stored());
                    case Profile.Encoding.Loop _,
                            Profile.Encoding.Bit _,
                            Profile.Encoding.Contacts _,
                            Profile.Encoding.Text _ ->
                            Optional.empty();
                };
        return stored.flatMap(
                it ->
                        it.sentinels().stream()
                                .min(Long::compareUnsigned)
                                .map(sentinel -> RegisterEncoder.words(it, sentinel)));
    }

    /** Whether a wire leads to it. */
    boolean isTerminal() {
        return encoding instanceof Profile.Encoding.Loop
                || encoding instanceof Profile.Encoding.Bit
                || encoding instanceof Profile.Encoding.Contacts;
    }

    /** Whether it tells a state of something, and no quantity. */
    boolean isOfStates() {
        return switch (encoding) {
            case Profile.Encoding.Bit _, Profile.Encoding.Contacts _, Profile.Encoding.Listed _ ->
                    true;
            case Profile.Encoding.Numeric _, Profile.Encoding.Loop _, Profile.Encoding.Text _ ->
                    false;
        };
    }

    /** For each word the bits that are this place's. */
    List<Integer> mask() {
        return switch (encoding) {
            case Profile.Encoding.Bit(int bit) -> List.of(isBit() ? 1 : 1 << bit);
            case Profile.Encoding.Contacts(int a, int b) -> List.of(1 << a | 1 << b);
            case Profile.Encoding.Numeric numeric -> mask(numeric.stored());
            case Profile.Encoding.Listed listed -> mask(listed.stored());
            case Profile.Encoding.Loop _, Profile.Encoding.Text _ ->
                    Collections.nCopies(encoding.length(), 0xFFFF);
        };
    }

    private static List<Integer> mask(Profile.Stored stored) {
        return Arrays.stream(RegisterEncoder.mask(stored)).boxed().toList();
    }

    /** The bits of this place for yes or no; only of a bit place. */
    int[] flag(boolean isSet) {
        return new int[] {isSet ? mask().getFirst() : 0};
    }

    IllegalArgumentException misfit(String why) {
        return new IllegalArgumentException("point " + name + ": " + why);
    }
}
