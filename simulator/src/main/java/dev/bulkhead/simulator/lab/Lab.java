package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.journal.JournalFile;
import dev.bulkhead.agent.ledger.Account;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.condition.Pack;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Incident;
import dev.bulkhead.simulator.scenario.Player;
import dev.bulkhead.simulator.scenario.Victim;
import dev.bulkhead.simulator.score.Conduct;
import dev.bulkhead.simulator.score.Policy;
import dev.bulkhead.simulator.score.RunRecord;
import dev.bulkhead.simulator.score.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * LAB: the plant in this process, its devices on real sockets, the agent as a child process, all on
 * the same plant time, which runs {@code speed} times as fast as the wall's; and beside them a
 * broker, a bridge and a store, to which the agent tells what it reads.
 */
final class Lab {
    /** What an audience is told while it plays. */
    interface Audience {
        void event(Event event);

        /** Plant time went on; called some times a second, with the plant held still. */
        void moment(Instant now, Plant plant);
    }

    /** How often the plant is brought to the present; its requests see it that fresh. */
    private static final Duration STRIDE = Duration.ofMillis(20);

    /**
     * Wall time for the agent to start in, to find every device and to be compiled, before plant
     * time begins; the more devices, the longer. Until then the plant stands still.
     */
    private static final Duration HEAD_START = Duration.ofSeconds(6);

    private static final Duration HEAD_START_FOR_EACH = Duration.ofMillis(25);

    /** How long samples may take to the store when the agent has read its last. */
    static final Duration DRAIN = Duration.ofSeconds(20);

    private final Stage stage;
    private final List<Pack> packs;
    private final long seed;
    private final int speed;
    private final Path work;
    private final Queue<Incident.OfHost> ofHost = new ArrayDeque<>();
    private final Audience audience;
    private final Told told = new Told();

    /**
     * Guards plant, player, gateways and what was told: held while one request is answered or time
     * moves.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private final Plant plant;
    private final SequencedMap<GatewayId, SimulatedGateway> gateways;
    private final Player player;
    private Duration worstLag = Duration.ZERO;
    private final Deque<Predicament> predicaments = new ArrayDeque<>();
    private final List<Revival> revivals = new ArrayList<>();
    private long drainUntilNanos;

    private boolean wasKilled;

    /**
     * Kill a process once; start it again a little later.
     *
     * @param notBefore plant time since the scenario's start
     * @param when an event that the agent has told must be of this kind
     * @param pause on the wall
     */
    record Predicament(
            Victim victim, Duration notBefore, Optional<Predicate<Event>> when, Duration pause) {
        /** At an instant of plant time. */
        private static Predicament at(Victim victim, Duration sinceStart, Duration pause) {
            return new Predicament(victim, sinceStart, Optional.empty(), pause);
        }

        /** As soon as the agent has told of such an event. */
        static Predicament upon(Victim victim, Predicate<Event> event, Duration pause) {
            return new Predicament(victim, Duration.ZERO, Optional.of(event), pause);
        }

        /** The part of the way to the store that is meant; empty: the agent. */
        private Optional<Telling.Part> part() {
            return switch (victim) {
                case AGENT -> Optional.empty();
                case BROKER -> Optional.of(Telling.Part.BROKER);
                case BRIDGE -> Optional.of(Telling.Part.BRIDGE);
                case STORE -> Optional.of(Telling.Part.STORE);
            };
        }
    }

    /** A part of the way that is to be started again. */
    private record Revival(Telling.Part part, long atNanos) {}

    /**
     * Sets the stage.
     *
     * @param packs by which the agent judges
     * @param work a folder for the agent's files, emptied first
     */
    Lab(Stage stage, List<Pack> packs, long seed, int speed, Path work, Audience audience) {
        this.stage = stage;
        this.packs = List.copyOf(packs);
        this.seed = seed;
        this.speed = speed;
        this.work = work;
        this.audience = audience;
        this.plant =
                new Plant(
                        stage.facility().site(),
                        stage.facility().settings(),
                        seed,
                        stage.scenario().start());
        this.gateways = stage.gateways(plant);
        this.player = new Player(stage.scenario(), plant, gateways, Policy.BULKHEAD, listener());
        stage.scenario()
                .forEachDeath(
                        (at, death) ->
                                predicaments.add(
                                        Predicament.at(
                                                death.victim(),
                                                at,
                                                death.pause().dividedBy(speed))));
    }

    /** Keeps what befalls the host until its processes can be told; called with the lock held. */
    private Player.Listener listener() {
        return new Player.Listener() {
            @Override
            public void happened(Incident incident) {
                if (incident instanceof Incident.OfHost befalls) {
                    ofHost.add(befalls);
                }
            }

            @Override
            public void ended() {
                // The run is over by then.
            }
        };
    }

