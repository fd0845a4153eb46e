package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.Document.Parsed;
import dev.bulkhead.rules.site.Document.Table;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.HallId;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.device.Affliction;
import dev.bulkhead.simulator.device.FaultKind;
import dev.bulkhead.simulator.device.Target;
import dev.bulkhead.simulator.plant.Happening;
import dev.bulkhead.simulator.scenario.Incident.Befalls;
import dev.bulkhead.simulator.scenario.Scenario.Source;
import dev.bulkhead.simulator.scenario.Scenario.Stop;
import dev.bulkhead.simulator.scenario.Scenario.Timed;
import dev.bulkhead.simulator.score.Expectation;
import dev.bulkhead.simulator.score.Expectation.ToIsolate;
import dev.bulkhead.simulator.score.PlantTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A scenario's file.
 *
 * <pre>
 * title: One cell of room A1 is shorted
 * source: {assumed: an internal short of 20 mΩ}      # or {history: which event, and who reports it}
 * plant: ../plant.yaml                               # relative to this file
 * agent: ../agent.yaml                              # left out where none can read anything
 * recorded: [dump.txt]                               # devices that answer so; left out if none does
 * start: 2026-01-15T06:00:00Z                        # plant time
 * horizon: 2 h
 * timeline:
 *   - {at: 5 min, internal-short: {rack: A1-S05, module: 9, cell: 3, milliohms: 20}}
 *   - {at: 6 min, utility-lost: true}
 *   - {at: 7 min, breaker-sticks: {room: A1}}        # or {breaker: QS-A1-01}
 *   - {at: 8 min, silence: {device: A1-offgas}}      # or {gateway: A1-field}; ended by answers
 *   - {at: 9 min, broken: {fault: drift, device: A1-climate, point: ai1, per-hour: 40}}
 *   - {at: 10 min, killed: {process: broker, for: 30 s}} # or agent, bridge, store
 *   - {at: 10 min, clock-set: {back: 1 h}}           # or ahead; of the agent's host
 *   - {at: 10 min, disk-full: {for: 5 min}}          # the agent's
 *   - {at: 11 min, mended: {fault: drift, device: A1-climate, point: ai1}}
 * water: {after-ignition: 93 min}                    # left out if nobody needs any
 * bms: {cycle: 10 s}                                 # how often it looks at its racks; this if left out
 * stop: {after-outcome: 30 s, at: 20 min}
 * expect:                                            # nothing else may be tripped
 *   isolated: [{room: A1, before: first-flame}]      # or by: 18 min, or neither
 *   failed: []                                       # rooms that can't be, and it must be said
 * </pre>
 */
public final class ScenarioFile {

    /** The files a scenario names, wanted before its site is known. */
    public record Names(String plant, Optional<String> agent) {}

    /** What a room may have to be dead before. */
    private enum Before {
        FIRST_FLAME
    }

    private static final List<String> MUST_HAVE =
            List.of("title", "source", "plant", "start", "horizon", "timeline", "stop");

    /** Devices count seconds from 1970 on, in 32 bits. */
    private static final Instant LAST_START = Instant.parse("2099-12-31T23:59:59Z");

    /** Stands in for a horizon that isn't known: nothing is held against that one. */
    private static final Duration ENDLESS = Duration.ofDays(100_000);

    private static final double MOST_MILLIOHMS = 1e6;
    private static final double MOST_SMOKE = 100;
    private static final double MOST_GAS = 1000;
    private static final double MOST_KELVIN_PER_HOUR = 600;
    private static final double MOST_KILOOHMS = 1e6;

    private final Site site;
    private final Map<ProfileId, Profile> profiles;
    private final List<Timed> timeline = new ArrayList<>();
    private final List<Death> deaths = new ArrayList<>();
    private final IdentityHashMap<Timed, Entry> mended = new IdentityHashMap<>();
    private boolean hasUnreadFault;

    /** A process that is killed, with its place in the file. */
    private record Death(Entry entry, Duration at, Incident.Dies dies) {
        private Duration over() {
            return at.plus(dies.pause());
        }
    }

    private ScenarioFile(Site site, Map<ProfileId, Profile> profiles) {
        this.site = site;
        this.profiles = profiles;
    }

    /**
     * Which plant and which agent a scenario is about; looks at nothing else.
     *
     * @param isThere whether there is a file that the scenario calls so
     */
    public static Parsed<Names> names(String file, String text, Predicate<String> isThere) {
        return Document.parse(
                file,
                text,
                top -> {
                    top.entries();
                    if (isOther(top)) {
                        return new Names("", Optional.empty());
                    }
                    checkThere(top, "plant", isThere);
                    return new Names(top.text("plant"), top.find("agent").map(Entry::asText));
                });
    }

