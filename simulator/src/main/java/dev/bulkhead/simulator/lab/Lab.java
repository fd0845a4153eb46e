package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.journal.JournalFile;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Player;
import dev.bulkhead.simulator.score.Conduct;
import dev.bulkhead.simulator.score.Policy;
import dev.bulkhead.simulator.score.RunRecord;
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
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * LAB: the plant in this process, its devices on real sockets, the agent as a child process, all on
 * the same plant time, which runs {@code speed} times as fast as the wall's.
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
     * time begins. Until then the plant stands still.
     */
    private static final Duration HEAD_START = Duration.ofSeconds(6);

    private final Stage stage;
    private final long seed;
    private final int speed;
    private final Path work;
    private final Audience audience;
    private final Path configuration;
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
    private Optional<Predicament> predicament = Optional.empty();

    /** Kill the agent once, when it has told of such an event; start it again a little later. */
    record Predicament(Predicate<Event> when, Duration pause) {}

    /**
     * Sets the stage.
     *
     * @param work a folder for the agent's files, emptied first
     */
    Lab(Stage stage, long seed, int speed, Path work, Audience audience) {
        this.stage = stage;
        this.seed = seed;
        this.speed = speed;
        this.work = work;
        this.audience = audience;
        this.configuration = work.resolve(stage.agentFile().getFileName());
        this.plant =
                new Plant(
                        stage.facility().site(),
                        stage.facility().settings(),
                        seed,
                        stage.scenario().start());
        this.gateways = stage.facility().gateways(plant);
        this.player = new Player(stage.scenario(), plant, gateways, Policy.BULKHEAD);
    }

    Lab killing(Predicament when) {
        predicament = Optional.of(when);
        return this;
    }

    /**
     * What the journal says, which is what counts: an agent that dies may not have told its last.
     */
    Told recorded() {
        var recorded = new Told();
        AgentFile.load(configuration)
                .value()
                .map(it -> it.settings().journal().file())
                .map(JournalFile::read)
                .ifPresent(contents -> contents.events().forEach(recorded::add));
        return recorded;
    }

    RunRecord play() throws IOException, InterruptedException {
        prepare();
        var time = new LabTime(stage.scenario().start(), Instant.now().plus(HEAD_START), speed);
        AgentTime now = time.begin();
        try (var serving = Serving.start(gateways, lock, plant::now, 0)) {
            serving.writeEndpoints(work.resolve("endpoints.yaml"));
            Optional<AgentProcess.Late> late = run(time, now);
            Instant acted = plant.now();
            lock.lock();
            try {
                player.playOut();
                return recorded()
                        .record(conduct(late), stage.scenario().start(), acted, player.course());
            } finally {
                lock.unlock();
            }
        }
    }

    private Optional<AgentProcess.Late> run(LabTime time, AgentTime clock)
            throws IOException, InterruptedException {
        Path log = work.resolve("agent.log");
        AgentProcess agent = new AgentProcess(configuration, time, log, this::hear);
        try {
            Instant latest = stage.scenario().start().plus(stage.scenario().stop().at());
            idle(clock, stage.scenario().start());
            agent.begin();
            for (Instant now = clock.now(); now.isBefore(stopAt(latest)); now = clock.now()) {
                move(now);
                if (!agent.isAlive()) {
                    throw new IOException(
                            "the agent ended by itself; its last words are in " + log);
                }
                if (isDoomed()) {
                    Duration pause = predicament.orElseThrow().pause();
                    predicament = Optional.empty();
                    agent.kill();
                    idle(clock, clock.now().plus(clock.agent(pause)));
                    agent = new AgentProcess(configuration, time, log, this::hear);
                    agent.begin();
                }
                rest();
            }
            return agent.stop();
        } finally {
            agent.close();
        }
    }

    /** Lets the plant go on while nobody watches it. */
    private void idle(AgentTime clock, Instant until) throws InterruptedException {
        for (Instant now = clock.now(); now.isBefore(until); now = clock.now()) {
            move(now);
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
            return predicament.filter(it -> told.events().stream().anyMatch(it.when())).isPresent();
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
    private void prepare() throws IOException {
        clear();
        Path from =
                Optional.ofNullable(stage.agentFile().toAbsolutePath().getParent()).orElseThrow();
        try (var files = Files.list(from)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> copy(file, work.resolve(file.getFileName())));
        }
        Files.writeString(
                configuration, "\nendpoints: endpoints.yaml\n", StandardOpenOption.APPEND);
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