    /** Kills processes, one predicament after the other, when the scenario's own are done. */
    Lab killing(Predicament... inOrder) {
        predicaments.addAll(List.of(inOrder));
        return this;
    }

    /**
     * What the journal says, which is what counts: an agent that dies may not have told its last.
     */
    Told recorded() {
        var recorded = new Told();
        AgentFile.load(configuration(work))
                .value()
                .map(it -> it.settings().journal().file())
                .map(JournalFile::read)
                .ifPresent(contents -> contents.events().forEach(recorded::add));
        return recorded;
    }

    private Path configuration(Path home) {
        return home.resolve(stage.agentFile().getFileName());
    }

    RunRecord play() throws IOException, InterruptedException {
        clear();
        try (var host = LabHost.in(work, stage.scenario());
                var serving = Serving.start(gateways, lock, plant::now, 0);
                var telling = Telling.start(work, host.home().resolve("spool"), true)) {
            prepare(host.home(), serving, telling);
            var time =
                    new LabTime(stage.scenario().start(), Instant.now().plus(headStart()), speed);
            Optional<AgentProcess.Late> late = run(time, time.begin(), host, telling);
            host.keep();
            Instant acted = plant.now();
            Telemetry telemetry = telemetry(telling);
            Told recorded = recorded();
            List<RunRecord.Trace> stored = stored(telling, recorded, acted);
            lock.lock();
            try {
                player.playOut();
                return recorded.record(
                                conduct(late),
                                stage.scenario().start(),
                                acted,
                                player.course(),
                                Told.Polls.UNCOUNTED)
                        .told(telemetry, stored);
            } finally {
                lock.unlock();
            }
        }
    }

    private Duration headStart() {
        int devices = stage.facility().site().devices().size();
        return HEAD_START.plus(HEAD_START_FOR_EACH.multipliedBy(devices));
    }

    /** What became of every sample, now that the agent has stopped. */
    private Telemetry telemetry(Telling telling) throws IOException, InterruptedException {
        long left = drainUntilNanos - System.nanoTime();
        Account account =
                telling.account(stage.facility().site(), Duration.ofNanos(Math.max(left, 0)));
        return new Telemetry(
                answeredPolls(),
                account.sampled(),
                account.waiting(),
                account.dropped(),
                account.stored(),
                account.missing().count(),
                account.missing().brief(),
                account.duplicated(),
                telling.refused(),
                wasKilled);
    }

    private long answeredPolls() {
        lock.lock();
        try {
            return gateways.values().stream().mapToLong(SimulatedGateway::answeredPolls).sum();
        } finally {
            lock.unlock();
        }
    }

    /** What the store has of the signals that voted. */
    private List<RunRecord.Trace> stored(Telling telling, Told recorded, Instant acted)
            throws IOException, InterruptedException {
        var traces = new ArrayList<RunRecord.Trace>();
        for (Voted voted : Voted.in(recorded.votes(), packs)) {
            telling.trace(voted, stage.scenario().start(), acted).ifPresent(traces::add);
        }
        return traces;
    }

    private Optional<AgentProcess.Late> run(
            LabTime time, AgentTime clock, LabHost host, Telling telling)
            throws IOException, InterruptedException {
        AgentProcess agent = agent(time, host);
        try {
            Instant latest = stage.scenario().start().plus(stage.scenario().stop().at());
            awaitStart(clock);
            agent.begin();
            for (Instant now = clock.now(); now.isBefore(stopAt(latest)); now = clock.now()) {
                move(now);
                if (!agent.isAlive()) {
                    throw new IOException(
                            "the agent ended by itself; its last words are in " + log());
                }
                if (isDoomed()) {
                    Predicament doom = predicaments.removeFirst();
                    if (doom.part().isPresent()) {
                        telling.kill(doom.part().get());
                        revivals.add(
                                new Revival(
                                        doom.part().get(),
                                        System.nanoTime() + doom.pause().toNanos()));
                    } else {
                        agent.kill();
                        wasKilled = true;
                        idle(clock, host, clock.now().plus(clock.agent(doom.pause())));
                        agent = agent(time, host);
                        agent.begin();
                    }
                }
                befall(host, now);
                agent.setClock(host.clockAhead());
                revive(telling, false);
                rest();
            }
            revive(telling, true);
            drainUntilNanos = System.nanoTime() + DRAIN.toNanos();
            return agent.stop();
        } finally {
            agent.close();
        }
    }

