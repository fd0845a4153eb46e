package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.HallId;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.plant.Happening;
import dev.bulkhead.simulator.plant.Occurrence;
import dev.bulkhead.simulator.plant.Occurrence.Kind;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.plant.SupplyLedger;
import dev.bulkhead.simulator.scenario.Incident.Befalls;
import dev.bulkhead.simulator.score.Ledger;
import dev.bulkhead.simulator.score.Ledger.RoomFate;
import dev.bulkhead.simulator.score.RunRecord.Fed;
import dev.bulkhead.simulator.score.RunRecord.Feed;
import dev.bulkhead.simulator.score.RunRecord.HallSupply;
import dev.bulkhead.simulator.score.RunRecord.Origin;
import dev.bulkhead.simulator.score.RunRecord.Sample;
import dev.bulkhead.simulator.score.RunRecord.Trace;
import dev.bulkhead.simulator.score.RunRecord.Truth;
import dev.bulkhead.simulator.score.Stretch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/** Writes down how a plant fares: values while it is played, the rest from its own books. */
final class Recorder {
    /** IEC 61201's limit for DC touch voltage, below which a busbar counts as dead. */
    private static final double DEAD_BELOW_VOLTS = 60;

    /** What a room's trouble begins with where no cell shorts. */
    private static final Set<Kind> TROUBLE =
            EnumSet.of(Kind.VENTING, Kind.RUNAWAY, Kind.IGNITION, Kind.WATER_LEAK);

    private final Plant plant;
    private final Scenario scenario;
    private final List<RoomId> failing;
    private final Backing backing;
    private final Camera camera;
    private double unbackedServerMinutes;
    private Instant sampledAt;
    private final List<Probe> probes = new ArrayList<>();

    /** A value that is sampled, and its samples so far. */
    private record Probe(
            String label,
            String unit,
            OptionalDouble limit,
            DoubleSupplier value,
            List<Sample> samples) {}

    /**
     * @param failing rooms
     */
    Recorder(Scenario scenario, Plant plant, List<RoomId> failing) {
        this.scenario = scenario;
        this.plant = plant;
        this.failing = failing;
        this.backing = new Backing(plant);
        this.camera = new Camera(plant, failing);
        this.sampledAt = plant.now();
        firstShorts().forEach(this::probe);
        failing.forEach(this::probe);
    }

    /** The first short of each room. */
    private Collection<Happening.InternalShort> firstShorts() {
        var first = new LinkedHashMap<RoomId, Happening.InternalShort>();
        scenario.shorts()
                .forEach(
                        fault ->
                                first.putIfAbsent(
                                        Site.known(plant.site().strings(), fault.string()).room(),
                                        fault));
        return first.values();
    }

    private void probe(Happening.InternalShort fault) {
        BatteryString string = Site.known(plant.site().strings(), fault.string());
        var rack = new Subject.OfNode(string.id());
        var module = new Subject.OfModule(string.id(), fault.module());
        probe(
                string.id() + ", cell sag",
                "mV",
                OptionalDouble.empty(),
                () ->
                        1000
                                * (number(Role.RACK_CELL_VOLTAGE_AVERAGE, rack)
                                        - number(Role.RACK_CELL_VOLTAGE_MIN, rack)));
        probe(
                string.id() + ", module " + fault.module(),
                "°C",
                OptionalDouble.empty(),
                () -> number(Role.MODULE_TEMPERATURE, module));
    }

    private void probe(RoomId of) {
        var subject = new Subject.OfRoom(of);
        probe(
                "Room " + of + ", hydrogen",
                "ppm",
                OptionalDouble.empty(),
                () -> 1e4 * number(Role.ROOM_HYDROGEN, subject));
        for (Busbar busbar : plant.site().busbarsIn(of).toList()) {
            var bar = new Subject.OfNode(busbar.id());
            probe(
                    "Busbar " + busbar.id(),
                    "V",
                    OptionalDouble.of(DEAD_BELOW_VOLTS),
                    () -> number(Role.BUSBAR_VOLTAGE, bar));
        }
    }

    private void probe(String label, String unit, OptionalDouble limit, DoubleSupplier value) {
        probes.add(new Probe(label, unit, limit, value, new ArrayList<>()));
    }

    private double number(Role role, Subject of) {
        return switch (plant.sense(role, of)) {
            case Value.Quantity(double number) -> number;
            case Value.Flag(boolean isSet) -> isSet ? 1 : 0;
            case Value.At position ->
                    throw new IllegalStateException(role + " of " + of + ": " + position);
        };
    }

    void sample() {
        double minutes = Duration.between(sampledAt, plant.now()).toMillis() / 60e3;
        unbackedServerMinutes += backing.without() * minutes;
        sampledAt = plant.now();
        camera.look();
        for (Probe probe : probes) {
            probe.samples().add(new Sample(plant.now(), probe.value().getAsDouble()));
        }
    }

