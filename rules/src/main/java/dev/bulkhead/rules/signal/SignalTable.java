package dev.bulkhead.rules.signal;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.rules.site.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every signal of a site, in the order of its devices and their points. The index of a signal is
 * its place here.
 */
public final class SignalTable {
    private record Place(Subject of, Role role) {}

    private final List<Signal> signals = new ArrayList<>();
    private final Map<SignalId, Signal> byId = new HashMap<>();
    private final Map<Place, List<Signal>> byPlace = new HashMap<>();
    private final Map<Role, List<Signal>> byRole = new HashMap<>();
    private final Map<DeviceId, List<Signal>> byDevice = new HashMap<>();

    private SignalTable() {}

    /**
     * Wires a site's devices to what they are of.
     *
     * @throws IllegalArgumentException if the site names a profile or point that isn't there; a
     *     parsed site doesn't
     */
    public static SignalTable of(Site site, Map<ProfileId, Profile> profiles) {
        var table = new SignalTable();
        for (Device device : site.devices().values()) {
            Profile profile = profiles.get(device.profile());
            if (profile == null) {
                throw new IllegalArgumentException(
                        "device " + device.id() + ": no profile " + device.profile());
            }
            table.add(site, device, profile);
        }
        return table;
    }

    private void add(Site site, Device device, Profile profile) {
        for (Profile.Point point : profile.points()) {
            point.role()
                    .ifPresent(
                            role ->
                                    device.of()
                                            .ifPresent(
                                                    of ->
                                                            add(
                                                                    site,
                                                                    device,
                                                                    point.name(),
                                                                    role,
                                                                    of)));
        }
        for (Profile.Group group : profile.groups()) {
            for (int item = 1; item <= group.count(); item++) {
                Optional<Subject> of = subject(site, device, item);
                for (Profile.Point point : group.points()) {
                    String name = group.qualified(item, point.name());
                    point.role()
                            .ifPresent(
                                    role ->
                                            of.ifPresent(
                                                    subject ->
                                                            add(
                                                                    site, device, name, role,
                                                                    subject)));
                }
            }
        }
        for (Wire wire : device.wires()) {
            add(site, device, wire.point(), wire.role(), wire.of());
        }
    }

    /** What item {@code item} of a device's group is of: its member, or a module of its string. */
    private static Optional<Subject> subject(Site site, Device device, int item) {
        if (!device.members().isEmpty()) {
            return item <= device.members().size()
                    ? Optional.of(device.members().get(item - 1))
                    : Optional.empty();
        }
        return device.of()
                .filter(Subject.OfNode.class::isInstance)
                .map(Subject.OfNode.class::cast)
                .filter(string -> item <= modules(site, string.node()))
                .map(string -> new Subject.OfModule(string.node(), item));
    }

    private static int modules(Site site, NodeId string) {
        return Optional.ofNullable(site.strings().get(string))
                .map(BatteryString::modules)
                .orElse(0);
    }

    private void add(Site site, Device device, String point, Role role, Subject of) {
        var id = new SignalId(device.id() + "." + point);
        var signal =
                new Signal(
                        signals.size(),
                        id,
                        device.id(),
                        device.gateway(),
                        point,
                        role,
                        of,
                        site.roomOf(of));
        signals.add(signal);
        byId.put(id, signal);
        byPlace.computeIfAbsent(new Place(of, role), _ -> new ArrayList<>()).add(signal);
        byRole.computeIfAbsent(role, _ -> new ArrayList<>()).add(signal);
        byDevice.computeIfAbsent(device.id(), _ -> new ArrayList<>()).add(signal);
    }

    public int size() {
        return signals.size();
    }

    public Signal get(int index) {
        return signals.get(index);
    }

    public List<Signal> all() {
        return List.copyOf(signals);
    }

    public Optional<Signal> find(SignalId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The points of a device that say anything, qualified inside a group. */
    public Set<String> pointsOf(DeviceId device) {
        return ofDevice(device).stream().map(Signal::point).collect(Collectors.toSet());
    }

    /** The signals that say the same of the same thing; more than one where sensors are doubled. */
    public List<Signal> of(Subject subject, Role role) {
        return List.copyOf(byPlace.getOrDefault(new Place(subject, role), List.of()));
    }

    public List<Signal> with(Role role) {
        return List.copyOf(byRole.getOrDefault(role, List.of()));
    }

    public List<Signal> ofDevice(DeviceId device) {
        return List.copyOf(byDevice.getOrDefault(device, List.of()));
    }
}
