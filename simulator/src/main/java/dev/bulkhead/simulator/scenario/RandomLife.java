package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.rules.site.Wire;
import dev.bulkhead.simulator.device.Affliction;
import dev.bulkhead.simulator.device.Fault;
import dev.bulkhead.simulator.device.FaultKind;
import dev.bulkhead.simulator.device.Target;
import dev.bulkhead.simulator.plant.Happening;
import dev.bulkhead.simulator.scenario.Life.Spell;
import dev.bulkhead.simulator.scenario.Scenario.Timed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Draws the life of a facility: devices and gateways that fail and come back, mains failures, work
 * on breakers, smoke, vapour and heat from elsewhere, an agent that is killed, and in most lives
 * one battery fire near the end. All rates are chosen so that a night has more trouble than a year
 * of a real site; none is a statistic.
 */
public final class RandomLife {
    /** Nothing happens before: a rack's voltage votes only after the rack was idle that long. */
    private static final Duration SETTLED = Duration.ofMinutes(15);

    /** From the short to the end of the life: with 50 mΩ a cell runs away within 20 minutes. */
    private static final Duration FIRE_TAKES = Duration.ofMinutes(45);

    /** Before the end of the life; a room that burnt doesn't come back. */
    private static final Duration FIRE_FROM = Duration.ofHours(2);

    private static final double FIRE_SHARE = 0.6;
    private static final double LASTING_SHARE = 0.3;
    private static final double KILL_SHARE = 0.5;

    /** How long a killed agent's supervisor takes to start it again (assumption). */
    private static final Duration RESTART = Duration.ofSeconds(3);

    /** Things in a room that look like a beginning fire, tried in each life. */
    private static final int LOOKALIKES = 2;

    /**
     * Between such a thing and another, a false sensor or a fire in its room: the longest for which
     * the shipped conditions let evidence count.
     */
    private static final Duration APART = Duration.ofMinutes(90);

    /** From the end of smoke to the reset of the detectors that it set off. */
    private static final Duration RESET_AFTER = Duration.ofMinutes(20);

    /** Between two things that happen, on average. */
    private static final Duration BETWEEN = Duration.ofMinutes(15);

    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(40);

    /** Plant time at which every life begins. */
    public static final Instant START = Instant.parse("2026-01-15T06:00:00Z");

    private final Site site;
    private final Map<ProfileId, Profile> profiles;
    private final SplittableRandom random;
    private final Duration length;
    private final List<Timed> timeline = new ArrayList<>();
    private final List<Spell> spells = new ArrayList<>();

    private RandomLife(
            Site site, Map<ProfileId, Profile> profiles, SplittableRandom random, Duration length) {
        this.site = site;
        this.profiles = profiles;
        this.random = random;
        this.length = length;
    }

    /**
     * Draws a life; the same arguments give the same one.
     *
     * @param length three hours or more
     */
    public static Life draw(
            Site site, Map<ProfileId, Profile> profiles, long seed, Duration length) {
        if (length.compareTo(SETTLED.plus(FIRE_FROM)) < 0) {
            throw new IllegalArgumentException("a life of " + length + " has no room for a fire");
        }
        return new RandomLife(site, profiles, new SplittableRandom(seed), length).life(seed);
    }

    private Life life(long seed) {
        if (random.nextDouble() < FIRE_SHARE) {
            fire();
        }
        for (int each = 0; each < LOOKALIKES; each++) {
            oneOf(lookalikes()).draw(oneOf(site.batteryRooms()), stretch());
        }
        long things = length.minus(SETTLED).dividedBy(BETWEEN);
        for (long thing = 0; thing < things; thing++) {
            passing();
        }
        if (random.nextDouble() < LASTING_SHARE) {
            oneOf(lasting()).run();
        }
        if (random.nextDouble() < KILL_SHARE) {
            timeline.add(
                    new Scenario.Timed(
                            between(SETTLED, length), new Incident.Dies(Victim.AGENT, RESTART)));
        }
        var scenario =
                new Scenario(
                        "Life " + seed,
                        new Scenario.Source.Assumed("drawn from seed " + seed),
                        "",
                        Optional.empty(),
                        List.of(),
                        START,
                        length,
                        timeline,
                        Optional.empty(),
                        Scenario.BMS_CYCLE,
                        new Scenario.Stop(Optional.empty(), length),
                        Optional.empty());
        return new Life(scenario, spells);
    }

