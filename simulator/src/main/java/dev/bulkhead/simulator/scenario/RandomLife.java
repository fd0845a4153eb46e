package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.rules.site.Wire;
import dev.bulkhead.simulator.plant.Happening;
import dev.bulkhead.simulator.scenario.Life.Spell;
import dev.bulkhead.simulator.scenario.Scenario.Timed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Draws the life of a facility: devices and gateways that fail and come back, mains failures, work
 * on breakers, an agent that is killed, and in most lives one battery fire near the end. All rates
 * are chosen so that a night has more trouble than a year of a real site; none is a statistic.
 */
public final class RandomLife {
    /** Nothing happens before: a rack's voltage votes only after the rack was idle that long. */
    private static final Duration SETTLED = Duration.ofMinutes(15);

    /** From the short to the end of the life: with 50 mΩ a cell runs away within 20 minutes. */
    private static final Duration FIRE_TAKES = Duration.ofMinutes(45);

    private static final double FIRE_SHARE = 0.6;
    private static final double LASTING_SHARE = 0.3;
    private static final double KILL_SHARE = 0.5;

    /** Between two things that happen, on average. */
    private static final Duration BETWEEN = Duration.ofMinutes(15);

    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(40);

    /** Plant time at which every life begins. */
    public static final Instant START = Instant.parse("2026-01-15T06:00:00Z");

    private final Site site;
    private final SplittableRandom random;
    private final Duration length;
    private final List<Timed> timeline = new ArrayList<>();
    private final List<Spell> spells = new ArrayList<>();

    private RandomLife(Site site, SplittableRandom random, Duration length) {
        this.site = site;
        this.random = random;
        this.length = length;
    }

    /**
     * Draws a life; the same arguments give the same one.
     *
     * @param length an hour or more
     */
    public static Life draw(Site site, long seed, Duration length) {
        if (length.compareTo(SETTLED.plus(FIRE_TAKES)) < 0) {
            throw new IllegalArgumentException("a life of " + length + " has no room for a fire");
        }
        return new RandomLife(site, new SplittableRandom(seed), length).life(seed);
    }

    private Life life(long seed) {
        List<Runnable> kinds = passing();
        long things = length.minus(SETTLED).dividedBy(BETWEEN);
        for (long thing = 0; thing < things; thing++) {
            oneOf(kinds).run();
        }
        if (random.nextDouble() < LASTING_SHARE) {
            oneOf(lasting()).run();
        }
        if (random.nextDouble() < FIRE_SHARE) {
            fire();
        }
        List<Duration> kills =
                random.nextDouble() < KILL_SHARE ? List.of(between(SETTLED, length)) : List.of();
        var scenario =
                new Scenario(
                        "Life " + seed,
                        new Scenario.Source.Assumed("drawn from seed " + seed),
                        "",
                        "",
                        START,
                        length,
                        timeline,
                        Optional.empty(),
                        new Scenario.Stop(Optional.of(Duration.ofMinutes(10)), length));
        return new Life(scenario, spells, kills);
    }

    /** What comes and goes. */
    private List<Runnable> passing() {
        List<Runnable> kinds = new ArrayList<>(Collections.nCopies(8, this::silentDevice));
        kinds.addAll(Collections.nCopies(3, this::frozenGateway));
        kinds.add(this::mainsFailure);
        kinds.add(this::workInLocal);
        kinds.add(this::stringOutOfService);
        return kinds;
    }

    /** What stays so until the end. */
    private List<Runnable> lasting() {
        return List.of(
                () -> toTheEnd("breaker-sticks", Happening.BreakerSticks::new),
                () -> toTheEnd("breaker-lies", this::lies),
                () -> toTheEnd("control-supply-lost", Happening.ControlSupplyLost::new),
                () -> toTheEnd("trip-circuit-broken", Happening.TripCircuitBroken::new),
                this::leak);
    }

    private Happening lies(BreakerId breaker) {
        return new Happening.BreakerLies(breaker, oneOf(List.of(Position.values())));
    }

    private void fire() {
        Duration at = between(length.dividedBy(2), length.minus(FIRE_TAKES));
        BatteryString string = oneOf(List.copyOf(site.strings().values()));
        var fault =
                new Happening.InternalShort(
                        string.id(),
                        random.nextInt(1, string.modules() + 1),
                        random.nextInt(1, string.cellsPerModule() + 1),
                        random.nextInt(10, 51));
        happens(at, fault);
        note(
                Spell.FIRE,
                at,
                Optional.empty(),
                Set.of(string.room()),
                Set.of(),
                string.id() + "/" + fault.module() + " " + fault.milliohms() + " mΩ");
    }

    private void silentDevice() {
        Device device = oneOf(List.copyOf(site.devices().values()));
        Stretch stretch = stretch();
        add(stretch.from, new Incident.DeviceFallsSilent(device.id()));
        add(stretch.to, new Incident.DeviceAnswersAgain(device.id()));
        note(Spell.SILENCE, stretch, Set.of(device.id()), device.id().value());
    }

