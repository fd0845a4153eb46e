package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Feeder;
import dev.bulkhead.rules.site.FireZone;
import dev.bulkhead.rules.site.HallId;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Room;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.rules.site.Supply;
import dev.bulkhead.rules.site.Ups;
import dev.bulkhead.rules.site.ZoneId;
import dev.bulkhead.simulator.plant.Occurrence.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A facility that behaves. Heat, gas and charge move on a fixed grid of {@value #GRID_MILLIS} ms
 * from the start, switching at its own instants in between, so that what happens doesn't depend on
 * how often anybody looks. One thread owns it.
 */
public final class Plant {
    private static final long GRID_MILLIS = 500;
    private static final long GRID = GRID_MILLIS * 1_000_000;

    /** A rack that catches fire from the next one: 1.5 kW on its first cell. Assumption. */
    private static final double IMPINGING_WATTS = 1500;

    /** What the plant is made of. */
    record Parts(
            Site site,
            PlantSettings settings,
            SequencedMap<RoomId, RoomState> rooms,
            SequencedMap<NodeId, StringState> strings,
            SequencedMap<BreakerId, BreakerGear> breakers,
            SequencedMap<NodeId, BusbarState> busbars,
            SequencedMap<NodeId, UpsState> ups) {

        BreakerId wiredAt(BreakerId documented) {
            return settings.deviations().wiredAt(documented);
        }

        BreakerGear breakerOf(StringState string) {
            return Site.known(breakers, string.string().breaker());
        }

        double sensedAmperes(StringState string) {
            BusbarState busbar = Site.known(busbars, string.string().busbar());
            UpsState unit = Site.known(ups, busbar.busbar().ups());
            boolean isFloating =
                    unit.rectifies()
                            && busbar.isOuterClosed()
                            && breakerOf(string).conducts()
                            && !string.hasBlownFuse();
            return string.sensedAmperes(isFloating);
        }
    }

    private record Due(long at, long number, Runnable act) {}

    private final Parts parts;
    private final PowerNetwork network;
    private final SupplyLedger ledger;
    private final Senses senses;
    private final Instant start;
    private final List<Occurrence> occurrences = new ArrayList<>();
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    private long dueCount;

    /** Nanoseconds since the start: how far the plant has been worked out, and how far told. */
    private long at;

    private long acts;
    private long seen;
    private boolean isCut;
    private boolean haveGeneratorsFailed;

    /** Until when loads that were started draw their inrush. */
    private final Map<NodeId, Long> rushesUntil = new LinkedHashMap<>();

    /**
     * @param seed draws what differs from module to module: offsets, spreads, mismatch
     */
    public Plant(Site site, PlantSettings settings, long seed, Instant start) {
        this.start = start;
        this.parts = build(site, settings, new SplittableRandom(seed));
        this.network = new PowerNetwork(site, parts.breakers(), parts.ups());
        SequencedMap<RoomId, Set<NodeId>> through = new LinkedHashMap<>();
        for (RoomId room : site.rooms().keySet()) {
            FireZone zone = site.zoneOf(room).orElseGet(() -> bare(site, room));
            through.put(room, network.fedOnlyThrough(zone));
        }
        this.ledger = new SupplyLedger(site, through);
        this.senses = new Senses(parts);
        settings.deviations().stuckBreakers().forEach(breaker -> gear(breaker).stick());
        settings.deviations().localBreakers().forEach(breaker -> gear(breaker).setLocal(true));
        settle();
    }

    /** A room that no fire zone lists burns alone. */
    private static FireZone bare(Site site, RoomId room) {
        Room alone = Site.known(site.rooms(), room);
        return new FireZone(new ZoneId(room.value()), alone.title(), List.of(room), List.of());
    }

    private static Parts build(Site site, PlantSettings settings, SplittableRandom random) {
        SequencedMap<NodeId, StringState> strings = new LinkedHashMap<>();
        for (BatteryString string : site.strings().values()) {
            strings.put(string.id(), new StringState(string, settings, random.split()));
        }
        SequencedMap<RoomId, RoomState> rooms = new LinkedHashMap<>();
        for (Room room : site.rooms().values()) {
            List<StringState> inside =
                    site.stringsIn(room.id())
                            .map(string -> Site.known(strings, string.id()))
                            .toList();
            rooms.put(room.id(), new RoomState(room, settings, inside));
        }
        SequencedMap<BreakerId, BreakerGear> breakers = new LinkedHashMap<>();
        for (Breaker breaker : site.breakers().values()) {
            breakers.put(breaker.id(), new BreakerGear(breaker));
        }
        SequencedMap<NodeId, UpsState> ups = new LinkedHashMap<>();
        for (Ups unit : site.ups().values()) {
            ups.put(unit.id(), new UpsState(unit));
        }
        SequencedMap<NodeId, BusbarState> busbars = new LinkedHashMap<>();
        for (Busbar busbar : site.busbars().values()) {
            var state = new BusbarState(busbar, Site.known(breakers, busbar.outer()), settings);
            busbars.put(busbar.id(), state);
            Site.known(ups, busbar.ups()).busbars().add(state);
        }
        for (StringState string : strings.values()) {
            Site.known(busbars, string.string().busbar())
                    .branches()
                    .add(
                            new BusbarState.Branch(
                                    string, Site.known(breakers, string.string().breaker())));
        }
        return new Parts(site, settings, rooms, strings, breakers, busbars, ups);
    }

    public Site site() {
        return parts.site();
    }

    public PlantSettings settings() {
        return parts.settings();
    }

    public Instant now() {
        return start.plusNanos(seen);
    }

    private Instant instant(long nanos) {
        return start.plusNanos(nanos);
    }

    private BreakerGear gear(BreakerId breaker) {
        return Site.known(parts.breakers(), breaker);
    }

    /** Lets time pass; the plant never goes back. */
    public void advanceTo(Instant now) {
        long target = Duration.between(start, now).toNanos();
        if (target < seen) {
            throw new IllegalArgumentException("the plant is at " + now() + ", asked for " + now);
        }
        seen = target;
        while (true) {
            Due next = due.peek();
            long grid = (at / GRID + 1) * GRID;
            long until = next == null ? grid : Math.min(grid, next.at());
            if (until > target) {
                return;
            }
            workOutTo(until);
            boolean hasSwitched = stopHotUps();
            while (next != null && next.at() <= until) {
                due.remove();
                next.act().run();
                hasSwitched = true;
                next = due.peek();
            }
            if (hasSwitched) {
                settle();
            } else {
                settleDirectCurrent();
            }
        }
    }

    private void after(Duration delay, Runnable act) {
        dueAt(at + delay.toNanos(), act);
    }

    private void dueAt(long when, Runnable act) {
        due.add(new Due(Math.max(at, when), dueCount++, act));
    }

    /** Heat, gas and charge up to an instant. */
    private void workOutTo(long until) {
        if (until <= at) {
            return;
        }
        double seconds = (until - at) * 1e-9;
        for (RoomState room : parts.rooms().values()) {
            for (RoomState.Trouble trouble : room.step(seconds)) {
                note(room, trouble);
            }
            if (room.tellsDischarge()) {
                tell(
                        until,
                        Kind.AGENT_DISCHARGED,
                        Optional.of(room.room().id()),
                        room.room().id().value(),
                        "room " + room.room().id() + ": extinguishing agent discharged");
            }
        }
        at = until;
    }

    private void note(RoomState room, RoomState.Trouble trouble) {
        Stack.CellEvent event = trouble.event();
        StringState string = trouble.string();
        long when = at + StrictMath.round(event.seconds() * 1e9);
        String cell = string.string().id() + "/" + event.name();
        RoomId id = room.room().id();
        switch (event.turn()) {
            case VENTING ->
                    tell(when, Kind.VENTING, Optional.of(id), cell, cell + ": the vent opens");
            case RUNAWAY_UNDER_CHARGE -> {
                String text = cell + ": thermal runaway under charge";
                tell(when, Kind.RUNAWAY, Optional.of(id), cell, text);
            }
            case RUNAWAY -> {
                if (!room.isAblaze()) {
                    room.ignite(when);
                    tell(
                            when,
                            Kind.IGNITION,
                            Optional.of(id),
                            cell,
                            "room " + id + ": first flame");
                    spreadBeyond(room, when);
                }
                tell(when, Kind.RUNAWAY, Optional.of(id), cell, cell + ": thermal runaway");
                if (!string.hasBurnt()) {
                    string.burn();
                    spreadFrom(string, event.module(), when);
                }
            }
        }
    }

    private void spreadFrom(StringState string, int module, long when) {
        BatteryString rack = string.string();
        PlantSettings.Spread spread = parts.settings().spread();
        spread.bmsSilent().ifPresent(delay -> dueAt(when + delay.toNanos(), () -> silence(string)));
        spread.nextRack()
                .ifPresent(
                        delay ->
                                dueAt(
                                        when + delay.toNanos(),
                                        () ->
                                                parts.strings().values().stream()
                                                        .filter(o -> rack.isNear(o.string()))
                                                        .filter(o -> !o.hasBurnt())
                                                        .forEach(o -> catchFire(o, module))));
    }

    private void catchFire(StringState string, int module) {
        int reached = Math.min(module, string.string().modules());
        string.stack().heat(reached, IMPINGING_WATTS);
    }

    private void silence(StringState string) {
        string.fallSilent();
        NodeId id = string.string().id();
        tell(
                at,
                Kind.DEVICE_SILENT,
                Optional.of(string.string().room()),
                id.value(),
                id + ": its battery management has burnt");
    }

    /** The conductors that cross the fire zone burn through. */
    private void spreadBeyond(RoomState room, long when) {
        Optional<FireZone> zone = parts.site().zoneOf(room.room().id());
        Optional<Duration> fail = parts.settings().spread().feedersFail();
        zone.ifPresent(
                burning ->
                        fail.ifPresent(
                                delay ->
                                        dueAt(
                                                when + delay.toNanos(),
                                                () -> burnFeedersOf(burning))));
    }

    /** UPS under a ceiling that has become too hot; whether any stopped now. */
    private boolean stopHotUps() {
        if (parts.settings().spread().ceilingLag().isEmpty()) {
            return false;
        }
        boolean anyStops = false;
        for (RoomState room : parts.rooms().values()) {
            double celsius = room.air().ceilingCelsius();
            if (celsius >= parts.settings().backup().upsStopsCelsius()) {
                Optional<FireZone> zone = parts.site().zoneOf(room.room().id());
                anyStops |= zone.filter(this::stopUpsIn).isPresent();
            }
        }
        return anyStops;
    }

    private boolean stopUpsIn(FireZone zone) {
        List<UpsState> running =
                parts.ups().values().stream()
                        .filter(unit -> zone.rooms().contains(unit.ups().room()))
                        .filter(unit -> !unit.hasFailed())
                        .toList();
        running.forEach(UpsState::fail);
        return !running.isEmpty();
    }

    private void burnFeedersOf(FireZone zone) {
        for (var id : zone.crossedBy()) {
            Feeder feeder = Site.known(parts.site().feeders(), id);
            network.burn(feeder.id());
            tell(at, Kind.FEEDER_BURNT, Optional.empty(), id.value(), id + ": burnt through");
        }
    }

    /** How often something befell it or was done to it. */
    public long acts() {
        return acts;
    }

    /** What a perfect register behind the real sensor shows now. */
    public Value sense(Role role, Subject of) {
        return senses.sense(role, of, seen);
    }

    /** Whether a device still answers: electronics in a burning rack fall silent. */
    public boolean answers(DeviceId device) {
        Device unit = Site.known(parts.site().devices(), device);
        return unit.of().flatMap(this::rack).map(string -> !string.isSilent()).orElse(true);
    }

    /** How hot the hottest cell of a module truly is; no sensor shows it. */
    public double hottestCelsius(NodeId string, int module) {
        return Site.known(parts.strings(), string).hottestCelsius(module);
    }

    /** Whether a rack's battery management still measures; it burns with its rack. */
    public boolean bmsAnswers(NodeId string) {
        return !Site.known(parts.strings(), string).isSilent();
    }

    private Optional<StringState> rack(Subject of) {
        return switch (of) {
            case Subject.OfNode(var node) -> Optional.ofNullable(parts.strings().get(node));
            case Subject.OfModule(var string, int _) ->
                    Optional.ofNullable(parts.strings().get(string));
            case Subject.OfRoom _, Subject.OfBreaker _ -> Optional.empty();
        };
    }

    /** The SELECT output of a breaker's panel; false: LOCAL, racked out, no control supply. */
    public boolean select(BreakerId breaker) {
        acts++;
        Duration holds = parts.settings().switchgear().selectHolds();
        return gear(parts.wiredAt(breaker)).select(seen, holds.toNanos());
    }

    /**
     * The TRIP output of a breaker's panel. It uses up the SELECT.
     *
     * @return false if it was refused: not selected, or selected too long ago. True says that the
     *     pulse went to the trip coil, not that anything opened
     */
    public boolean trip(BreakerId breaker) {
        acts++;
        BreakerGear gear = gear(parts.wiredAt(breaker));
        if (!gear.takesTrip(seen)) {
            return false;
        }
        workOutTo(seen);
        startOpening(gear, true);
        settle();
        return true;
    }

    private void startOpening(BreakerGear gear, boolean byTripCoil) {
        BreakerId id = gear.breaker().id();
        if (gear.startOpening(byTripCoil)) {
            after(
                    parts.settings().switchgear().opening(),
                    () -> {
                        gear.open();
                        tellOf(gear, Kind.BREAKER_OPENED, id + " opened");
                    });
        } else if (gear.isClosed()) {
            tellOf(gear, Kind.BREAKER_STUCK, id + " was told to open and didn't move");
        }
    }

    private void tellOf(BreakerGear gear, Kind kind, String text) {
        Breaker breaker = gear.breaker();
        tell(at, kind, Optional.of(breaker.room()), breaker.id().value(), text);
    }

    /** Lets something befall the plant, now. */
    public void apply(Happening happening) {
        acts++;
        workOutTo(seen);
        switch (happening) {
            case Happening.InternalShort fault -> shortInside(fault);
            case Happening.UtilityLost _ -> loseUtility();
            case Happening.UtilityRestored _ -> restoreUtility();
            case Happening.GeneratorsFail _ -> failGenerators();
            case Happening.BreakerSticks(var breaker) -> gear(breaker).stick();
            case Happening.BreakerLies(var breaker, var shown) -> gear(breaker).lie(shown);
            case Happening.OpenByHand(var breaker) -> startOpening(gear(breaker), false);
            case Happening.CloseByHand(var breaker) -> close(gear(breaker));
            case Happening.BreakerReset(var breaker) -> reset(gear(breaker));
            case Happening.SetLocal(var breaker, boolean isLocal) ->
                    gear(breaker).setLocal(isLocal);
            case Happening.RackedOut(var breaker) -> gear(breaker).rackOut();
            case Happening.ControlSupplyLost(var breaker) -> gear(breaker).loseSupply();
            case Happening.TripCircuitBroken(var breaker) -> gear(breaker).breakTripCircuit();
            case Happening.FacilityCut _ -> cut();
            case Happening.ServersStarted(var load) ->
                    startServers(Site.known(parts.site().loads(), load));
            case Happening.UpsFails(var unit) -> Site.known(parts.ups(), unit).fail();
            case Happening.UpsReset(var unit) -> reset(Site.known(parts.ups(), unit));
            case Happening.WaterLeak(var room) -> leak(Site.known(parts.rooms(), room));
            case Happening.SmokeEnters smoke -> letSmokeIn(smoke);
            case Happening.GasEnters gas -> letGasIn(gas);
            case Happening.BumpTest test -> bump(test);
            case Happening.FanStops(var room, boolean isStopped) -> stopFan(room, isStopped);
            case Happening.CoolingFails cooling -> failCooling(cooling);
            case Happening.CoolingRuns cooling -> runCooling(cooling);
            case Happening.DetectorsReset(var room) -> resetDetectors(room);
            case Happening.AgentReleased(var room) -> air(room).discharge();
            case Happening.InsulationFalls fall -> letInsulationFall(fall);
        }
        settle();
    }

    private void shortInside(Happening.InternalShort fault) {
        StringState string = Site.known(parts.strings(), fault.string());
        double charge = string.chargePercent() / 100;
        string.stack().shortThrough(fault.module(), fault.cell(), fault.milliohms(), charge);
        String name = fault.string() + "/" + fault.module() + " cell " + fault.cell();
        tell(
                at,
                Kind.SHORT,
                Optional.of(string.string().room()),
                name,
                name + ": internal short of " + fault.milliohms() + " mΩ");
    }

    private void loseUtility() {
        if (!network.hasUtility()) {
            return;
        }
        network.setUtility(false);
        tell(at, Kind.UTILITY_LOST, Optional.empty(), "utility", "the utility is lost");
        PlantSettings.Backup backup = parts.settings().backup();
        boolean hasGenerators =
                parts.site().supplies().values().stream()
                        .anyMatch(supply -> supply.kind() == Supply.Kind.GENERATOR);
        if (hasGenerators && backup.generatorsStart()) {
            after(backup.generatorStart(), this::startGenerators);
        }
    }

    private void startGenerators() {
        if (!network.hasUtility() && !isCut && !haveGeneratorsFailed) {
            network.setGenerators(true);
            tell(at, Kind.GENERATORS_CARRY, Optional.empty(), "generators", "generators carry");
        }
    }

    private void failGenerators() {
        haveGeneratorsFailed = true;
        network.setGenerators(false);
        tell(at, Kind.GENERATORS_FAILED, Optional.empty(), "generators", "the generators failed");
    }

    private void restoreUtility() {
        if (!network.hasUtility() && !isCut) {
            network.setUtility(true);
            network.setGenerators(false);
            tell(at, Kind.UTILITY_RESTORED, Optional.empty(), "utility", "the utility is back");
        }
    }

    private void startServers(Load load) {
        if (!ledger.isDown(load) || !network.isFed(load)) {
            return;
        }
        ledger.noteStarted(load, instant(at));
        Duration inrush = parts.settings().backup().inrushLasts();
        rushesUntil.put(load.id(), at + inrush.toNanos());
        after(inrush, () -> rushesUntil.remove(load.id(), at));
        String text = load.id() + ": " + load.servers() + " servers started";
        tell(at, Kind.SERVERS_STARTED, Optional.empty(), load.id().value(), text);
    }

    private void close(BreakerGear gear) {
        if (gear.close()) {
            tellOf(gear, Kind.BREAKER_CLOSED, gear.breaker().id() + " closed by hand");
        }
    }

    private void reset(BreakerGear gear) {
        if (gear.reset()) {
            tellOf(gear, Kind.BREAKER_RESET, gear.breaker().id() + " reset by hand");
        }
    }

    private void reset(UpsState unit) {
        if (!isCut && unit.reset()) {
            NodeId id = unit.ups().id();
            Optional<RoomId> room = Optional.of(unit.ups().room());
            tell(at, Kind.UPS_RESET, room, id.value(), id + " reset by hand");
        }
    }

    private void leak(RoomState room) {
        room.leak();
        RoomId id = room.room().id();
        tellOf(id, Kind.WATER_LEAK, "water");
    }

    private RoomAir air(RoomId room) {
        return Site.known(parts.rooms(), room).air();
    }

    private void letSmokeIn(Happening.SmokeEnters smoke) {
        bring(smoke.room(), new RoomAir.Source(smoke.squareMetresPerSecond(), 0), smoke.lasting());
        tellOf(smoke.room(), Kind.SMOKE_ENTERED, "smoke or dust comes in");
    }

    private void letGasIn(Happening.GasEnters gas) {
        bring(gas.room(), new RoomAir.Source(0, gas.litresPerSecond()), gas.lasting());
        tellOf(gas.room(), Kind.GAS_ENTERED, "gas comes in");
    }

    private void bring(RoomId room, RoomAir.Source source, Duration lasting) {
        air(room).begins(source);
        after(lasting, () -> air(room).ends(source));
    }

    private void bump(Happening.BumpTest test) {
        RoomId id = Site.known(parts.strings(), test.string()).string().room();
        RoomState room = Site.known(parts.rooms(), id);
        int rack = room.rack(test.string());
        room.air().holdTestGasTo(rack);
        after(test.lasting(), () -> room.air().takeTestGasFrom(rack));
        tell(
                at,
                Kind.BUMP_TEST,
                Optional.of(id),
                test.string().value(),
                test.string() + ": test gas at its off-gas sensor");
    }

    private void stopFan(RoomId room, boolean isStopped) {
        air(room).breakFan(isStopped);
        tellOf(
                room,
                isStopped ? Kind.FAN_STOPPED : Kind.FAN_RUNS,
                isStopped ? "the exhaust fan stops" : "the exhaust fan runs again");
    }

    private void failCooling(Happening.CoolingFails cooling) {
        air(cooling.room()).warm(cooling.kelvinPerHour(), cooling.lasting());
        tellOf(cooling.room(), Kind.COOLING_FAILED, "cooling has failed");
    }

    private void runCooling(Happening.CoolingRuns cooling) {
        air(cooling.room()).cool(cooling.kelvinPerHour());
        tellOf(cooling.room(), Kind.COOLING_RUNS, "cooling runs again");
    }

    private void resetDetectors(RoomId room) {
        air(room).resetDetectors();
        tellOf(room, Kind.DETECTORS_RESET, "smoke and heat detectors reset");
    }

    private void letInsulationFall(Happening.InsulationFalls fall) {
        BusbarState busbar = Site.known(parts.busbars(), fall.busbar());
        busbar.leaks(fall.kiloohms());
        after(fall.lasting(), () -> busbar.leaksNoLonger(fall.kiloohms()));
        tell(
                at,
                Kind.INSULATION_FELL,
                Optional.of(busbar.busbar().room()),
                fall.busbar().value(),
                fall.busbar() + ": " + fall.kiloohms() + " kΩ to earth");
    }

    private void tellOf(RoomId room, Kind kind, String text) {
        tell(at, kind, Optional.of(room), room.value(), "room " + room + ": " + text);
    }

    private void cut() {
        isCut = true;
        network.setUtility(false);
        network.setGenerators(false);
        tell(at, Kind.FACILITY_CUT, Optional.empty(), "facility", "the whole facility is cut");
        parts.ups().values().forEach(UpsState::fail);
        if (parts.settings().switchgear().openedByFacilityCut()) {
            parts.busbars().values().forEach(b -> startOpening(gear(b.busbar().outer()), false));
            parts.strings().values().forEach(s -> startOpening(parts.breakerOf(s), false));
        }
    }

    /** After anything switched: what is fed from where, who carries what, who is down. */
    private void settle() {
        List<UpsState.Mode> before = parts.ups().values().stream().map(UpsState::mode).toList();
        double efficiency = parts.settings().backup().efficiency();
        parts.ups().values().forEach(unit -> unit.carryUntil(at));
        do {
            network.settle();
            network.carry(this::drawnWatts, efficiency);
        } while (returnToInverters() || changeOver() || !solveDirectCurrent());
        int index = 0;
        for (UpsState unit : parts.ups().values()) {
            if (unit.mode() != before.get(index++)) {
                tellMode(unit);
            }
            unit.overloadEnds().ifPresent(ends -> dueAt(ends, () -> giveUpOverloaded(unit)));
        }
        for (Load load : parts.site().loads().values()) {
            noteSupply(load);
        }
        noteHalls();
        noteRooms();
    }

    /** False: a battery proved empty or a fuse blew, so the plant has to be settled again. */
    private boolean solveDirectCurrent() {
        boolean allBear = true;
        for (UpsState unit : parts.ups().values()) {
            if (!DirectCurrent.settle(unit, parts.settings().backup().efficiency(), at)) {
                unit.exhaust();
                allBear = false;
            }
        }
        for (StringState string : parts.strings().values()) {
            if (string.blowsFuse()) {
                NodeId id = string.string().id();
                Optional<RoomId> room = Optional.of(string.string().room());
                tell(at, Kind.FUSE_BLOWN, room, id.value(), id + ": its fuse has blown");
                allBear = false;
            }
        }
        return allBear;
    }

    private void settleDirectCurrent() {
        if (!solveDirectCurrent()) {
            settle();
        }
    }

    private double drawnWatts(Load load) {
        if (ledger.isDown(load)) {
            return 0;
        }
        boolean rushes = at < rushesUntil.getOrDefault(load.id(), at);
        return load.watts() * (rushes ? parts.settings().backup().inrush() : 1);
    }

    private boolean returnToInverters() {
        boolean anyReturns = false;
        for (UpsState unit : parts.ups().values()) {
            anyReturns |= unit.returnsToInverter();
        }
        return anyReturns;
    }

    private boolean changeOver() {
        boolean anyIsDark = false;
        for (UpsState unit : parts.ups().values()) {
            Duration dark = unit.changesOver(parts.settings().backup());
            if (dark.isPositive()) {
                anyIsDark = true;
                // Nothing to do then but to settle.
                after(dark, () -> {});
            }
        }
        return anyIsDark;
    }

    private void giveUpOverloaded(UpsState unit) {
        unit.carryUntil(at);
        unit.giveUpOverloaded();
    }

    private void tellMode(UpsState unit) {
        NodeId id = unit.ups().id();
        Kind kind =
                switch (unit.mode()) {
                    case RECTIFIER -> Kind.UPS_ON_RECTIFIER;
                    case BATTERY -> Kind.UPS_ON_BATTERY;
                    case BYPASS -> Kind.UPS_ON_BYPASS;
                    case OFF -> Kind.UPS_OFF;
                };
        String text =
                switch (unit.mode()) {
                    case RECTIFIER -> " runs on its rectifier";
                    case BATTERY -> " runs on its battery";
                    case BYPASS -> " is on bypass";
                    case OFF -> " is off";
                };
        tell(at, kind, Optional.of(unit.ups().room()), id.value(), id + text);
    }

    private void noteSupply(Load load) {
        boolean isFed = network.isFed(load);
        boolean wasFed = ledger.unfedSince(load).isEmpty();
        ledger.noteFed(load, isFed, instant(at));
        if (!isFed && wasFed && !ledger.isDown(load)) {
            long since = at;
            after(
                    parts.settings().backup().rideThrough().plusNanos(1),
                    () -> loseIfUnfed(load, since));
        }
    }

    private void loseIfUnfed(Load load, long since) {
        if (ledger.unfedSince(load).filter(instant(since)::equals).isPresent()) {
            ledger.noteLost(load, instant(since));
            tell(
                    at,
                    Kind.SUPPLY_LOST,
                    Optional.empty(),
                    load.id().value(),
                    load.id() + ": " + load.servers() + " servers lost supply");
        }
    }

    private void noteHalls() {
        SequencedMap<HallId, int[]> sums = new LinkedHashMap<>();
        for (Load load : parts.site().loads().values()) {
            int[] sum = sums.computeIfAbsent(load.hall(), _ -> new int[3]);
            sum[0] += ledger.isDown(load) ? 0 : load.servers();
            for (int cord = 0; cord < Math.min(2, load.cords().size()); cord++) {
                sum[cord + 1] += network.isLive(load.cords().get(cord)) ? load.servers() : 0;
            }
        }
        sums.forEach(
                (hall, sum) ->
                        ledger.noteHall(
                                new SupplyLedger.HallSupply(
                                        instant(at), hall, sum[0], sum[1], sum[2])));
    }

    private void noteRooms() {
        for (RoomId room : parts.site().rooms().keySet()) {
            boolean isEnergised = false;
            for (BusbarState busbar : parts.busbars().values()) {
                if (busbar.busbar().room().equals(room) && busbar.isEnergisedAt(at)) {
                    isEnergised = true;
                    busbar.tellsDeath().ifPresent(dies -> dueAt(dies, () -> noteDead(busbar)));
                }
            }
            ledger.noteEnergised(room, isEnergised, instant(at));
        }
    }

    private void noteDead(BusbarState busbar) {
        if (!busbar.isEnergisedAt(at)) {
            Busbar bar = busbar.busbar();
            tell(
                    at,
                    Kind.BUSBAR_DEAD,
                    Optional.of(bar.room()),
                    bar.id().value(),
                    bar.id() + " dead");
        }
    }

    private void tell(long when, Kind kind, Optional<RoomId> room, String subject, String text) {
        occurrences.add(new Occurrence(instant(when), kind, room, subject, text));
    }

    /** Which servers had supply, and which rooms were live. */
    public SupplyLedger ledger() {
        return ledger;
    }

    /** Everything that truly happened so far, in order. */
    public List<Occurrence> occurrences() {
        return occurrences.stream().sorted(Comparator.comparing(Occurrence::at)).toList();
    }

    /** When a room's first flame was, if it had one. */
    public Optional<Instant> ignition(RoomId room) {
        return Site.known(parts.rooms(), room).ignition().map(this::instant);
    }

    /** Any DC busbar of the room stands at 60 V or more. */
    public boolean isEnergised(RoomId room) {
        return parts.busbars().values().stream()
                .filter(busbar -> busbar.busbar().room().equals(room))
                .anyMatch(busbar -> busbar.isEnergisedAt(seen));
    }
}