    Course course(Optional<Instant> water) {
        Optional<Instant> needed = water.filter(at -> !at.isAfter(plant.now()));
        return new Course(
                Stream.concat(
                                failing.stream(),
                                plant.site().batteryRooms().stream()
                                        .filter(room -> plant.ignition(room).isPresent()))
                        .distinct()
                        .toList(),
                truth(needed),
                supply(),
                probes.stream()
                        .map(
                                probe ->
                                        new Trace(
                                                probe.label(),
                                                probe.unit(),
                                                Origin.SENSOR,
                                                probe.limit(),
                                                probe.samples()))
                        .toList(),
                ledger(needed),
                camera.film());
    }

    private List<Truth> truth(Optional<Instant> water) {
        record First(Kind kind, Optional<RoomId> room) {}
        Set<First> told = new HashSet<>();
        var truth = new ArrayList<Truth>();
        for (Occurrence occurrence : plant.occurrences()) {
            boolean isFirst = told.add(new First(occurrence.kind(), occurrence.room()));
            truth.add(
                    new Truth(
                            occurrence.at(),
                            words(occurrence.kind()),
                            occurrence.room(),
                            isFirst && isChief(occurrence.kind()),
                            occurrence.text()));
        }
        water.ifPresent(
                at ->
                        truth.add(
                                new Truth(
                                        at,
                                        "water needed",
                                        Optional.empty(),
                                        true,
                                        "the fire service needs water and a zone without power")));
        truth.sort(Comparator.comparing(Truth::at));
        return truth;
    }

    /** What turns the course of events; breakers and UPS would only bury it. */
    private static boolean isChief(Kind kind) {
        return switch (kind) {
            case SHORT,
                    VENTING,
                    IGNITION,
                    DEVICE_SILENT,
                    AGENT_DISCHARGED,
                    WATER_LEAK,
                    SMOKE_ENTERED,
                    GAS_ENTERED,
                    BUMP_TEST,
                    FAN_STOPPED,
                    COOLING_FAILED,
                    INSULATION_FELL,
                    BREAKER_STUCK,
                    FUSE_BLOWN,
                    FEEDER_BURNT,
                    UTILITY_LOST,
                    UTILITY_RESTORED,
                    GENERATORS_CARRY,
                    GENERATORS_FAILED,
                    SUPPLY_LOST,
                    SERVERS_STARTED,
                    FACILITY_CUT ->
                    true;
            case RUNAWAY,
                    FAN_RUNS,
                    COOLING_RUNS,
                    DETECTORS_RESET,
                    BREAKER_OPENED,
                    BREAKER_CLOSED,
                    BREAKER_RESET,
                    BUSBAR_DEAD,
                    UPS_ON_RECTIFIER,
                    UPS_ON_BATTERY,
                    UPS_ON_BYPASS,
                    UPS_OFF,
                    UPS_RESET ->
                    false;
        };
    }

    private static String words(Kind kind) {
        return switch (kind) {
            case SHORT -> "internal short";
            case VENTING -> "vent";
            case IGNITION -> "first flame";
            case RUNAWAY -> "runaway";
            case DEVICE_SILENT -> "BMS burnt";
            case AGENT_DISCHARGED -> "agent discharged";
            case WATER_LEAK -> "water leak";
            case SMOKE_ENTERED -> "smoke comes in";
            case GAS_ENTERED -> "gas comes in";
            case BUMP_TEST -> "bump test";
            case DETECTORS_RESET -> "detectors reset";
            case FAN_STOPPED -> "fan stopped";
            case FAN_RUNS -> "fan runs";
            case COOLING_FAILED -> "cooling failed";
            case COOLING_RUNS -> "cooling runs";
            case INSULATION_FELL -> "insulation low";
            case BREAKER_OPENED -> "breaker open";
            case BREAKER_CLOSED -> "breaker closed";
            case BREAKER_STUCK -> "breaker stuck";
            case BREAKER_RESET -> "breaker reset";
            case FUSE_BLOWN -> "fuse blown";
            case FEEDER_BURNT -> "feeder burnt";
            case BUSBAR_DEAD -> "busbar dead";
            case UTILITY_LOST -> "utility lost";
            case UTILITY_RESTORED -> "utility back";
            case GENERATORS_CARRY -> "generators carry";
            case GENERATORS_FAILED -> "generators failed";
            case UPS_ON_RECTIFIER -> "UPS on rectifier";
            case UPS_ON_BATTERY -> "UPS on battery";
            case UPS_ON_BYPASS -> "UPS on bypass";
            case UPS_OFF -> "UPS off";
            case UPS_RESET -> "UPS reset";
            case SUPPLY_LOST -> "servers off";
            case SERVERS_STARTED -> "servers started";
            case FACILITY_CUT -> "facility cut";
        };
    }