    private static void checkThere(Table top, String key, Predicate<String> isThere) {
        top.find(key).ifPresent(entry -> checkThere(entry, key, isThere));
    }

    private static void checkThere(Entry entry, String key, Predicate<String> isThere) {
        if (!isThere.test(entry.asText())) {
            entry.wrong(
                    "there is no file "
                            + entry.asText()
                            + "; "
                            + key
                            + " is relative to the scenario");
        }
    }

    /** Whether a file is of another kind, which may well name a plant in a sense of its own. */
    private static boolean isOther(Table top) {
        List<String> missing = MUST_HAVE.stream().filter(key -> !top.has(key)).toList();
        boolean isOther = missing.contains("title") && missing.contains("timeline");
        if (isOther) {
            top.entry().wrong("this is no scenario: it lacks " + String.join(", ", missing));
        }
        return isOther;
    }

    /**
     * Reads a scenario.
     *
     * @param file its name, for messages only
     * @param site that of its plant
     * @param profiles the register maps of its devices
     * @param isThere whether there is a file that the scenario calls so
     */
    public static Parsed<Scenario> parse(
            String file,
            String text,
            Site site,
            Map<ProfileId, Profile> profiles,
            Predicate<String> isThere) {
        return Document.parse(
                file,
                text,
                top -> {
                    checkThere(top, "agent", isThere);
                    top.listIfAny("recorded")
                            .forEach(entry -> checkThere(entry, "recorded", isThere));
                    return new ScenarioFile(site, profiles).scenario(top);
                });
    }

    /** Reads a scenario and takes it that the files it names are there. */
    public static Parsed<Scenario> parse(
            String file, String text, Site site, Map<ProfileId, Profile> profiles) {
        return parse(file, text, site, profiles, _ -> true);
    }

    private Scenario scenario(Table top) {
        Duration horizon =
                top.knownDuration("horizon").map(_ -> positive(top, "horizon")).orElse(ENDLESS);
        for (Table table : top.tables("timeline")) {
            timed(table, horizon);
        }
        refuseDeathsOfTheDead();
        checkMended();
        return new Scenario(
                top.text("title"),
                source(top.table("source")),
                top.text("plant"),
                top.find("agent").map(Entry::asText),
                top.listIfAny("recorded").stream().map(Entry::asText).toList(),
                start(top),
                horizon,
                timeline,
                top.tableIfAny("water").map(water -> water(water, horizon)),
                top.tableIfAny("bms").map(ScenarioFile::cycle).orElse(Scenario.BMS_CYCLE),
                stop(top.table("stop"), horizon),
                top.tableIfAny("expect").map(table -> expectation(table, horizon)));
    }

    private static <T> T missing(Table table, String key, T standIn) {
        table.entry().wrong("'" + key + "' is missing");
        return standIn;
    }

    private static Instant start(Table top) {
        Instant start =
                top.find("start")
                        .map(Entry::asInstant)
                        .orElseGet(() -> missing(top, "start", Instant.EPOCH));
        if (start.isBefore(Instant.EPOCH) || start.isAfter(LAST_START)) {
            top.wrong(
                    "start",
                    "start is "
                            + start
                            + "; expected "
                            + Instant.EPOCH
                            + " or later, "
                            + LAST_START
                            + " at the latest");
            return Instant.EPOCH;
        }
        return start;
    }

    private static Duration positive(Table table, String key) {
        Duration duration = table.duration(key);
        if (duration.isZero()) {
            table.wrong(key, key + " is 0; expected more than that");
            return Duration.ofSeconds(1);
        }
        return duration;
    }

    /** How long after an ignition water is needed; nothing ignites before the first short. */
    private Duration water(Table table, Duration horizon) {
        Duration after = table.duration("after-ignition");
        Duration earliest =
                timeline.stream()
                        .filter(timed -> isShort(timed.incident()))
                        .map(Timed::at)
                        .min(Duration::compareTo)
                        .orElse(Duration.ZERO);
        if (earliest.plus(after).compareTo(horizon) > 0) {
            table.wrong(
                    "after-ignition",
                    "water would be needed after the horizon, so never"
                            + (earliest.isZero()
                                    ? ""
                                    : "; nothing ignites before the first short, at "
                                            + PlantTime.of(earliest)));
        }
        return after;
    }