    private AgentProcess agent(LabTime time, LabHost host) throws IOException {
        return new AgentProcess(
                configuration(host.home()), time, host.clockAhead(), log(), this::hear);
    }

    private Path log() {
        return work.resolve("agent.log");
    }

    /** What is due by now befalls the host, whether or not an agent runs on it. */
    private void befall(LabHost host, Instant now) throws IOException {
        for (Incident.OfHost incident : takeOfHost()) {
            host.befall(incident, now);
        }
        host.moment(now);
    }

    private List<Incident.OfHost> takeOfHost() {
        lock.lock();
        try {
            List<Incident.OfHost> taken = List.copyOf(ofHost);
            ofHost.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void revive(Telling telling, boolean isLastChance) throws IOException {
        for (Revival revival : List.copyOf(revivals)) {
            if (isLastChance || System.nanoTime() - revival.atNanos() >= 0) {
                telling.again(revival.part());
                revivals.remove(revival);
            }
        }
    }

    /** Until then nothing happens, to the host either: an agent needs room for its journal. */
    private void awaitStart(AgentTime clock) throws InterruptedException {
        while (clock.now().isBefore(stage.scenario().start())) {
            move(clock.now());
            rest();
        }
    }

    /** Lets plant and host go on while nobody watches. */
    private void idle(AgentTime clock, LabHost host, Instant until)
            throws IOException, InterruptedException {
        for (Instant now = clock.now(); now.isBefore(until); now = clock.now()) {
            move(now);
            befall(host, now);
            rest();
        }
    }

    private void rest() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(STRIDE.toNanos());
    }

    private void move(Instant now) {
        lock.lock();
        try {
            if (now.isAfter(plant.now())) {
                Duration lag = Duration.between(plant.now(), now);
                worstLag = lag.compareTo(worstLag) > 0 ? lag : worstLag;
                player.advanceTo(now);
            }
            audience.moment(plant.now(), plant);
        } finally {
            lock.unlock();
        }
    }

    private void hear(Event event) {
        lock.lock();
        try {
            told.add(event);
            audience.event(event);
        } finally {
            lock.unlock();
        }
    }

    private boolean isDoomed() {
        lock.lock();
        try {
            return !predicaments.isEmpty()
                    && !plant.now()
                            .isBefore(
                                    stage.scenario()
                                            .start()
                                            .plus(predicaments.getFirst().notBefore()))
                    && predicaments
                            .getFirst()
                            .when()
                            .map(when -> told.events().stream().anyMatch(when))
                            .orElse(true);
        } finally {
            lock.unlock();
        }
    }

    private Instant stopAt(Instant latest) {
        lock.lock();
        try {
            return stage.scenario()
                    .stop()
                    .afterOutcome()
                    .flatMap(delay -> told.endedAt().map(at -> at.plus(delay)))
                    .filter(at -> at.isBefore(latest))
                    .orElse(latest);
        } finally {
            lock.unlock();
        }
    }

    /** A fresh copy of the agent's folder, with where the gateways listen this time. */
    private void prepare(Path home, Serving serving, Telling telling) throws IOException {
        Path from =
                Optional.ofNullable(stage.agentFile().toAbsolutePath().getParent()).orElseThrow();
        try (var files = Files.list(from)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> copy(file, home.resolve(file.getFileName())));
        }
        serving.writeEndpoints(home.resolve("endpoints.yaml"));
        Files.writeString(
                configuration(home),
                "\nendpoints: endpoints.yaml\n" + telling.agentYaml(),
                StandardOpenOption.APPEND);
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private void clear() throws IOException {
        if (Files.isDirectory(work)) {
            Files.walkFileTree(work, new Deleting());
        }
        Files.createDirectories(work);
    }

    private static final class Deleting extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed)
                throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }

    private Conduct conduct(Optional<AgentProcess.Late> late) {
        long polls = late.map(AgentProcess.Late::polls).orElse(0L);
        long cycles = late.map(AgentProcess.Late::cycles).orElse(0L);
        return new Conduct(
                seed, Conduct.Mode.LAB, speed, (int) polls, worstLag, flaw(late, polls, cycles));
    }

    private String flaw(Optional<AgentProcess.Late> late, long polls, long cycles) {
        if (late.isEmpty()) {
            return "the agent did not come to its own end";
        }
        if (polls > 0 || cycles > 0) {
            return polls + " polls and " + cycles + " cycles were late: use a lower --speed";
        }
        Duration limit = Duration.ofSeconds(2);
        return worstLag.compareTo(limit) > 0
                ? "the plant lagged " + worstLag.toMillis() + " ms: use a lower --speed"
                : "";
    }
}
