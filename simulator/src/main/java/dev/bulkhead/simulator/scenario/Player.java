package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.device.Affliction;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.plant.Happening;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.score.Outcome;
import dev.bulkhead.simulator.score.Policy;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Lets a scenario befall a plant. Whoever drives the time says how far; each incident comes at its
 * own instant, however large the stride. Owned by the thread that owns the plant.
 */
public final class Player {
    /** How often values are sampled, and how soon a flame is noticed here. Proposal. */
    static final Duration STRIDE = Duration.ofSeconds(5);

    /** Hears of a play as it goes, on the thread that drives it. */
    public interface Listener {
        void happened(Incident incident);

        /** The scenario's end has come. */
        void ended();
    }

    private static final Listener NOBODY =
            new Listener() {
                @Override
                public void happened(Incident incident) {}

                @Override
                public void ended() {}
            };

    private final Scenario scenario;
    private final Plant plant;
    private final SequencedMap<GatewayId, SimulatedGateway> gateways;
    private final Policy policy;
    private final Listener listener;
    private final List<RoomId> rooms;
    private final Recorder recorder;
    private final Optional<TripRelay> relay;
    private final List<RoomId> approved = new ArrayList<>();
    private Instant nextSample;
    private int next;
    private boolean isCut;
    private boolean hasEnded;

    /**
     * @param plant at the scenario's start
     * @param gateways through which it is watched; empty where nobody watches, and then incidents
     *     of devices and gateways make no difference
     */
    public Player(
            Scenario scenario,
            Plant plant,
            SequencedMap<GatewayId, SimulatedGateway> gateways,
            Policy policy) {
        this(scenario, plant, gateways, policy, NOBODY);
    }

    /** The same, told to somebody; the first incidents come already now. */
    public Player(
            Scenario scenario,
            Plant plant,
            SequencedMap<GatewayId, SimulatedGateway> gateways,
            Policy policy,
            Listener listener) {
        if (!plant.now().equals(scenario.start())) {
            throw new IllegalArgumentException(
                    "the plant is at " + plant.now() + ", the scenario starts " + scenario.start());
        }
        this.scenario = scenario;
        this.plant = plant;
        this.gateways = gateways;
        this.policy = policy;
        this.listener = listener;
        this.rooms = scenario.expected(plant.site()).failing();
        this.recorder = new Recorder(scenario, plant, rooms);
        this.relay = wiring(scenario, plant, policy).map(trip -> new TripRelay(plant, trip));
        recorder.sample();
        nextSample = scenario.start().plus(STRIDE);
        letHappen();
    }

    private static Optional<RoomTrip> wiring(Scenario scenario, Plant plant, Policy policy) {
        return switch (policy) {
            case BMS_THRESHOLD ->
                    Optional.of(new RoomTrip.BmsThreshold(plant, scenario.bmsCycle()));
            case PANEL_INTERLOCK -> Optional.of(new RoomTrip.PanelInterlock(plant));
            case NONE, FACILITY_CUT, BULKHEAD -> Optional.empty();
        };
    }

    /** Plays on to an instant, the scenario's end at the latest. */
    public void advanceTo(Instant now) {
        Instant target = now.isBefore(scenario.end()) ? now : scenario.end();
        while (plant.now().isBefore(target)) {
            plant.advanceTo(earliest(target));
            if (plant.now().equals(nextSample)) {
                recorder.sample();
                nextSample = nextSample.plus(STRIDE);
            }
            letHappen();
            relay.ifPresent(TripRelay::look);
        }
        if (!hasEnded && !now.isBefore(scenario.end())) {
            hasEnded = true;
            listener.ended();
        }
    }

    /** Nobody acts any longer; the plant goes its way to the scenario's end. */
    public void playOut() {
        advanceTo(scenario.end());
    }

    /** The rooms whose plans people have approved since this was last asked. */
    public List<RoomId> takeApproved() {
        List<RoomId> taken = List.copyOf(approved);
        approved.clear();
        return taken;
    }

    /** When the fire service needs water; empty while nothing burns. */
    public Optional<Instant> waterNeeded() {
        return scenario.waterAfterIgnition()
                .flatMap(
                        delay ->
                                rooms.stream()
                                        .map(plant::ignition)
                                        .flatMap(Optional::stream)
                                        .min(Instant::compareTo)
                                        .map(first -> first.plus(delay)));
    }

    /** What hard wiring found and did. */
    List<Decision> decisions() {
        return relay.map(TripRelay::decisions).orElse(List.of());
    }

    /** What hard wiring made of a room. */
    Outcome outcome(RoomId room) {
        return relay.map(it -> it.outcome(room)).orElse(Outcome.NONE);
    }

    /** The rooms that hard wiring tripped. */
    List<RoomId> tripped() {
        return relay.map(TripRelay::tripped).orElse(List.of());
    }

    /** How it went so far. */
    public Course course() {
        return recorder.course(waterNeeded());
    }

    private Instant earliest(Instant target) {
        Instant earliest = nextSample.isBefore(target) ? nextSample : target;
        if (next < scenario.timeline().size()) {
            Instant due = scenario.at(scenario.timeline().get(next));
            earliest = due.isBefore(earliest) ? due : earliest;
        }
        Instant look = relay.map(TripRelay::next).orElse(earliest);
        earliest = look.isBefore(earliest) ? look : earliest;
        Instant cut = cutAt().orElse(earliest);
        return cut.isBefore(earliest) ? cut : earliest;
    }

    /** When everything is switched off, if that is still to come. */
    private Optional<Instant> cutAt() {
        return policy == Policy.FACILITY_CUT && !isCut
                ? waterNeeded().map(water -> water.isBefore(plant.now()) ? plant.now() : water)
                : Optional.empty();
    }

    private void letHappen() {
        while (next < scenario.timeline().size()
                && !scenario.at(scenario.timeline().get(next)).isAfter(plant.now())) {
            letHappen(scenario.timeline().get(next++).incident());
        }
        if (cutAt().filter(cut -> !cut.isAfter(plant.now())).isPresent()) {
            isCut = true;
            plant.apply(new Happening.FacilityCut());
        }
    }

    private void letHappen(Incident incident) {
        switch (incident) {
            case Incident.Befalls(Happening happening) -> plant.apply(happening);
            case Incident.Approves(RoomId room) -> approved.add(room);
            case Incident.Breaks(Affliction affliction) ->
                    affliction.inflict(plant.site(), gateways);
            case Incident.Mends(Affliction.Mending mending) -> mending.mend(plant.site(), gateways);
            case Incident.Dies _, Incident.OfHost _ -> {
                // For whoever keeps the processes and their host.
            }
        }
        listener.happened(incident);
    }
}
