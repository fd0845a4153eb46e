package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.agent.journal.MemoryJournal;
import dev.bulkhead.rules.Command;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.Input;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Course;
import dev.bulkhead.simulator.scenario.Incident;
import dev.bulkhead.simulator.scenario.Player;
import dev.bulkhead.simulator.scenario.Victim;
import dev.bulkhead.simulator.score.Conduct;
import dev.bulkhead.simulator.score.Policy;
import dev.bulkhead.simulator.score.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * CAMPAIGN: plant, devices and the agent's real code on one thread that jumps from event to event.
 * The same seed gives the same bytes.
 */
final class Campaign {
    /** How long a killed agent's supervisor takes to start it again (assumption). */
    private static final Duration RESTART = Duration.ofSeconds(3);

    /** Between looks whether nobody need watch any longer. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Stage stage;
    private final AgentFile.Configuration configuration;
    private final long seed;
    private final MemoryJournal journal;
    private final Told told = new Told();
    private final Consumer<Event> audience;
    private final Plant plant;
    private final SequencedMap<GatewayId, SimulatedGateway> gateways;
    private final Player player;
    private final CampaignAgent.Onlooker onlooker;
    private final VirtualTime time;
    private final SplittableRandom random;
    private CampaignAgent agent;
    private long skippedPolls;
    private long pollsDue;
    private long pollsAnswered;
    private int restarts;

    /**
     * Sets the stage at the scenario's start.
     *
     * @param journal empty; may have been told to crash
     * @param audience hears every event as it becomes durable
     */
    Campaign(
            Stage stage,
            AgentFile.Configuration configuration,
            long seed,
            MemoryJournal journal,
            Consumer<Event> audience) {
        this(
                stage,
                configuration,
                seed,
                plantOf(stage, seed),
                journal,
                audience,
                CampaignAgent.Onlooker.NOBODY);
    }

    /**
     * Sets the stage, and lets somebody look on.
     *
     * @param plant of this stage, at its scenario's start
     */
    Campaign(
            Stage stage,
            AgentFile.Configuration configuration,
            long seed,
            Plant plant,
            MemoryJournal journal,
            Consumer<Event> audience,
            CampaignAgent.Onlooker onlooker) {
        this.stage = stage;
        this.configuration = configuration;
        this.seed = seed;
        this.journal = journal;
        this.audience = audience;
        this.plant = plant;
        this.onlooker = onlooker;
        this.gateways = stage.gateways(plant);
        this.player = new Player(stage.scenario(), plant, gateways, Policy.BULKHEAD);
        this.time = new VirtualTime(stage.scenario().start());
        this.random = new SplittableRandom(seed);
        this.agent = start();
        stage.scenario().forEachDeath(this::schedule);
    }

    static Plant plantOf(Stage stage, long seed) {
        return new Plant(
                stage.facility().site(),
                stage.facility().settings(),
                seed,
                stage.scenario().start());
    }

    private CampaignAgent start() {
        return new CampaignAgent(
                configuration,
                gateways,
                onlooker,
                player::advanceTo,
                time,
                random,
                journal,
                this::tell);
    }

    /** There is no way to a store here: of all processes, only the agent can die. */
    private void schedule(Duration at, Incident.Dies death) {
        if (death.victim() == Victim.AGENT) {
            time.at(stage.scenario().start().plus(at), () -> die(death.pause()));
        }
    }

    private void die(Duration pause) {
        if (!agent.isAlive()) {
            return;
        }
        end();
        restarts++;
        time.at(time.now().plus(pause), () -> agent = start());
    }

    private void tell(Event event) {
        told.add(event);
        audience.accept(event);
    }

    /**
     * What the journal says, which is what counts: an agent that dies may not have told its last.
     */
    Told recorded() {
        var recorded = new Told();
        journal.past().forEach(recorded::add);
        return recorded;
    }

    Plant plant() {
        return plant;
    }

    int restarts() {
        return restarts;
    }

    /** Plays until nobody need watch any longer, then the plant alone to the scenario's end. */
    RunRecord play() {
        Instant latest = stage.scenario().start().plus(stage.scenario().stop().at());
        Instant stop = latest;
        while (time.now().isBefore(stop)) {
            Instant next = time.now().plus(LOOK);
            step(next.isBefore(stop) ? next : stop);
            player.takeApproved().forEach(room -> time.at(time.now(), () -> approve(room)));
            Instant ended = stopAt(latest);
            stop = ended.isBefore(stop) ? ended : stop;
        }
        end();
        Instant acted = time.now();
        player.advanceTo(acted);
        player.playOut();
        return record(acted);
    }

    /** A person approves the plan last made for a room. */
    private void approve(RoomId room) {
        told.planned(room)
                .ifPresent(
                        plan ->
                                agent.submit(
                                        new Input.Person(
                                                time.now(),
                                                "operator",
                                                "the scenario has it approved",
                                                new Command.Approve(plan))));
    }

    /** The agent goes, and what it has polled is added up; whoever is gone has gone once. */
    private void end() {
        if (!agent.isAlive()) {
            return;
        }
        agent.kill();
        skippedPolls += agent.skippedPolls();
        pollsDue += agent.duePolls();
        pollsAnswered += agent.answeredPolls();
    }

    private void step(Instant until) {
        while (true) {
            try {
                time.runUntil(until);
                return;
            } catch (MemoryJournal.Crash _) {
                die(RESTART);
            }
        }
    }

    private Instant stopAt(Instant latest) {
        Optional<Instant> ended = told.endedAt();
        return stage.scenario()
                .stop()
                .afterOutcome()
                .flatMap(delay -> ended.map(at -> at.plus(delay)))
                .orElse(latest);
    }

    private RunRecord record(Instant acted) {
        Course course = player.course();
        var conduct =
                new Conduct(seed, Conduct.Mode.CAMPAIGN, 1, (int) skippedPolls, Duration.ZERO, "");
        return recorded()
                .record(
                        conduct,
                        stage.scenario().start(),
                        acted,
                        course,
                        new Told.Polls(pollsDue, pollsAnswered));
    }
}
