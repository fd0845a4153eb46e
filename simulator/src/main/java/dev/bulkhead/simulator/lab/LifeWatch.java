package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.modbus.Bytes;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.guard.Arming;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.lab.Lived.Effect;
import dev.bulkhead.simulator.lab.Surprise.Kind;
import dev.bulkhead.simulator.plant.Occurrence;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Life;
import dev.bulkhead.simulator.scenario.Life.Spell;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks over the agent's shoulder through one life, with the plant's own truth in hand, and holds
 * what it reads, decides and does against what it must never do.
 */
final class LifeWatch implements CampaignAgent.Onlooker {
    /** Every so many requests the answer's numbers are held against the plant's. */
    private static final int COMPARED_EVERY = 25;

    /**
     * Of a role's range: what a register's resolution, a 4–20 mA loop and half a second of plant
     * time may differ.
     */
    private static final double TOLERANCE = 0.0025;

    /** How long after the first runaway a room may stay live; from design.md's stop of a plan. */
    private static final Duration ISOLATED_WITHIN = Duration.ofMinutes(10);

    /** How long what a spell did may take to show once it is over. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** The longest back-off of a unit, with room for the proof of its identity. */
    private static final Duration READ_WITHIN = Duration.ofMinutes(2);

    /** What may still be on its way when a device falls silent. */
    private static final Duration UNDERWAY = Duration.ofSeconds(1);

    /** One wrong number of a device is told; the others are of the same kind. */
    private static final int TOLD_OF_A_KIND = 3;

    private final Site site;
    private final SignalTable signals;
    private final Arming arming;
    private final Plant plant;
    private final Life life;
    private final Instant start;
    private final Map<Address, DeviceId> devices = new HashMap<>();
    private final boolean[] isMeasured;
    private final Map<DeviceId, Heard> heard = new HashMap<>();
    private final Map<DeviceId, List<Spell>> spells = new HashMap<>();
    private final List<Surprise> surprises = new ArrayList<>();
    private Optional<DeviceId> asked = Optional.empty();
    private final Map<Integer, Value> truth = new HashMap<>();
    private long requests;
    private long polls;
    private long compared;

    private record Address(GatewayId gateway, int unit) {}

    /** What was last heard of a device, and when its readings changed from numbers to none. */
    private static final class Heard {
        private Instant last;
        private final List<Instant> lost = new ArrayList<>();

        private Heard(Instant start) {
            last = start;
        }
    }

    LifeWatch(Life life, SignalTable signals, Arming arming, Plant plant) {
        this.life = life;
        this.signals = signals;
        this.arming = arming;
        this.plant = plant;
        this.site = plant.site();
        this.start = plant.now();
        this.isMeasured = new boolean[signals.size()];
        for (Spell spell : life.spells()) {
            for (DeviceId device : spell.devices()) {
                spells.computeIfAbsent(device, _ -> new ArrayList<>()).add(spell);
            }
        }
        for (Device device : site.devices().values()) {
            devices.put(new Address(device.gateway(), device.unit()), device.id());
            heard.put(device.id(), new Heard(start));
        }
    }

    @Override
    public void asked(GatewayId gateway, Bytes request) {
        if (isOf(gateway)) {
            // No sample came of the request before.
            asked = Optional.empty();
        }
        if (++requests % COMPARED_EVERY != 0) {
            return;
        }
        asked = Optional.ofNullable(devices.get(new Address(gateway, request.at(6))));
        truth.clear();
        asked.filter(this::isHonest)
                .ifPresent(
                        device ->
                                signals.ofDevice(device)
                                        .forEach(
                                                signal ->
                                                        truth.put(
                                                                signal.index(),
                                                                plant.sense(
                                                                        signal.role(),
                                                                        signal.of()))));
    }

    private boolean isOf(GatewayId gateway) {
        return asked.map(device -> Site.known(site.devices(), device).gateway())
                .filter(gateway::equals)
                .isPresent();
    }

    /** Nothing that was drawn falsifies what it says now. */
    private boolean isHonest(DeviceId device) {
        Duration now = Duration.between(start, plant.now());
        return spellsOf(device)
                .filter(spell -> spell.effect() == Spell.Effect.FALSE)
                .noneMatch(spell -> spell.isWithin(now, now));
    }

    private Stream<Spell> spellsOf(DeviceId device) {
        return spells.getOrDefault(device, List.of()).stream();
    }