    private Ledger ledger(Optional<Instant> water) {
        SupplyLedger books = plant.ledger();
        return new Ledger(
                plant.now(),
                books.losses().stream()
                        .map(
                                loss ->
                                        new Ledger.Loss(
                                                loss.load(),
                                                loss.hall(),
                                                loss.servers(),
                                                loss.at(),
                                                loss.until()))
                        .toList(),
                books.throughZones(failing),
                union(failing.stream().flatMap(it -> energised(it).stream()).toList()),
                beganAt(),
                first(Kind.VENTING),
                first(Kind.RUNAWAY),
                first(Kind.IGNITION),
                water,
                plant.site().batteryRooms().stream().map(this::fate).toList(),
                openings()
                        .filter(opened -> !isByHand(opened))
                        .filter(opened -> roomOf(opened).isEmpty())
                        .map(opened -> new BreakerId(opened.subject()))
                        .distinct()
                        .toList(),
                unbackedServerMinutes);
    }

    private List<Stretch> energised(RoomId of) {
        return plant.ledger().energised(of).stream()
                .map(live -> new Stretch(live.from(), live.until().orElse(plant.now())))
                .toList();
    }

    private Optional<Instant> beganAt() {
        return first(Kind.SHORT)
                .or(
                        () ->
                                plant.occurrences().stream()
                                        .filter(it -> TROUBLE.contains(it.kind()))
                                        .filter(
                                                it ->
                                                        it.room()
                                                                .filter(failing::contains)
                                                                .isPresent())
                                        .map(Occurrence::at)
                                        .findFirst());
    }

    private RoomFate fate(RoomId room) {
        return new RoomFate(
                room,
                plant.ignition(room),
                openings()
                        .filter(opened -> !isByHand(opened))
                        .filter(opened -> roomOf(opened).equals(Optional.of(room)))
                        .map(Occurrence::at)
                        .findFirst(),
                openings()
                        .filter(this::isByHand)
                        .filter(opened -> roomOf(opened).equals(Optional.of(room)))
                        .map(Occurrence::at)
                        .reduce((_, later) -> later),
                energised(room));
    }

    private Stream<Occurrence> openings() {
        return plant.occurrences().stream().filter(it -> it.kind() == Kind.BREAKER_OPENED);
    }

    private boolean isByHand(Occurrence opened) {
        var hand = new Befalls(new Happening.OpenByHand(new BreakerId(opened.subject())));
        Duration opening = plant.settings().switchgear().opening();
        return scenario.timeline().stream()
                .filter(timed -> timed.incident().equals(hand))
                .map(scenario::at)
                .anyMatch(
                        at -> !opened.at().isBefore(at) && !opened.at().isAfter(at.plus(opening)));
    }

    /** The battery room whose own a breaker is. */
    private Optional<RoomId> roomOf(Occurrence opened) {
        var breaker = new BreakerId(opened.subject());
        return plant.site().batteryRooms().stream()
                .filter(room -> plant.site().boundaryOf(room).contains(breaker))
                .findFirst();
    }

    /** When any of these lasted. */
    private static List<Stretch> union(List<Stretch> stretches) {
        var union = new ArrayList<Stretch>();
        for (Stretch each :
                stretches.stream().sorted(Comparator.comparing(Stretch::from)).toList()) {
            if (union.isEmpty() || union.getLast().to().isBefore(each.from())) {
                union.add(each);
            } else if (each.to().isAfter(union.getLast().to())) {
                union.add(new Stretch(union.removeLast().from(), each.to()));
            }
        }
        return union;
    }

    private Optional<Instant> first(Kind kind) {
        return plant.occurrences().stream()
                .filter(occurrence -> occurrence.kind() == kind)
                .map(Occurrence::at)
                .findFirst();
    }

    private List<HallSupply> supply() {
        return plant.site().loads().values().stream()
                .map(Load::hall)
                .distinct()
                .map(this::supply)
                .toList();
    }

    private HallSupply supply(HallId hall) {
        int servers =
                plant.site().loads().values().stream()
                        .filter(load -> load.hall().equals(hall))
                        .mapToInt(Load::servers)
                        .sum();
        List<SupplyLedger.HallSupply> changes =
                plant.ledger().hallSupply().stream()
                        .filter(change -> change.hall().equals(hall))
                        .toList();
        var spans = new ArrayList<Fed>();
        for (int index = 0; index < changes.size(); index++) {
            var change = changes.get(index);
            Instant until = index + 1 < changes.size() ? changes.get(index + 1).at() : plant.now();
            if (until.isAfter(change.at())) {
                spans.add(
                        new Fed(
                                new Stretch(change.at(), until),
                                feed(changes.getFirst(), change, servers),
                                servers - change.serversUp()));
            }
        }
        return new HallSupply(hall, servers, spans);
    }

    /** Racks with one cord have none on the other feed, so the start is what to compare with. */
    private static Feed feed(
            SupplyLedger.HallSupply atStart, SupplyLedger.HallSupply now, int servers) {
        if (now.serversUp() < servers) {
            return Feed.OFF;
        }
        return now.serversOnA() < atStart.serversOnA() || now.serversOnB() < atStart.serversOnB()
                ? Feed.ONE_SOURCE
                : Feed.TWO_SOURCES;
    }
}