    /** What comes and goes: in three of four cases what reads, else what is read. */
    private void passing() {
        switch (random.nextInt(12)) {
            case 0 -> mainsFailure();
            case 1 -> workInLocal();
            case 2 -> stringOutOfService();
            default -> fault();
        }
    }

    /** What stays so until the end. */
    private List<Runnable> lasting() {
        return List.of(
                () -> toTheEnd("breaker-sticks", Happening.BreakerSticks::new),
                () -> toTheEnd("breaker-lies", this::lies),
                () -> toTheEnd("control-supply-lost", Happening.ControlSupplyLost::new),
                () -> toTheEnd("trip-circuit-broken", Happening.TripCircuitBroken::new));
    }

    /** Draws a thing that befalls a room. */
    private interface Lookalike {
        void draw(RoomId room, Stretch stretch);
    }

    /** What a room's sensors show truly, and is no fire. */
    private List<Lookalike> lookalikes() {
        return List.of(
                this::smoke,
                this::vapour,
                (room, when) -> exhaust(List.of(room), when),
                (_, when) -> exhaust(site.batteryRooms(), when),
                this::bumpTest,
                this::fanStands,
                this::coolingFails,
                (room, when) -> agentReleased(room, when.from),
                this::insulationFalls,
                (room, when) -> leak(room, when.from));
    }

    private void smoke(RoomId room, Stretch when) {
        if (isPlain(List.of(room), when.from, Optional.empty())) {
            smoke(room, when, random.nextDouble(0.0002, 0.004));
            // What it sets off, as the extinguishing agent, stays.
            note("smoke-source", when.from, Optional.empty(), Set.of(room), "room " + room);
        }
    }

    private void smoke(RoomId room, Stretch when, double squareMetresPerSecond) {
        happens(when.from, new Happening.SmokeEnters(room, squareMetresPerSecond, when.length()));
        happens(when.to.plus(RESET_AFTER), new Happening.DetectorsReset(room));
    }

    private void vapour(RoomId room, Stretch when) {
        if (isPlain(List.of(room), when.from, Optional.of(when.to))) {
            double rate = random.nextDouble(0.01, 0.3);
            happens(when.from, new Happening.GasEnters(room, rate, when.length()));
            note("gas-source", when, Set.of(room), "room " + room);
        }
    }

    /** Of an engine at the air intakes of these rooms: smoke, and gas that sensors answer to. */
    private void exhaust(List<RoomId> rooms, Stretch when) {
        if (!isPlain(rooms, when.from, Optional.empty())) {
            return;
        }
        double smoke = random.nextDouble(0.0001, 0.001);
        double gas = random.nextDouble(0.02, 0.2);
        for (RoomId room : rooms) {
            smoke(room, when, smoke);
            happens(when.from, new Happening.GasEnters(room, gas, when.length()));
        }
        note("exhaust", when.from, Optional.empty(), Set.copyOf(rooms), "rooms " + rooms);
    }

    private void bumpTest(RoomId room, Stretch when) {
        if (!isPlain(List.of(room), when.from, Optional.of(when.to))) {
            return;
        }
        BatteryString rack =
                oneOf(
                        site.strings().values().stream()
                                .filter(string -> string.room().equals(room))
                                .toList());
        happens(when.from, new Happening.BumpTest(rack.id(), when.length()));
        note("bump-test", when, Set.of(room), rack.id().value());
    }

    private void fanStands(RoomId room, Stretch when) {
        if (isPlain(List.of(room), when.from, Optional.of(when.to))) {
            happens(when.from, new Happening.FanStops(room, true));
            happens(when.to, new Happening.FanStops(room, false));
            note("fan-stops", when, Set.of(room), "room " + room);
        }
    }

    private void coolingFails(RoomId room, Stretch when) {
        if (isPlain(List.of(room), when.from, Optional.empty())) {
            double rate = random.nextDouble(2, 30);
            happens(when.from, new Happening.CoolingFails(room, rate, when.length()));
            happens(when.to, new Happening.CoolingRuns(room, rate));
            note("cooling-fails", when.from, Optional.empty(), Set.of(room), "room " + room);
        }
    }