    @Override
    public void sampled(Sample sample) {
        polls++;
        Heard of = heardOf(sample.device());
        of.last = sample.at();
        for (Observation observation : sample.observations()) {
            note(observation, of);
        }
        if (asked.filter(sample.device()::equals).isPresent()) {
            sample.observations().forEach(this::compare);
            asked = Optional.empty();
        }
        askedNobody(sample);
    }

    @Override
    public void silenced(List<Observation> observations) {
        for (Observation observation : observations) {
            note(observation, heardOf(signals.get(observation.signal()).device()));
        }
    }

    private Heard heardOf(DeviceId device) {
        return Objects.requireNonNull(heard.get(device));
    }

    private void note(Observation observation, Heard of) {
        boolean is = observation.reading() instanceof Reading.Measured;
        if (isMeasured[observation.signal()] && !is) {
            of.lost.add(observation.reading().at());
        }
        isMeasured[observation.signal()] = is;
    }

    private void compare(Observation observation) {
        Value real = truth.get(observation.signal());
        if (real == null || !(observation.reading() instanceof Reading.Measured measured)) {
            return;
        }
        compared++;
        Signal signal = signals.get(observation.signal());
        if (!isSame(signal.role(), real, measured.value())) {
            surprise(
                    measured.at(),
                    Kind.WRONG_NUMBER,
                    signal.id() + " read " + measured.value() + ", the plant has " + real);
        }
    }

    private static boolean isSame(Role role, Value one, Value other) {
        if (one instanceof Value.Quantity(double first)
                && other instanceof Value.Quantity(double second)) {
            return Math.abs(first - second) <= TOLERANCE * (role.high() - role.low());
        }
        return one.equals(other);
    }

    /** A sample asked for while its device could not answer. */
    private void askedNobody(Sample sample) {
        boolean isNumber =
                sample.observations().stream()
                        .anyMatch(read -> read.reading() instanceof Reading.Measured);
        if (!isNumber) {
            return;
        }
        Duration at = Duration.between(start, sample.at());
        spellsOf(sample.device())
                .filter(spell -> spell.effect() == Spell.Effect.MUTE)
                .filter(spell -> spell.from().plus(UNDERWAY).compareTo(at) < 0)
                .filter(
                        spell ->
                                spell.until()
                                        .filter(end -> end.minus(UNDERWAY).compareTo(at) <= 0)
                                        .isEmpty())
                .findFirst()
                .ifPresent(
                        spell ->
                                surprise(
                                        sample.at(),
                                        Kind.NUMBER_FROM_NOBODY,
                                        sample.device() + " was read during " + spell.text()));
    }

    private void surprise(Instant at, Kind kind, String text) {
        if (surprises.stream().filter(told -> told.kind() == kind).count() < TOLD_OF_A_KIND) {
            surprises.add(new Surprise(at, kind, text));
        }
    }

    /** The agent or the simulation threw; the life ends here. */
    void broke(RuntimeException bug) {
        surprise(
                plant.now(),
                Kind.BROKE,
                bug
                        + Arrays.stream(bug.getStackTrace())
                                .limit(4)
                                .map(frame -> " at " + frame)
                                .collect(Collectors.joining()));
    }

    /**
     * How the life went, once it is over.
     *
     * @param acted how far the agent watched; the plant may have gone on by itself
     * @param events what the agent's journal holds
     */
    Lived ended(long number, Instant acted, List<Event> events) {
        judge(events);
        commands(events);
        supply();
        unread(acted);
        int isolated = 0;
        var excused = new LinkedHashMap<RoomId, String>();
        var missed = new LinkedHashSet<RoomId>();
        for (RoomId room : site.batteryRooms()) {
            if (first(Occurrence.Kind.SHORT, room).isEmpty()) {
                continue;
            }
            Optional<Instant> burnt = first(Occurrence.Kind.RUNAWAY, room);
            Instant due = burnt.map(at -> at.plus(ISOLATED_WITHIN)).orElse(acted);
            if (due.isAfter(acted) || isDeadAt(room, due)) {
                isolated += isDeadAt(room, acted) ? 1 : 0;
                continue;
            }
            if (burnt.isEmpty()) {
                continue;
            }
            Optional<String> excuse = excuse(room, due);
            if (excuse.isPresent()) {
                excused.put(room, excuse.get());
            } else {
                missed.add(room);
                surprise(
                        due,
                        Kind.MISSED_ISOLATION,
                        "room " + room + " burnt at " + burnt.get() + " and is still live");
            }
        }
        surprises.sort(Comparator.comparing(Surprise::at));
        return new Lived(
                number,
                Duration.between(start, acted),
                polls,
                compared,
                life.spells().stream().map(spell -> effect(spell, acted, events)).toList(),
                isolated,
                excused,
                missed,
                surprises);
    }