    private static boolean isShort(Incident incident) {
        return incident instanceof Befalls(Happening.InternalShort _);
    }

    private static Duration cycle(Table bms) {
        Duration cycle = bms.duration("cycle");
        if (!cycle.isPositive() || cycle.toMillisPart() != 0) {
            bms.wrong("cycle", "cycle is in whole seconds");
            return Scenario.BMS_CYCLE;
        }
        return cycle;
    }

    private static Source source(Table table) {
        Optional<Entry> history = table.find("history");
        Optional<Entry> assumed = table.find("assumed");
        if (history.isPresent() == assumed.isPresent()) {
            table.entry().wrong("source is either history or assumed");
        }
        return history.<Source>map(entry -> new Source.History(entry.asText()))
                .orElseGet(() -> new Source.Assumed(assumed.map(Entry::asText).orElse("?")));
    }

    private static Stop stop(Table table, Duration horizon) {
        Duration at = positive(table, "at");
        if (at.compareTo(horizon) > 0) {
            table.find("at").orElse(table.entry()).wrong("at is after the horizon");
        }
        return new Stop(table.find("after-outcome").map(Entry::asDuration), at);
    }

    private Expectation expectation(Table table, Duration horizon) {
        var named = new HashSet<RoomId>();
        List<ToIsolate> isolated =
                table.tablesIfAny("isolated").stream()
                        .flatMap(each -> toIsolate(each, horizon, named).stream())
                        .toList();
        List<RoomId> failed =
                table.tablesIfAny("failed").stream()
                        .flatMap(each -> batteryRoom(each, named).stream())
                        .toList();
        return new Expectation(isolated, failed);
    }

    private Optional<ToIsolate> toIsolate(Table table, Duration horizon, Set<RoomId> named) {
        Optional<Duration> by = table.find("by").map(Entry::asDuration);
        if (by.filter(limit -> limit.compareTo(horizon) > 0).isPresent()) {
            table.wrong("by", "by is after the horizon");
        }
        boolean isBeforeFlame =
                table.find("before").map(it -> it.asOneOf(Before.class)).isPresent();
        return batteryRoom(table, named).map(room -> new ToIsolate(room, by, isBeforeFlame));
    }

    private Optional<RoomId> batteryRoom(Table table, Set<RoomId> named) {
        Optional<RoomId> room = known(table, "room", site.rooms(), RoomId::new);
        room.filter(it -> !site.batteryRooms().contains(it))
                .ifPresent(it -> table.wrong("room", it + " is no battery room"));
        room.filter(it -> !named.add(it))
                .ifPresent(it -> table.wrong("room", it + " stands here a second time"));
        return room;
    }

    private void timed(Table table, Duration horizon) {
        Duration at = table.duration("at");
        if (at.compareTo(horizon) > 0) {
            table.find("at").orElse(table.entry()).wrong("at is after the horizon");
        }
        List<String> named = new ArrayList<>();
        kinds().forEach(
                        (key, kind) ->
                                table.find(key)
                                        .ifPresent(
                                                entry -> {
                                                    named.add(key);
                                                    kind.apply(entry)
                                                            .forEach(
                                                                    incident ->
                                                                            add(
                                                                                    new Timed(
                                                                                            at,
                                                                                            incident),
                                                                                    key,
                                                                                    entry));
                                                }));
        List<String> faults =
                table.unknown().stream().filter(key -> FaultKind.named(key).isPresent()).toList();
        if (!faults.isEmpty()) {
            table.entry()
                    .wrong(
                            "%s is a fault: it happens as 'broken: {fault: %s, …}'"
                                    .formatted(faults.getFirst(), faults.getFirst()));
        } else if (named.size() != 1 && !isMisspelt(table)) {
            table.entry()
                    .wrong(
                            (named.isEmpty()
                                            ? "nothing happens here"
                                            : String.join(" and ", named) + " at once")
                                    + "; expected one of "
                                    + String.join(", ", kinds().keySet()));
        }
    }

    /** A process is killed again only once it has been started again. */
    private void refuseDeathsOfTheDead() {
        Map<Victim, Death> last = new EnumMap<>(Victim.class);
        deaths.sort(Comparator.comparing(Death::at));
        for (Death death : deaths) {
            Victim victim = death.dies().victim();
            Death before = last.put(victim, death);
            if (before != null && death.at().compareTo(before.over()) <= 0) {
                death.entry().wrong(Document.spelled(victim) + " is dead already at that time");
            }
        }
    }

