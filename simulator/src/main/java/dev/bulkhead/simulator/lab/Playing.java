package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.agent.journal.EntryCodec;
import dev.bulkhead.agent.journal.MemoryJournal;
import dev.bulkhead.rules.Event;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.PlantAlone;
import dev.bulkhead.simulator.score.Policy;
import dev.bulkhead.simulator.score.RunRecord;
import dev.bulkhead.simulator.score.Score;
import dev.bulkhead.simulator.terminal.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Plays a scenario under a policy. */
public final class Playing {
    /** The agent's own events, a JSON line each, beside a report. */
    private static final String DECISIONS = "decisions.jsonl";

    private final Stage stage;
    private final long seed;
    private final Path folder;
    private final Timeline timeline;

    /**
     * Sets up.
     *
     * @param folder for the report and what else a run leaves
     */
    public Playing(Stage stage, long seed, Path folder, Timeline timeline) {
        this.stage = stage;
        this.seed = seed;
        this.folder = folder;
        this.timeline = timeline;
    }

    /**
     * Plays without a word and leaves nothing behind; the agent, if the policy needs one, in this
     * process.
     */
    public static RunRecord quietly(Stage stage, Policy policy, long seed) {
        return policy == Policy.BULKHEAD
                ? new Campaign(
                                stage,
                                AgentFile.load(stage.agentFile()).orElseThrow(),
                                seed,
                                new MemoryJournal(),
                                _ -> {})
                        .play()
                : PlantAlone.play(
                        stage.scenario(),
                        stage.facility().site(),
                        stage.facility().settings(),
                        policy,
                        seed);
    }

    /** How many servers elsewhere lose supply if nobody switches; plays that in silence. */
    public static int lostAnyway(Stage stage, long seed) {
        return Score.of(quietly(stage, Policy.NONE, seed)).lostElsewhere();
    }

    /** Plays a policy that needs no agent, on the plant alone. */
    public RunRecord alone(Policy policy) {
        return quietly(stage, policy, seed);
    }

    /** Plays the agent's real code in this process, on virtual time and links in memory. */
    public RunRecord campaign(AgentFile.Configuration configuration) throws IOException {
        var show = new Show(timeline, stage.facility().site(), 1);
        var campaign = new Campaign(stage, configuration, seed, new MemoryJournal(), show::event);
        RunRecord run = campaign.play();
        timeline.end();
        write(campaign.recorded().events());
        return run;
    }

    /**
     * Plays the agent as a child process, on real sockets, {@code speed} times as fast as the wall.
     */
    public RunRecord lab(AgentFile.Configuration configuration, int speed)
            throws IOException, InterruptedException {
        var show = new Show(timeline, stage.facility().site(), speed);
        var lab =
                new Lab(
                        stage,
                        configuration.facility().packs(),
                        seed,
                        speed,
                        folder.resolve("agent"),
                        audience(show));
        RunRecord run = lab.play();
        timeline.end();
        write(lab.recorded().events());
        return run;
    }

    private static Lab.Audience audience(Show show) {
        return new Lab.Audience() {
            @Override
            public void event(Event event) {
                show.event(event);
            }

            @Override
            public void moment(Instant now, Plant plant) {
                show.moment(now, plant);
            }
        };
    }

    private void write(List<Event> events) throws IOException {
        var codec = new EntryCodec();
        Files.createDirectories(folder);
        Files.write(folder.resolve(DECISIONS), events.stream().map(codec::write).toList());
    }
}