    private Optional<Instant> first(Occurrence.Kind kind, RoomId room) {
        return plant.occurrences().stream()
                .filter(occurrence -> occurrence.kind() == kind)
                .filter(occurrence -> occurrence.room().filter(room::equals).isPresent())
                .map(Occurrence::at)
                .findFirst();
    }

    private boolean isDeadAt(RoomId room, Instant at) {
        return plant.ledger().energisedSeconds(room, at, at.plusMillis(1)) == 0;
    }

    /**
     * What may keep an agent without fault from isolating a room: that it may not, or what was
     * drawn. Whether that really stands in the way, the same fire alone shows.
     */
    private Optional<String> excuse(RoomId room, Instant due) {
        List<BreakerId> unarmed =
                site.boundaryOf(room).stream().filter(breaker -> !arming.isArmed(breaker)).toList();
        if (!unarmed.isEmpty()) {
            return Optional.of("not armed: " + unarmed);
        }
        Duration last = Duration.between(start, due);
        return life.spells().stream()
                .filter(Spell::isFire)
                .filter(fire -> fire.rooms().contains(room))
                .findFirst()
                .flatMap(
                        fire ->
                                life.spells().stream()
                                        .filter(spell -> !spell.isFire())
                                        .filter(spell -> mayStandInTheWay(spell, room))
                                        .filter(spell -> spell.isWithin(fire.from(), last))
                                        .map(Spell::text)
                                        .reduce((one, other) -> one + "; " + other));
    }

    /** Whether a room may be isolated hangs on what the UPS of other rooms say, too. */
    private boolean mayStandInTheWay(Spell spell, RoomId room) {
        return spell.rooms().contains(room)
                || spell.devices().stream()
                        .flatMap(device -> Site.known(site.devices(), device).of().stream())
                        .anyMatch(
                                of ->
                                        of instanceof Subject.OfNode(var node)
                                                && site.ups().containsKey(node));
    }

    /** What was found and proven. */
    private void judge(List<Event> events) {
        for (Event event : events) {
            switch (event) {
                case Event.LevelChanged level
                        when level.to() == Level.FAILING && level.from() != Level.FAILING -> {
                    if (!haveTwoCauses(level.votes())) {
                        surprise(
                                level.at(), Kind.SINGLE_CAUSE, level.room() + ": " + level.votes());
                    }
                }
                case Event.Isolated isolated -> {
                    if (!isDeadAt(isolated.room(), isolated.at())) {
                        surprise(
                                isolated.at(),
                                Kind.FALSE_PROOF,
                                "room " + isolated.room() + " is live");
                    }
                }
                default -> {}
            }
        }
    }

    private static boolean haveTwoCauses(List<Vote> votes) {
        return votes.stream()
                .anyMatch(
                        one ->
                                votes.stream()
                                        .anyMatch(
                                                other ->
                                                        one.kind() != other.kind()
                                                                && !one.device()
                                                                        .equals(other.device())
                                                                && !one.gateway()
                                                                        .equals(other.gateway())));
    }

    /** What was sent to breakers. */
    private void commands(List<Event> events) {
        Set<Object> sent = new HashSet<>();
        Set<Object> told = new HashSet<>();
        for (Event event : events) {
            if (!(event instanceof Event.Intended own)) {
                continue;
            }
            if (!sent.add(own.intent())) {
                surprise(own.at(), Kind.REPEATED_COMMAND, own.intent() + " to " + own.breaker());
            }
            if (!site.boundaryOf(own.room()).contains(own.breaker())) {
                surprise(own.at(), Kind.WRONG_BREAKER, own.breaker() + " for room " + own.room());
            }
            boolean hasFailed =
                    first(Occurrence.Kind.SHORT, own.room())
                            .filter(at -> at.isBefore(own.at()))
                            .isPresent();
            if (!hasFailed && told.add(own.plan())) {
                surprise(
                        own.at(),
                        Kind.FALSE_ISOLATION,
                        own.breaker() + " of room " + own.room() + ", where no cell has failed");
            }
        }
        opened();
    }