    private void frozenGateway() {
        GatewayId gateway = oneOf(List.copyOf(site.gateways().keySet()));
        Stretch stretch = stretch();
        add(stretch.from, new Incident.GatewayFreezes(gateway));
        add(stretch.to, new Incident.GatewayThaws(gateway));
        note(Spell.SILENCE, stretch, behind(gateway), "gateway " + gateway);
    }

    private Set<DeviceId> behind(GatewayId gateway) {
        return site.devices().values().stream()
                .filter(device -> device.gateway().equals(gateway))
                .map(Device::id)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void mainsFailure() {
        Duration from = between(SETTLED, length);
        Duration to = from.plus(between(SHORTEST, Duration.ofMinutes(8)));
        happens(from, new Happening.UtilityLost());
        happens(to, new Happening.UtilityRestored());
        note(
                "utility-lost",
                from,
                Optional.of(to),
                Set.copyOf(site.batteryRooms()),
                Set.of(),
                "the utility");
    }

    private void workInLocal() {
        BreakerId breaker = boundaryBreaker();
        Stretch stretch = stretch();
        happens(stretch.from, new Happening.SetLocal(breaker, true));
        happens(stretch.to, new Happening.SetLocal(breaker, false));
        note("set-local", stretch, breaker);
    }

    /** A string is taken out for work, and comes back. */
    private void stringOutOfService() {
        BreakerId breaker = oneOf(List.copyOf(site.strings().values())).breaker();
        Stretch stretch = stretch();
        happens(stretch.from, new Happening.OpenByHand(breaker));
        happens(stretch.to, new Happening.CloseByHand(breaker));
        note(Spell.OPEN_BY_HAND, stretch, breaker);
    }

    private void toTheEnd(String kind, Function<BreakerId, Happening> happening) {
        BreakerId breaker = boundaryBreaker();
        Duration from = between(SETTLED, length);
        happens(from, happening.apply(breaker));
        note(kind, from, Optional.empty(), roomsOf(breaker), Set.of(), breaker.value());
    }

    private void leak() {
        RoomId room = oneOf(site.batteryRooms());
        Duration from = between(SETTLED, length);
        happens(from, new Happening.WaterLeak(room));
        note("water-leak", from, Optional.empty(), Set.of(room), Set.of(), "room " + room);
    }

    private BreakerId boundaryBreaker() {
        return oneOf(site.boundaryOf(oneOf(site.batteryRooms())));
    }

    private Set<RoomId> roomsOf(BreakerId breaker) {
        return rooms(room -> site.boundaryOf(room).contains(breaker));
    }

    private Set<RoomId> rooms(Predicate<RoomId> which) {
        return site.batteryRooms().stream()
                .filter(which)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The battery rooms a device tells of: what is in them, bounds them or is backed by them. */
    private Set<RoomId> roomsOf(DeviceId id) {
        Device device = Site.known(site.devices(), id);
        List<Subject> subjects =
                Stream.of(
                                device.of().stream(),
                                device.members().stream(),
                                device.wires().stream().map(Wire::of))
                        .flatMap(Function.identity())
                        .toList();
        return rooms(room -> subjects.stream().anyMatch(of -> concerns(room, of)));
    }

    private boolean concerns(RoomId room, Subject of) {
        return switch (of) {
            case Subject.OfBreaker(BreakerId breaker) -> site.boundaryOf(room).contains(breaker);
            case Subject.OfNode(var node) when site.ups().containsKey(node) ->
                    site.busbarsIn(room).anyMatch(busbar -> busbar.ups().equals(node));
            default -> site.roomOf(of).equals(room);
        };
    }

    private record Stretch(Duration from, Duration to) {}

    /** From a few seconds to most of an hour; short ones as likely as long ones. */
    private Stretch stretch() {
        double share = random.nextDouble();
        double seconds =
                SHORTEST.toSeconds()
                        * StrictMath.pow(
                                (double) LONGEST.toSeconds() / SHORTEST.toSeconds(), share);
        Duration from = between(SETTLED, length);
        return new Stretch(from, from.plusMillis((long) (seconds * 1000)));
    }

    private Duration between(Duration first, Duration last) {
        return first.plusMillis(random.nextLong(last.minus(first).toMillis()));
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private void happens(Duration at, Happening happening) {
        add(at, new Incident.Befalls(happening));
    }

    /** What would end after the end of the life doesn't end. */
    private void add(Duration at, Incident incident) {
        if (at.compareTo(length) <= 0) {
            timeline.add(new Timed(at, incident));
        }
    }

    private void note(String kind, Stretch stretch, Set<DeviceId> devices, String text) {
        Set<RoomId> rooms =
                devices.stream()
                        .flatMap(device -> roomsOf(device).stream())
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        note(kind, stretch.from, Optional.of(stretch.to), rooms, devices, text);
    }

    private void note(String kind, Stretch stretch, BreakerId breaker) {
        note(
                kind,
                stretch.from,
                Optional.of(stretch.to),
                roomsOf(breaker),
                Set.of(),
                breaker.value());
    }

    private void note(
            String kind,
            Duration from,
            Optional<Duration> to,
            Set<RoomId> rooms,
            Set<DeviceId> devices,
            String text) {
        spells.add(new Spell(kind, from, to, rooms, devices, kind + " " + text));
    }
}
