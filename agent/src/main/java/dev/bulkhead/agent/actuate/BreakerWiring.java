package dev.bulkhead.agent.actuate;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Group;
import dev.bulkhead.rules.profile.Profile.Output;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where each breaker that can be tripped from afar is selected, tripped and read. */
public final class BreakerWiring {
    // The names every panel's profile gives its two outputs.
    private static final String SELECT = "select";
    private static final String TRIP = "trip";

    /**
     * A breaker's place on its panel.
     *
     * @param select the coil that selects
     * @param trip the coil that trips what is selected
     * @param table of the status register
     * @param status the register with the auxiliary contacts
     */
    record Terminals(
            GatewayId gateway,
            int unit,
            int select,
            int trip,
            Table table,
            int status,
            Encoding.Contacts contacts) {}

    private final Map<BreakerId, Terminals> terminals = new LinkedHashMap<>();

    private BreakerWiring() {}

    /**
     * Finds the breakers of a site's panels: members of a group that can select, trip and tell the
     * position.
     *
     * @throws IllegalArgumentException if two panels have outputs for one breaker: which of them is
     *     really wired to it can't be known
     */
    public static BreakerWiring of(Site site, Map<ProfileId, Profile> profiles) {
        var wiring = new BreakerWiring();
        for (Device device : site.devices().values()) {
            Optional.ofNullable(profiles.get(device.profile()))
                    .ifPresent(
                            profile ->
                                    profile.groups().forEach(group -> wiring.add(device, group)));
        }
        return wiring;
    }

    private void add(Device device, Group group) {
        Optional<Integer> select = coil(group, SELECT);
        Optional<Integer> trip = coil(group, TRIP);
        Optional<Point> position =
                group.points().stream()
                        .filter(point -> point.encoding() instanceof Encoding.Contacts)
                        .findFirst();
        if (select.isEmpty() || trip.isEmpty() || position.isEmpty()) {
            return;
        }
        for (int item = 0; item < Math.min(group.count(), device.members().size()); item++) {
            if (device.members().get(item) instanceof Subject.OfBreaker(BreakerId breaker)
                    && position.get().encoding() instanceof Encoding.Contacts contacts) {
                var place =
                        new Terminals(
                                device.gateway(),
                                device.unit(),
                                select.get() + item * group.coilStride(),
                                trip.get() + item * group.coilStride(),
                                position.get().table(),
                                position.get().address() + item * group.stride(),
                                contacts);
                if (terminals.put(breaker, place) != null) {
                    throw new IllegalArgumentException("two panels trip " + breaker);
                }
            }
        }
    }

    private static Optional<Integer> coil(Group group, String name) {
        return group.outputs().stream()
                .filter(output -> output.name().equals(name))
                .map(Output::address)
                .findFirst();
    }

    Optional<Terminals> terminals(BreakerId breaker) {
        return Optional.ofNullable(terminals.get(breaker));
    }
}