    /** What the plant says opened by a trip coil, whatever the agent believes. */
    private void opened() {
        for (Occurrence occurrence : plant.occurrences()) {
            if (occurrence.kind() == Occurrence.Kind.BREAKER_OPENED
                    && !isOpenedByHand(occurrence)
                    && !hasShort(new BreakerId(occurrence.subject()), occurrence.at())) {
                surprise(
                        occurrence.at(),
                        Kind.WRONG_BREAKER,
                        occurrence.text() + ", where no cell has failed");
            }
        }
    }

    private boolean isOpenedByHand(Occurrence opened) {
        Duration at = Duration.between(start, opened.at());
        Duration acted = at.minus(plant.settings().switchgear().opening());
        return life.spells().stream()
                .filter(spell -> spell.kind().equals(Spell.OPEN_BY_HAND))
                .filter(spell -> spell.text().endsWith(" " + opened.subject()))
                .map(Spell::from)
                .anyMatch(from -> from.compareTo(acted) >= 0 && from.compareTo(at) <= 0);
    }

    private boolean hasShort(BreakerId breaker, Instant at) {
        return site.batteryRooms().stream()
                .filter(room -> site.boundaryOf(room).contains(breaker))
                .flatMap(room -> first(Occurrence.Kind.SHORT, room).stream())
                .anyMatch(at::isAfter);
    }

    /** Servers that went dark while something carried. */
    private void supply() {
        boolean isCarried = true;
        for (Occurrence occurrence : plant.occurrences()) {
            switch (occurrence.kind()) {
                case UTILITY_LOST -> isCarried = false;
                case UTILITY_RESTORED, GENERATORS_CARRY -> isCarried = true;
                case SUPPLY_LOST -> {
                    if (isCarried) {
                        surprise(occurrence.at(), Kind.SERVERS_LOST, occurrence.text());
                    }
                }
                default -> {}
            }
        }
    }

    /** Devices that answered to the end and weren't read. */
    private void unread(Instant acted) {
        Duration end = Duration.between(start, acted);
        heard.forEach(
                (device, of) -> {
                    boolean isWell =
                            plant.answers(device)
                                    && spellsOf(device)
                                            .noneMatch(
                                                    spell ->
                                                            spell.isWithin(
                                                                    end.minus(READ_WITHIN), end));
                    if (isWell && of.last.plus(READ_WITHIN).isBefore(acted)) {
                        surprise(of.last, Kind.NOT_READ, device + " has not been read since");
                    }
                });
    }

    private Effect effect(Spell spell, Instant acted, List<Event> events) {
        Instant from = start.plus(spell.from());
        Instant to = spell.until().map(start::plus).orElse(acted).plus(GRACE);
        boolean hasChangedQuality =
                spell.devices().stream()
                        .flatMap(device -> heardOf(device).lost.stream())
                        .anyMatch(at -> isWithin(at, from, to));
        boolean hasChangedVote = false;
        boolean hasChangedPlan = false;
        for (Event event : events) {
            if (!isWithin(event.at(), from, to)) {
                continue;
            }
            hasChangedVote |=
                    event instanceof Event.LevelChanged level
                            && spell.rooms().contains(level.room());
            hasChangedPlan |= planOf(event).filter(spell.rooms()::contains).isPresent();
        }
        return new Effect(spell, hasChangedQuality, hasChangedVote, hasChangedPlan);
    }

    private static boolean isWithin(Instant at, Instant from, Instant to) {
        return !at.isBefore(from) && !at.isAfter(to);
    }

    /** Of an event that makes or turns a plan, its room. */
    private static Optional<RoomId> planOf(Event event) {
        return switch (event) {
            case Event.Planned own -> Optional.of(own.room());
            case Event.Held own -> Optional.of(own.room());
            case Event.Refused own -> Optional.of(own.room());
            case Event.StepFailed own -> Optional.of(own.room());
            case Event.NotProven own -> Optional.of(own.room());
            case Event.IsolationFailed own -> Optional.of(own.room());
            case Event.ProofLost own -> Optional.of(own.room());
            default -> Optional.empty();
        };
    }
}
