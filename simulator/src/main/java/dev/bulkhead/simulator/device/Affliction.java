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
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    /** So many names are read in a message. */
    private static final int FEW = 8;

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
        if (kind.making() instanceof FaultKind.OfPoint(var _, var _, var make)
                && target instanceof Target.OfPoint(var _, String point)) {
            return make.make(point, with);
        }
        if (kind.making() instanceof FaultKind.OfPair(var make)
                && target instanceof Target.OfPair pair) {
            return make.make(pair, with);
        }
        if (kind.making() instanceof FaultKind.OfGateway(var make)
                && target instanceof Target.OfGateway) {
            return make.apply(with);
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
            case FaultKind.OfPoint(var _, var fits, var _) ->
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
                            Optional<Affliction> read =
                                    target(table, kind, site, profiles)
                                            .map(target -> of(kind, target, numbers));
                            read.flatMap(it -> FaultKind.senseless(it.fault()))
                                    .ifPresent(it -> table.wrong(it.getKey(), it.getValue()));
                            return read;
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
            passOver(table);
            return Optional.empty();
        }
        String name = entry.get().asText();
        Optional<FaultKind> kind = FaultKind.named(name);
        if (kind.isEmpty()) {
            passOver(table);
            List<String> known = Arrays.stream(FaultKind.values()).map(FaultKind::text).toList();
            entry.get().wrong("there is no fault '" + name + "'" + Document.nearest(name, known));
        }
        return kind;
    }

    /** Nobody knows which keys were meant. */
    private static void passOver(Table table) {
        table.entries();
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
        boolean isOfGateway = kind.making() instanceof FaultKind.OfGateway;
        String key = isOfGateway ? "gateway" : "device";
        String other = isOfGateway ? "device" : "gateway";
        if (!table.has(key) && table.has(other)) {
            passOver(table);
            table.wrong(other, "%s is of a %s; expected '%s' instead".formatted(kind, key, key));
            return Optional.empty();
        }
        return switch (kind.making()) {
            case FaultKind.OfGateway _ ->
                    known(table, "gateway", site.gateways(), GatewayId::new)
                            .map(Target.OfGateway::new);
            case FaultKind.OfDevice _ ->
                    known(table, "device", site.devices(), DeviceId::new).map(Target.OfDevice::new);
            case FaultKind.OfPair _ -> {
                Optional<Entry> with = needed(table, "with");
                yield device(table, site)
                        .flatMap(device -> with.flatMap(entry -> pair(entry, site, device)));
            }
            case FaultKind.OfPoint of -> {
                Optional<Entry> point = needed(table, "point");
                yield device(table, site)
                        .flatMap(
                                device ->
                                        point.flatMap(
                                                entry ->
                                                        point(
                                                                entry, kind, of, site, device,
                                                                profiles)));
            }
        };
    }

    private static Optional<Device> device(Table table, Site site) {
        return known(table, "device", site.devices(), DeviceId::new)
                .map(id -> Site.known(site.devices(), id));
    }

    private static Optional<Target> pair(Entry entry, Site site, Device device) {
        String name = entry.asText();
        List<String> others = others(site, device).map(DeviceId::value).toList();
        if (others.contains(name)) {
            return Optional.of(new Target.OfPair(device.id(), new DeviceId(name)));
        }
        entry.wrong(
                "'%s' is no other device behind %s, the gateway of %s; %s"
                        .formatted(name, device.gateway(), device.id(), choice(name, others)));
        return Optional.empty();
    }

    private static Optional<Target> point(
            Entry entry,
            FaultKind kind,
            FaultKind.OfPoint of,
            Site site,
            Device device,
            Map<ProfileId, Profile> profiles) {
        String name = entry.asText();
        List<String> fitting = points(site, device, profiles, of.fits());
        if (fitting.contains(name)) {
            return Optional.of(new Target.OfPoint(device.id(), name));
        }
        List<String> all = points(site, device, profiles, _ -> true);
        entry.wrong(
                all.contains(name)
                        ? "%s is of %s, which %s of %s isn't; %s"
                                .formatted(
                                        kind, of.words(), name, device.id(), choice(name, fitting))
                        : "%s shows nothing of the plant at a point '%s'; %s"
                                .formatted(device.id(), name, choice(name, all)));
        return Optional.empty();
    }

    /** What could stand instead of a name. */
    private static String choice(String name, List<String> known) {
        if (known.isEmpty()) {
            return "there is none";
        }
        String nearest = Document.nearest(name, known);
        return nearest.isEmpty() || known.size() <= FEW
                ? "expected one of "
                        + String.join(", ", known.subList(0, Math.min(FEW, known.size())))
                        + (known.size() > FEW ? " and %d more".formatted(known.size() - FEW) : "")
                : nearest.substring(2);
    }

    /** What a key names; a problem if that is none of these. */
    private static <K> Optional<K> known(
            Table table, String key, Map<K, ?> things, Function<String, K> id) {
        Optional<Entry> entry = needed(table, key);
        Optional<K> named = entry.map(it -> id.apply(it.asText())).filter(things::containsKey);
        if (named.isEmpty()) {
            entry.ifPresent(it -> unknown(it, key, things));
        }
        return named;
    }

    private static void unknown(Entry entry, String key, Map<?, ?> things) {
        String name = entry.asText();
        entry.wrong(
                "the site has no "
                        + key
                        + " '"
                        + name
                        + "'"
                        + Document.nearest(
                                name, things.keySet().stream().map(Object::toString).toList()));
    }

    private static Optional<Entry> needed(Table table, String key) {
        Optional<Entry> entry = table.find(key);
        if (entry.isEmpty()) {
            table.entry().wrong("'" + key + "' is missing");
        }
        return entry;
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
        /** What and where, as in {@code drift of A1-climate, point ai1}. */
        public String words() {
            return kind + " of " + target.words();
        }

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