    private void agentReleased(RoomId room, Duration from) {
        if (isPlain(List.of(room), from, Optional.empty())) {
            happens(from, new Happening.AgentReleased(room));
            note("agent-released", from, Optional.empty(), Set.of(room), "room " + room);
        }
    }

    private void insulationFalls(RoomId room, Stretch when) {
        if (isPlain(List.of(room), when.from, Optional.of(when.to))) {
            Busbar busbar = oneOf(site.busbarsIn(room).toList());
            double kiloohms = random.nextDouble(5, 200);
            happens(when.from, new Happening.InsulationFalls(busbar.id(), kiloohms, when.length()));
            note("insulation-falls", when, Set.of(room), busbar.id().value());
        }
    }

    /**
     * Whether nothing else makes sensors of these rooms tell of trouble then, truly or not: two
     * kinds of evidence at a time are a fire to whoever has only evidence.
     */
    private boolean isPlain(Collection<RoomId> rooms, Duration from, Optional<Duration> to) {
        return isApart(
                spell -> spell.isFire() || spell.tellsOfTrouble(), rooms, from, to.orElse(length));
    }

    private boolean isApart(
            Predicate<Spell> what, Collection<RoomId> rooms, Duration from, Duration to) {
        return spells.stream()
                .filter(what)
                .filter(spell -> spell.rooms().stream().anyMatch(rooms::contains))
                .noneMatch(spell -> spell.isWithin(from.minus(APART), to.plus(APART)));
    }

    private Happening lies(BreakerId breaker) {
        return new Happening.BreakerLies(breaker, oneOf(List.of(Position.values())));
    }