    /** Whether a name is so near to a known one that all of them needn't be listed. */
    private boolean isMisspelt(Table table) {
        return table.unknown().stream()
                .anyMatch(key -> !Document.nearest(key, kinds().keySet()).isEmpty());
    }

    private void add(Timed timed, String key, Entry entry) {
        timeline.add(timed);
        if (key.equals("mended") || key.equals("answers")) {
            mended.put(timed, entry);
        }
        if (timed.incident() instanceof Incident.Dies dies) {
            deaths.add(new Death(entry, timed.at(), dies));
        }
    }

    /** What is mended, or answers again, without having been broken was meant otherwise. */
    private void checkMended() {
        if (hasUnreadFault) {
            return;
        }
        Set<Affliction.Mending> broken = new HashSet<>();
        timeline.stream()
                .sorted(Comparator.comparing(Timed::at))
                .forEach(
                        timed -> {
                            if (timed.incident() instanceof Incident.Breaks(var affliction)) {
                                broken.add(affliction.mending());
                            }
                            Entry entry = mended.get(timed);
                            if (entry != null
                                    && timed.incident() instanceof Incident.Mends(var mending)
                                    && !broken.contains(mending)) {
                                entry.wrong(mending.words() + " isn't broken until then");
                            }
                        });
    }

    /** What can happen, by its key. */
    private SequencedMap<String, Function<Entry, List<Incident>>> kinds() {
        var kinds = new LinkedHashMap<String, Function<Entry, List<Incident>>>();
        kinds.put("internal-short", this::internalShort);
        kinds.put("utility-lost", entry -> plain(entry, new Happening.UtilityLost()));
        kinds.put("utility-restored", entry -> plain(entry, new Happening.UtilityRestored()));
        kinds.put("generators-fail", entry -> plain(entry, new Happening.GeneratorsFail()));
        kinds.put("breaker-sticks", entry -> breakers(entry, Happening.BreakerSticks::new));
        kinds.put("breaker-lies", this::lies);
        kinds.put("open-by-hand", entry -> breakers(entry, Happening.OpenByHand::new));
        kinds.put("close-by-hand", entry -> breakers(entry, Happening.CloseByHand::new));
        kinds.put("breaker-reset", entry -> breakers(entry, Happening.BreakerReset::new));
        kinds.put(
                "set-local",
                entry -> breakers(entry, breaker -> new Happening.SetLocal(breaker, true)));
        kinds.put(
                "set-remote",
                entry -> breakers(entry, breaker -> new Happening.SetLocal(breaker, false)));
        kinds.put("racked-out", entry -> breakers(entry, Happening.RackedOut::new));
        kinds.put(
                "control-supply-lost", entry -> breakers(entry, Happening.ControlSupplyLost::new));
        kinds.put(
                "trip-circuit-broken", entry -> breakers(entry, Happening.TripCircuitBroken::new));
        kinds.put("start-servers", this::startServers);
        kinds.put("ups-fails", entry -> ups(entry, Happening.UpsFails::new));
        kinds.put("ups-reset", entry -> ups(entry, Happening.UpsReset::new));
        kinds.put("water-leak", entry -> room(entry.asTable(), Happening.WaterLeak::new));
        kinds.put("smoke-source", this::smokeSource);
        kinds.put("gas-source", this::gasSource);
        kinds.put("bump-test", this::bumpTest);
        kinds.put(
                "fan-stops",
                entry -> room(entry.asTable(), room -> new Happening.FanStops(room, true)));
        kinds.put(
                "fan-runs",
                entry -> room(entry.asTable(), room -> new Happening.FanStops(room, false)));
        kinds.put("cooling-fails", this::coolingFails);
        kinds.put("cooling-runs", this::coolingRuns);
        kinds.put("detectors-reset", entry -> room(entry.asTable(), Happening.DetectorsReset::new));
        kinds.put("agent-released", entry -> room(entry.asTable(), Happening.AgentReleased::new));
        kinds.put("insulation-falls", this::insulationFalls);
        kinds.put(
                "silence",
                entry ->
                        watcher(
                                entry,
                                device -> breaks(FaultKind.SILENT, new Target.OfDevice(device)),
                                gateway ->
                                        breaks(FaultKind.FROZEN, new Target.OfGateway(gateway))));
        kinds.put(
                "answers",
                entry ->
                        watcher(
                                entry,
                                device -> mends(FaultKind.SILENT, new Target.OfDevice(device)),
                                gateway -> mends(FaultKind.FROZEN, new Target.OfGateway(gateway))));
        kinds.put("approve", this::approve);
        kinds.put("killed", ScenarioFile::killed);
        kinds.put("clock-set", ScenarioFile::clockSet);
        kinds.put("disk-full", ScenarioFile::diskFull);
        kinds.put("broken", this::broken);
        kinds.put(
                "mended",
                entry ->
                        Affliction.readMending(entry.asTable(), site, profiles)
                                .<Incident>map(Incident.Mends::new)
                                .stream()
                                .toList());
        return kinds;
    }

