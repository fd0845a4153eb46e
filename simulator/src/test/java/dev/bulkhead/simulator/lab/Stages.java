package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.agent.journal.MemoryJournal;
import dev.bulkhead.rules.condition.Pack;
import dev.bulkhead.simulator.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Shipped scenarios, for tests. */
final class Stages {
    private Stages() {}

    /** A shipped scenario, as {@code two-rooms/cell-short}. */
    static Stage shipped(String name) {
        String[] parts = name.split("/", 2);
        return Stage.read(sites().resolve(parts[0], "scenarios", parts[1] + ".yaml")).orElseThrow();
    }

    /**
     * The same, with nothing played after the agent's part: for runs whose later course is known.
     */
    static Stage brief(String name) {
        Stage stage = shipped(name);
        return with(stage, stage.scenario().stop().at(), stage.scenario().timeline());
    }

    /** A stage on which something else happens. */
    static Stage with(Stage stage, List<Scenario.Timed> timeline) {
        return with(stage, stage.scenario().horizon(), timeline);
    }

    /** A stage on which more happens. */
    static Stage with(Stage stage, Scenario.Timed... more) {
        return with(
                stage,
                stage.scenario().horizon(),
                Stream.concat(stage.scenario().timeline().stream(), Stream.of(more)).toList());
    }

    /** A stage on which only this happens, and that is over so soon. */
    static Stage lasting(Stage stage, Duration length, Scenario.Timed... timeline) {
        return with(stage, length, new Scenario.Stop(Optional.empty(), length), List.of(timeline));
    }

    private static Stage with(Stage stage, Duration horizon, List<Scenario.Timed> timeline) {
        return with(stage, horizon, stage.scenario().stop(), timeline);
    }

    private static Stage with(
            Stage stage, Duration horizon, Scenario.Stop stop, List<Scenario.Timed> timeline) {
        Scenario whole = stage.scenario();
        var other =
                new Scenario(
                        whole.title(),
                        whole.source(),
                        whole.plant(),
                        whole.agent(),
                        whole.recordings(),
                        whole.start(),
                        horizon,
                        timeline,
                        whole.waterAfterIgnition(),
                        whole.bmsCycle(),
                        stop,
                        whole.expectation());
        return new Stage(stage.file(), other, stage.facility(), stage.recordings(), stage.agent());
    }

    /** The packs by which the agent of a shipped site judges. */
    static List<Pack> packs(String site) {
        return AgentFile.load(sites().resolve(site, "agent.yaml")).orElseThrow().facility().packs();
    }

    static Path sites() {
        for (Path folder = Path.of("").toAbsolutePath();
                folder != null;
                folder = folder.getParent()) {
            Path sites = folder.resolve("simulator", "src", "main", "sites");
            if (Files.isDirectory(sites)) {
                return sites;
            }
        }
        throw new IllegalStateException("no simulator/src/main/sites above the working folder");
    }

    static Campaign campaign(Stage stage, long seed, MemoryJournal journal) {
        return new Campaign(
                stage, AgentFile.load(stage.agentFile()).orElseThrow(), seed, journal, _ -> {});
    }
}
