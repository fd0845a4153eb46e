package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.Document.Table;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A fault in its place: what a scenario inflicts, and mends again.
 *
 * <p>In a file it is a mapping with {@code fault}, a {@link FaultKind}'s name; where it is, by
 * {@code gateway}, or {@code device} and, as the kind wants it, {@code point} or {@code with}; and
 * the kind's parameters, each of which may be left out.
 */
public record Affliction(Target target, Fault fault) {

    /**
     * One with the parameters given, and the standard for all others.
     *
     * @param numbers durations in seconds
     * @throws IllegalArgumentException if the kind is of something else, or has no such parameter
     */
    public static Affliction of(FaultKind kind, Target target, Map<String, Double> numbers) {
        Map<String, Double> all = new HashMap<>();
        kind.parameters().forEach(each -> all.put(each.name(), each.standard()));
        numbers.forEach(
                (name, number) -> {
                    if (all.put(name, number) == null) {
                        throw new IllegalArgumentException(kind + " has no parameter " + name);
                    }
                });
        return new Affliction(target, fault(kind, target, new FaultKind.Arguments(all)));
    }

    private static Fault fault(FaultKind kind, Target target, FaultKind.Arguments with) {
        if (kind.making() instanceof FaultKind.OfDevice(var make)
                && target instanceof Target.OfDevice) {
            return make.apply(with);
        }
        if (kind.making() instanceof FaultKind.OfPoint(var _, var make)
                && target instanceof Target.OfPoint(var _, String point)) {
            return make.make(point, with);
        }
        if (kind.making() instanceof FaultKind.OfPair(var make)
                && target instanceof Target.OfPair pair) {
            return make.make(pair, with);
        }
        if (kind.making() instanceof FaultKind.OfGateway(var fault)
                && target instanceof Target.OfGateway) {
            return fault;
        }
        throw new IllegalArgumentException(kind + " is no fault of " + target);
    }

    /** All that a kind of fault can be of, in the order of the site's file. */
    public static List<Target> targets(
            FaultKind kind, Site site, Map<ProfileId, Profile> profiles) {
        return switch (kind.making()) {
            case FaultKind.OfGateway _ ->
                    site.gateways().keySet().stream().<Target>map(Target.OfGateway::new).toList();
            case FaultKind.OfDevice _ ->
                    site.devices().keySet().stream().<Target>map(Target.OfDevice::new).toList();
            case FaultKind.OfPair _ ->
                    site.devices().values().stream()
                            .flatMap(
                                    device ->
                                            others(site, device)
                                                    .<Target>map(
                                                            with ->
                                                                    new Target.OfPair(
                                                                            device.id(), with)))
                            .toList();
            case FaultKind.OfPoint(var fits, var _) ->
                    site.devices().values().stream()
                            .flatMap(
                                    device ->
                                            points(site, device, profiles, fits).stream()
                                                    .<Target>map(
                                                            point ->
                                                                    new Target.OfPoint(
                                                                            device.id(), point)))
                            .toList();
        };
    }

    private static Stream<DeviceId> others(Site site, Device device) {
        return site.devices().values().stream()
                .filter(other -> other.gateway().equals(device.gateway()))
                .map(Device::id)
                .filter(other -> !other.equals(device.id()));
    }

    private static List<String> points(
            Site site, Device device, Map<ProfileId, Profile> profiles, Predicate<Place> fits) {
        Profile profile = profiles.get(device.profile());
        return profile == null
                ? List.of()
                : Place.of(site, device, profile).values().stream()
                        .filter(place -> place.source().isPresent() && fits.test(place))
                        .map(Place::name)
                        .toList();
    }

    /** Reads one from a file; empty if something is wrong, which is noted there. */
    public static Optional<Affliction> read(
            Table table, Site site, Map<ProfileId, Profile> profiles) {
        return kind(table)
                .flatMap(
                        kind -> {
                            Map<String, Double> numbers = new HashMap<>();
                            for (FaultKind.Parameter each : kind.parameters()) {
                                table.find(each.name())
                                        .ifPresent(
                                                entry ->
                                                        numbers.put(
                                                                each.name(), number(each, entry)));
                            }
                            return target(table, kind, site, profiles)
                                    .map(target -> of(kind, target, numbers));
                        });
    }

    /**
     * Reads which of a file's afflictions end: a mapping with {@code fault} and where it is,
     * without parameters; empty if something is wrong, which is noted there.
     */
    public static Optional<Mending> readMending(
            Table table, Site site, Map<ProfileId, Profile> profiles) {
        return kind(table)
                .flatMap(
                        kind ->
                                target(table, kind, site, profiles)
                                        .map(target -> new Mending(kind, target)));
    }

    private static Optional<FaultKind> kind(Table table) {
        Optional<Entry> entry = table.find("fault");
        if (entry.isEmpty()) {
            table.entry().wrong("'fault' is missing");
            return Optional.empty();
        }
        String name = entry.get().asText();
        Optional<FaultKind> kind = FaultKind.named(name);
        if (kind.isEmpty()) {
            List<String> known = Arrays.stream(FaultKind.values()).map(FaultKind::text).toList();
            entry.get().wrong("there is no fault '" + name + "'" + Document.nearest(name, known));
        }
        return kind;
    }