    private List<Incident> broken(Entry entry) {
        Optional<Affliction> affliction = Affliction.read(entry.asTable(), site, profiles);
        hasUnreadFault |= affliction.isEmpty();
        return affliction.<Incident>map(Incident.Breaks::new).stream().toList();
    }

    private static Incident breaks(FaultKind kind, Target target) {
        return new Incident.Breaks(Affliction.of(kind, target, Map.of()));
    }

    private static Incident mends(FaultKind kind, Target target) {
        return new Incident.Mends(new Affliction.Mending(kind, target));
    }

    private static List<Incident> plain(Entry entry, Happening happening) {
        if (!entry.asFlag()) {
            entry.wrong("it happens or it isn't written; expected true");
        }
        return List.of(new Befalls(happening));
    }

    private List<Incident> internalShort(Entry entry) {
        Table table = entry.asTable();
        Optional<BatteryString> rack =
                known(table, "rack", site.strings(), NodeId::new).map(site.strings()::get);
        int modules = rack.map(BatteryString::modules).orElse(Integer.MAX_VALUE);
        int cells = rack.map(BatteryString::cellsPerModule).orElse(Integer.MAX_VALUE);
        int module = table.integer("module", 1, modules);
        int cell = table.integer("cell", 1, cells);
        double milliohms = table.number("milliohms", 0.1, MOST_MILLIOHMS);
        return rack
                .<Incident>map(
                        string ->
                                new Befalls(
                                        new Happening.InternalShort(
                                                string.id(), module, cell, milliohms)))
                .stream()
                .toList();
    }

    /** One breaker, or all of a battery room's own. */
    private List<Incident> breakers(Entry entry, Function<BreakerId, Happening> happening) {
        Table table = entry.asTable();
        boolean isRoom = table.has("room");
        boolean isBreaker = table.has("breaker");
        if (isRoom == isBreaker) {
            entry.wrong("expected either breaker or room");
            return List.of();
        }
        List<BreakerId> breakers =
                isRoom
                        ? known(table, "room", site.rooms(), RoomId::new)
                                .map(room -> boundary(table, room))
                                .orElse(List.of())
                        : known(table, "breaker", site.breakers(), BreakerId::new).stream()
                                .toList();
        return breakers.stream()
                .<Incident>map(breaker -> new Befalls(happening.apply(breaker)))
                .toList();
    }

    private List<BreakerId> boundary(Table table, RoomId room) {
        List<BreakerId> boundary = site.boundaryOf(room);
        if (boundary.isEmpty()) {
            table.entry().wrong("room " + room + " has no battery breaker");
        }
        return boundary;
    }

    private List<Incident> lies(Entry entry) {
        Table table = entry.asTable();
        Position shown = table.oneOf("shows", Position.class);
        return known(table, "breaker", site.breakers(), BreakerId::new)
                .<Incident>map(breaker -> new Befalls(new Happening.BreakerLies(breaker, shown)))
                .stream()
                .toList();
    }

    /** One load, or all of a hall at once. */
    private List<Incident> startServers(Entry entry) {
        Table table = entry.asTable();
        boolean isHall = table.has("hall");
        if (isHall == table.has("load")) {
            entry.wrong("expected either load or hall");
            return List.of();
        }
        Map<HallId, List<NodeId>> halls = new LinkedHashMap<>();
        for (Load load : site.loads().values()) {
            halls.computeIfAbsent(load.hall(), _ -> new ArrayList<>()).add(load.id());
        }
        List<NodeId> loads =
                isHall
                        ? known(table, "hall", halls, HallId::new).map(halls::get).orElse(List.of())
                        : known(table, "load", site.loads(), NodeId::new).stream().toList();
        return loads.stream()
                .<Incident>map(load -> new Befalls(new Happening.ServersStarted(load)))
                .toList();
    }

    private List<Incident> ups(Entry entry, Function<NodeId, Happening> happening) {
        return befalls(known(entry.asTable(), "ups", site.ups(), NodeId::new).map(happening));
    }

