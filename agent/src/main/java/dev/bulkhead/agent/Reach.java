package dev.bulkhead.agent;

import dev.bulkhead.agent.modbus.Change;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.profile.Profile.Group;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a change would act on, by the site's documents.
 *
 * <p>A device with an armed breaker is not written to at all, and not only its coils: the tables of
 * a device may be one memory (Modbus application protocol 1.1b3, section 4.3), so a holding
 * register may be the coils of a breaker.
 *
 * @param breakers that the devices of the unit act on
 * @param outputs that the change is of
 * @param points that the change is of, wholly or in part
 */
record Reach(Collection<BreakerId> breakers, List<Output> outputs, List<String> points) {
    /**
     * A coil that does something.
     *
     * @param breaker that it acts on; empty: the site doesn't say
     */
    record Output(String name, int address, Optional<BreakerId> breaker) {}

    /**
     * What a change at a unit would act on: at one address there may be several devices, behind
     * gateways of several names.
     */
    static Reach of(Documented site, Device device, Change change) {
        var breakers = new TreeSet<BreakerId>();
        var outputs = new ArrayList<Output>();
        var points = new ArrayList<String>();
        for (Device other : site.facility().site().devices().values()) {
            if (other.unit() == device.unit()
                    && Places.areOne(link(site, other), link(site, device))) {
                Profile profile = site.profileOf(other);
                List<Output> all =
                        profile.groups().stream().flatMap(group -> outputs(other, group)).toList();
                all.forEach(output -> output.breaker().ifPresent(breakers::add));
                all.stream()
                        .filter(
                                output ->
                                        new Extent(Table.COIL, output.address(), 1)
                                                .overlaps(change.extent()))
                        .forEach(outputs::add);
                points.addAll(points(profile, change.extent()));
            }
        }
        return new Reach(breakers, outputs, points);
    }

    private static Link link(Documented site, Device device) {
        return site.gateway(device.gateway().value()).link();
    }

    private static Stream<Output> outputs(Device device, Group group) {
        return IntStream.rangeClosed(1, group.count())
                .boxed()
                .flatMap(
                        item ->
                                group.outputs().stream()
                                        .map(
                                                output ->
                                                        new Output(
                                                                group.qualified(
                                                                        item, output.name()),
                                                                output.address()
                                                                        + (item - 1)
                                                                                * group
                                                                                        .coilStride(),
                                                                breaker(device, item))));
    }

    private static Optional<BreakerId> breaker(Device device, int item) {
        return device.members().stream()
                .skip(item - 1L)
                .findFirst()
                .flatMap(
                        member ->
                                member instanceof Subject.OfBreaker(BreakerId breaker)
                                        ? Optional.of(breaker)
                                        : Optional.empty());
    }

    private static List<String> points(Profile profile, Extent extent) {
        var names = new ArrayList<String>();
        profile.points().stream()
                .filter(point -> point.extent().overlaps(extent))
                .forEach(point -> names.add(point.name()));
        for (Group group : profile.groups()) {
            for (int item = 1; item <= group.count(); item++) {
                for (Point point : group.points()) {
                    boolean isBit = point.table() == Table.COIL || point.table() == Table.DISCRETE;
                    int higher = (item - 1) * (isBit ? group.coilStride() : group.stride());
                    Extent one = point.extent();
                    if (new Extent(one.table(), one.address() + higher, one.count())
                            .overlaps(extent)) {
                        names.add(group.qualified(item, point.name()));
                    }
                }
            }
        }
        return names;
    }

    /**
     * Why this may not be written.
     *
     * @param named the breaker that the person says it acts on
     */
    Optional<String> objection(Documented site, Optional<BreakerId> named) {
        if (!breakers.isEmpty() && site.armed().isEmpty()) {
            return Optional.of(
                    "the device acts on breakers, and whether one of them is armed only the"
                            + " agent.yaml says: give it instead of the site.yaml");
        }
        List<BreakerId> armed =
                breakers.stream()
                        .filter(breaker -> site.armed().orElseThrow().contains(breaker))
                        .toList();
        if (!armed.isEmpty()) {
            return Optional.of(
                    "the device acts on armed breakers (%s); nothing is written to it until they are disarmed"
                            .formatted(joined(armed)));
        }
        for (Output output : outputs) {
            if (output.breaker().isEmpty()) {
                return Optional.of(
                        "coil %d is %s, and the site doesn't say which breaker that is"
                                .formatted(output.address(), output.name()));
            }
        }
        return outputs.isEmpty() ? strayed(named) : mistaken(named);
    }

    private static Optional<String> strayed(Optional<BreakerId> named) {
        return named.map("this is no coil of breaker %s's"::formatted);
    }

    private Optional<String> mistaken(Optional<BreakerId> named) {
        Output output = outputs.getFirst();
        BreakerId breaker = output.breaker().orElseThrow();
        if (outputs.size() > 1) {
            return Optional.of("these are several coils of breakers; they are written one by one");
        }
        return named.equals(Optional.of(breaker))
                ? Optional.empty()
                : Optional.of(
                        "coil %d is %s, of breaker %s; say --breaker %s if that is meant"
                                .formatted(output.address(), output.name(), breaker, breaker));
    }

    /** In words what stands where the change would be made; empty: nothing is known to. */
    Optional<String> words() {
        List<String> all =
                Stream.concat(
                                outputs.stream()
                                        .map(
                                                output ->
                                                        output.name()
                                                                + output.breaker()
                                                                        .map(
                                                                                " of breaker %s"
                                                                                        ::formatted)
                                                                        .orElse("")),
                                points.stream())
                        .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", all));
    }

    static String joined(Collection<BreakerId> breakers) {
        return String.join(", ", breakers.stream().map(BreakerId::value).toList());
    }
}