    private void fire() {
        Duration at = between(length.minus(FIRE_FROM), length.minus(FIRE_TAKES));
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
                string.id() + "/" + fault.module() + " " + fault.milliohms() + " mΩ");
    }

    /**
     * Any fault of any device, point or gateway that can have it, a quarter to four times as bad.
     */
    private void fault() {
        FaultKind kind = oneOf(List.of(FaultKind.values()));
        List<Target> targets = Affliction.targets(kind, site, profiles);
        if (targets.isEmpty()) {
            return;
        }
        Target target = oneOf(targets);
        var affliction = Affliction.of(kind, target, parameters(kind));
        Stretch stretch = stretch();
        Set<DeviceId> devices = touched(target);
        Set<RoomId> rooms =
                devices.stream()
                        .flatMap(device -> roomsOf(device).stream())
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        Spell.Effect effect = effect(affliction.fault());
        String text = kind.text() + " " + words(target);
        if (effect == Spell.Effect.FALSE
                && !isApart(Spell::looksLikeAFire, rooms, stretch.from, stretch.to)) {
            return;
        }
        // Twice the same at once would end with the first; and garbage of garbage is an answer.
        if (spells.stream()
                .filter(spell -> spell.text().equals(text))
                .anyMatch(spell -> spell.isWithin(stretch.from, stretch.to))) {
            return;
        }
        add(stretch.from, new Incident.Breaks(affliction));
        add(stretch.to, new Incident.Mends(affliction.mending()));
        spells.add(
                new Spell(
                        kind.text(),
                        stretch.from,
                        Optional.of(stretch.to),
                        rooms,
                        devices,
                        effect,
                        text));
    }

    private Map<String, Double> parameters(FaultKind kind) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (FaultKind.Parameter each : kind.parameters()) {
            double number = each.standard() * StrictMath.pow(4, random.nextDouble(-1, 1));
            if (each.low() < 0 && random.nextBoolean()) {
                number = -number;
            }
            number = Math.clamp(number, each.low(), each.high());
            double whole = StrictMath.rint(number);
            // Rounded to nothing it would be no fault.
            numbers.put(
                    each.name(), !each.isWhole() ? number : whole == 0 ? each.standard() : whole);
        }
        return numbers;
    }

    private Set<DeviceId> touched(Target target) {
        return switch (target) {
            case Target.OfGateway(GatewayId gateway) -> behind(gateway);
            case Target.OfPair(DeviceId device, DeviceId with) -> Set.of(device, with);
            case Target.OfDevice(DeviceId device) -> Set.of(device);
            case Target.OfPoint(DeviceId device, String _) -> Set.of(device);
        };
    }

    private static String words(Target target) {
        return switch (target) {
            case Target.OfGateway(GatewayId gateway) -> "gateway " + gateway;
            case Target.OfPair(DeviceId device, DeviceId with) -> device + " with " + with;
            case Target.OfDevice(DeviceId device) -> device.value();
            case Target.OfPoint(DeviceId device, String point) -> device + "." + point;
        };
    }

    private static Spell.Effect effect(Fault fault) {
        return switch (FaultKind.of(fault)) {
            case SILENT,
                    LOST,
                    GARBAGE,
                    EXCEPTION,
                    WRONG_UNIT,
                    WRONG_TRANSACTION,
                    FROZEN,
                    LINK_CUT ->
                    Spell.Effect.MUTE;
            case LATE, SLOW, BUSY, WORD_CAP, PACKET_LOSS, SINGLE_MASTER, LAST_MASTER ->
                    Spell.Effect.TRUE;
            case ZERO_FILL,
                    SKEWED_STATUS,
                    STUCK_DEVICE,
                    SWAPPED,
                    ADDRESS_COLLISION,
                    STUCK,
                    SENTINEL,
                    BROKEN_WIRE,
                    OFFSET,
                    DRIFT,
                    NOISE,
                    SPIKE,
                    TORN ->
                    Spell.Effect.FALSE;
        };
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
        note("utility-lost", from, Optional.of(to), Set.copyOf(site.batteryRooms()), "the utility");
    }

    private void workInLocal() {
        BreakerId breaker = boundaryBreaker();
        Stretch stretch = stretch();
        happens(stretch.from, new Happening.SetLocal(breaker, true));
        happens(stretch.to, new Happening.SetLocal(breaker, false));
        note("set-local", stretch, breaker);
    }

    /** A string is taken out for work, and comes back; nobody closes a breaker into a fire. */
    private void stringOutOfService() {
        BatteryString string = oneOf(List.copyOf(site.strings().values()));
        BreakerId breaker = string.breaker();
        Stretch stretch = stretch();
        happens(stretch.from, new Happening.OpenByHand(breaker));
        boolean comesBack =
                spells.stream()
                        .filter(Spell::isFire)
                        .filter(fire -> fire.rooms().contains(string.room()))
                        .allMatch(fire -> stretch.to.compareTo(fire.from()) < 0);
        if (comesBack) {
            happens(stretch.to, new Happening.CloseByHand(breaker));
            note(Spell.OPEN_BY_HAND, stretch, breaker);
        } else {
            note(
                    Spell.OPEN_BY_HAND,
                    stretch.from,
                    Optional.empty(),
                    roomsOf(breaker),
                    breaker.value());
        }
    }

    private void toTheEnd(String kind, Function<BreakerId, Happening> happening) {
        BreakerId breaker = boundaryBreaker();
        Duration from = between(SETTLED, length);
        happens(from, happening.apply(breaker));
        note(kind, from, Optional.empty(), roomsOf(breaker), breaker.value());
    }

    private void leak(RoomId room, Duration from) {
        if (isPlain(List.of(room), from, Optional.empty())) {
            happens(from, new Happening.WaterLeak(room));
            note("water-leak", from, Optional.empty(), Set.of(room), "room " + room);
        }
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

    private record Stretch(Duration from, Duration to) {
        private Duration length() {
            return to.minus(from);
        }
    }

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

    private void note(String kind, Stretch stretch, BreakerId breaker) {
        note(kind, stretch, roomsOf(breaker), breaker.value());
    }

    private void note(String kind, Stretch stretch, Set<RoomId> rooms, String text) {
        note(kind, stretch.from, Optional.of(stretch.to), rooms, text);
    }

    private void note(
            String kind, Duration from, Optional<Duration> to, Set<RoomId> rooms, String text) {
        spells.add(
                new Spell(kind, from, to, rooms, Set.of(), Spell.Effect.TRUE, kind + " " + text));
    }
}