    private List<Incident> room(Table table, Function<RoomId, Happening> happening) {
        return befalls(known(table, "room", site.rooms(), RoomId::new).map(happening));
    }

    private static List<Incident> befalls(Optional<Happening> happening) {
        return happening.<Incident>map(Befalls::new).stream().toList();
    }

    private List<Incident> smokeSource(Entry entry) {
        Table table = entry.asTable();
        double rate = table.number("square-metres-per-second", 0, MOST_SMOKE);
        Duration lasting = table.duration("for");
        return room(table, room -> new Happening.SmokeEnters(room, rate, lasting));
    }

    private List<Incident> gasSource(Entry entry) {
        Table table = entry.asTable();
        double rate = table.number("litres-per-second", 0, MOST_GAS);
        Duration lasting = table.duration("for");
        return room(table, room -> new Happening.GasEnters(room, rate, lasting));
    }

    private List<Incident> bumpTest(Entry entry) {
        Table table = entry.asTable();
        Duration lasting = table.duration("for");
        return befalls(
                known(table, "rack", site.strings(), NodeId::new)
                        .map(rack -> new Happening.BumpTest(rack, lasting)));
    }

    private List<Incident> coolingFails(Entry entry) {
        Table table = entry.asTable();
        double rate = table.number("kelvin-per-hour", 0, MOST_KELVIN_PER_HOUR);
        Duration lasting = table.duration("for");
        return room(table, room -> new Happening.CoolingFails(room, rate, lasting));
    }

    private List<Incident> coolingRuns(Entry entry) {
        Table table = entry.asTable();
        double rate = table.number("kelvin-per-hour", 0, MOST_KELVIN_PER_HOUR);
        return room(table, room -> new Happening.CoolingRuns(room, rate));
    }

    private List<Incident> insulationFalls(Entry entry) {
        Table table = entry.asTable();
        double kiloohms = table.number("kiloohms", 0, MOST_KILOOHMS);
        Duration lasting = table.duration("for");
        return befalls(
                known(table, "busbar", site.busbars(), NodeId::new)
                        .map(bar -> new Happening.InsulationFalls(bar, kiloohms, lasting)));
    }

    private static List<Incident> killed(Entry entry) {
        Table table = entry.asTable();
        return List.of(
                new Incident.Dies(table.oneOf("process", Victim.class), table.duration("for")));
    }

    private static List<Incident> clockSet(Entry entry) {
        Table table = entry.asTable();
        boolean isAhead = table.has("ahead");
        if (isAhead == table.has("back")) {
            entry.wrong("expected either ahead or back");
            return List.of();
        }
        Duration by = positive(table, isAhead ? "ahead" : "back");
        return List.of(new Incident.ClockSet(isAhead ? by : by.negated()));
    }

    private static List<Incident> diskFull(Entry entry) {
        return List.of(new Incident.DiskFull(positive(entry.asTable(), "for")));
    }

    private List<Incident> approve(Entry entry) {
        return known(entry.asTable(), "room", site.rooms(), RoomId::new)
                .<Incident>map(Incident.Approves::new)
                .stream()
                .toList();
    }

    /** A device, or a gateway with all that is behind it. */
    private List<Incident> watcher(
            Entry entry,
            Function<DeviceId, Incident> ofDevice,
            Function<GatewayId, Incident> ofGateway) {
        Table table = entry.asTable();
        boolean isDevice = table.has("device");
        boolean isGateway = table.has("gateway");
        if (isDevice == isGateway) {
            entry.wrong("expected either device or gateway");
            return List.of();
        }
        return (isDevice
                        ? known(table, "device", site.devices(), DeviceId::new).map(ofDevice)
                        : known(table, "gateway", site.gateways(), GatewayId::new).map(ofGateway))
                .stream().toList();
    }

    /** The thing of the site that a key names; a problem if the site has no such thing. */
    private static <K> Optional<K> known(
            Table table, String key, Map<K, ?> things, Function<String, K> id) {
        Optional<Entry> entry = table.find(key);
        if (entry.isEmpty()) {
            return missing(table, key, Optional.empty());
        }
        String name = entry.get().asText();
        K named = id.apply(name);
        if (things.containsKey(named)) {
            return Optional.of(named);
        }
        entry.get()
                .wrong(
                        "the site has no "
                                + key
                                + " '"
                                + name
                                + "'"
                                + Document.nearest(
                                        name,
                                        things.keySet().stream().map(Object::toString).toList()));
        return Optional.empty();
    }
}