    private static double number(FaultKind.Parameter parameter, Entry entry) {
        if (parameter.isWhole()) {
            return entry.asInteger((int) parameter.low(), (int) parameter.high());
        }
        if (!parameter.isTime()) {
            return entry.asNumber(parameter.low(), parameter.high());
        }
        double seconds = entry.asDuration().toNanos() / 1e9;
        if (seconds < parameter.low() || seconds > parameter.high()) {
            entry.wrong("expected " + parameter.low() + " s to " + parameter.high() + " s");
        }
        return seconds;
    }

    private static Optional<Target> target(
            Table table, FaultKind kind, Site site, Map<ProfileId, Profile> profiles) {
        return switch (kind.making()) {
            case FaultKind.OfGateway _ ->
                    known(table, "gateway", site.gateways(), GatewayId::new)
                            .map(Target.OfGateway::new);
            case FaultKind.OfDevice _ ->
                    known(table, "device", site.devices(), DeviceId::new).map(Target.OfDevice::new);
            case FaultKind.OfPair _ ->
                    known(table, "device", site.devices(), DeviceId::new)
                            .flatMap(device -> pair(table, site, device));
            case FaultKind.OfPoint(var fits, var _) ->
                    known(table, "device", site.devices(), DeviceId::new)
                            .flatMap(
                                    device ->
                                            point(
                                                    table,
                                                    device,
                                                    points(
                                                            site,
                                                            Site.known(site.devices(), device),
                                                            profiles,
                                                            fits)));
        };
    }

    private static Optional<Target> pair(Table table, Site site, DeviceId device) {
        SequencedMap<DeviceId, DeviceId> others = new LinkedHashMap<>();
        others(site, Site.known(site.devices(), device)).forEach(each -> others.put(each, each));
        return known(table, "with", others, DeviceId::new)
                .map(with -> new Target.OfPair(device, with));
    }

    private static Optional<Target> point(Table table, DeviceId device, List<String> points) {
        SequencedMap<String, String> named = new LinkedHashMap<>();
        points.forEach(each -> named.put(each, each));
        return known(table, "point", named, name -> name)
                .map(point -> new Target.OfPoint(device, point));
    }

    /** What a key names; a problem if that is none of these. */
    private static <K> Optional<K> known(
            Table table, String key, Map<K, ?> things, Function<String, K> id) {
        Optional<Entry> entry = table.find(key);
        if (entry.isEmpty()) {
            table.entry().wrong("'" + key + "' is missing");
            return Optional.empty();
        }
        K named = id.apply(entry.get().asText());
        if (things.containsKey(named)) {
            return Optional.of(named);
        }
        entry.get()
                .wrong(
                        "no "
                                + key
                                + " '"
                                + named
                                + "' here that can have this fault"
                                + Document.nearest(
                                        named.toString(),
                                        things.keySet().stream().map(Object::toString).toList()));
        return Optional.empty();
    }

    /** What ends it. */
    public Mending mending() {
        return new Mending(FaultKind.of(fault), target);
    }

    /**
     * From now on it is so.
     *
     * @param gateways of the site; where its gateway is not among them, nobody is there to see
     */
    public void inflict(Site site, Map<GatewayId, SimulatedGateway> gateways) {
        SimulatedGateway gateway = gateways.get(target.gateway(site));
        if (gateway == null) {
            return;
        }
        switch (fault) {
            case Fault.OfGateway wrong -> gateway.inflict(wrong);
            case Fault.OfAnswer wrong -> gateway.inflict(target.device(), wrong);
            case Fault.OfValue wrong -> gateway.inflict(target.device(), wrong);
            case Fault.OfAddress wrong -> gateway.inflict(target.device(), wrong);
        }
    }

    /** Ends all faults of one kind in one place. */
    public record Mending(FaultKind kind, Target target) {
        /** Mends; what isn't broken stays whole. */
        public void mend(Site site, Map<GatewayId, SimulatedGateway> gateways) {
            SimulatedGateway gateway = gateways.get(target.gateway(site));
            if (gateway == null) {
                return;
            }
            switch (target) {
                case Target.OfGateway _ -> gateway.mend(this::isMeant);
                case Target.OfDevice _, Target.OfPoint _, Target.OfPair _ ->
                        gateway.mend(target.device(), this::isMeant);
            }
        }

        private boolean isMeant(Fault fault) {
            return FaultKind.of(fault) == kind
                    && switch (target) {
                        case Target.OfGateway _, Target.OfDevice _ -> true;
                        case Target.OfPoint(var _, String point) ->
                                fault instanceof Fault.OfPoint wrong && wrong.point().equals(point);
                        case Target.OfPair(var _, DeviceId with) ->
                                fault instanceof Fault.OfAddress wrong && wrong.with().equals(with);
                    };
        }
    }
}
