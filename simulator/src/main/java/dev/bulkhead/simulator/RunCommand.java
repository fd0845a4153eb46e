package dev.bulkhead.simulator;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.simulator.lab.Playing;
import dev.bulkhead.simulator.lab.Stage;
import dev.bulkhead.simulator.score.Conduct;
import dev.bulkhead.simulator.score.Policy;
import dev.bulkhead.simulator.score.Report;
import dev.bulkhead.simulator.score.RunRecord;
import dev.bulkhead.simulator.score.Score;
import dev.bulkhead.simulator.score.Summary;
import dev.bulkhead.simulator.terminal.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Plays one scenario and writes a report of it. */
@Command(
        name = "run",
        description = {
            "Plays a scenario under a policy and writes report.json and report.html.",
            "Exit code 1 if it did not end as it should: not as the scenario expects, a room that",
            "can't be isolated, or a run that does not count. The last lines say in what."
        })
final class RunCommand implements Callable<Integer> {
    /** Why policy bulkhead can't be played on a site of which nothing can be read. */
    static final String NO_AGENT =
            "the scenario names no agent: no register map of its site is known, so there is"
                    + " nothing an agent could read";

    private static final int USUAL_SPEED = 5;

    /** What {@code run} and {@code demo} have in common. */
    static final class Options {
        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "1",
                description = "Draws how cells and sensors differ. Default: ${DEFAULT-VALUE}.")
        long seed;

        @Option(
                names = "--speed",
                paramLabel = "K",
                description = {
                    "Plant seconds per second, in a lab run of policy bulkhead; nothing else has",
                    "a clock. Default: " + USUAL_SPEED + ".",
                    "Too fast for this machine, and the run says that it does not count."
                })
        private @Nullable Integer speed;

        /** The speed of a lab run. */
        int speed() {
            return Optional.ofNullable(speed).orElse(USUAL_SPEED);
        }

        private void check(CommandSpec spec, boolean isInRealTime) {
            if (speed() < 1 || speed() > 1000) {
                throw new ParameterException(
                        spec.commandLine(), "--speed is " + speed() + "; expected 1 to 1000");
            }
            if (speed != null && !isInRealTime) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--speed is for a lab run of policy bulkhead; this run is in virtual time");
            }
        }
    }

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO", description = "A scenario's file.")
    private @Nullable Path file;

    @Mixin private final Options options = new Options();

    @Option(
            names = "--policy",
            paramLabel = "P",
            defaultValue = "bulkhead",
            converter = PolicyName.class,
            description = {
                "none, facility-cut, bms-threshold, panel-interlock or bulkhead.",
                "Default: ${DEFAULT-VALUE}."
            })
    private Policy policy = Policy.BULKHEAD;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            required = true,
            description = "Where report.json, report.html and decisions.jsonl go.")
    private @Nullable Path folder;

    @Option(
            names = "--mode",
            paramLabel = "M",
            defaultValue = "lab",
            converter = ModeName.class,
            description = {
                "lab: real sockets, the agent as a process of its own.",
                "campaign: the agent's code in this process, on virtual time: the same seed",
                "gives the same bytes. Default: ${DEFAULT-VALUE}."
            })
    private Conduct.Mode mode = Conduct.Mode.LAB;

    @Override
    public Integer call() throws IOException, InterruptedException {
        return play(
                Main.given(spec),
                Main.given(file),
                Main.given(folder),
                options,
                List.of(policy),
                mode);
    }

    /** Plays a scenario under some policies and reports on them together. */
    static int play(
            CommandSpec spec,
            Path file,
            Path folder,
            Options options,
            List<Policy> policies,
            Conduct.Mode mode)
            throws IOException, InterruptedException {
        options.check(spec, mode == Conduct.Mode.LAB && policies.contains(Policy.BULKHEAD));
        Document.Parsed<Stage> read = Stage.read(file);
        if (read.value().isEmpty()) {
            read.lines().forEach(spec.commandLine().getErr()::println);
            return Main.CONFIGURATION;
        }
        Stage stage = read.orElseThrow();
        Optional<AgentFile.Configuration> agent =
                stage.agent().map(own -> AgentFile.load(own).orElseThrow());
        if (policies.contains(Policy.BULKHEAD) && agent.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println(file + ": policy bulkhead can't be played: " + NO_AGENT);
            return Main.CONFIGURATION;
        }
        ReportFolder.make(spec, folder);
        Timeline timeline = Timeline.ofProcess(stage.scenario().start());
        timeline.say(stage.scenario().title());
        var playing = new Playing(stage, options.seed, folder, timeline);
        var runs = new ArrayList<RunRecord>();
        for (Policy policy : policies) {
            timeline.say("");
            timeline.say("Policy " + policy.text() + ": " + policy.title());
            runs.add(
                    policy == Policy.BULKHEAD
                            ? mode == Conduct.Mode.LAB
                                    ? playing.lab(agent.orElseThrow(), options.speed())
                                    : playing.campaign(agent.orElseThrow())
                            : playing.alone(policy));
        }
        var report = report(stage, options.seed, runs);
        report.write(folder);
        timeline.say("");
        Summary.lines(report).forEach(timeline::say);
        timeline.say("");
        timeline.say("report: " + folder.resolve("report.html"));
        return report.isGood() ? Main.DONE : Main.BAD;
    }

    /**
     * Servers lost elsewhere are held against doing nothing, as a score card does; which is played
     * in silence only where there are any.
     */
    private static Report report(Stage stage, long seed, List<RunRecord> runs) {
        var alone = new Report(stage.about(), runs);
        if (alone.lostAnyway().isPresent() || Score.of(alone.main()).lostElsewhere() == 0) {
            return alone;
        }
        return new Report(stage.about(), runs, OptionalInt.of(Playing.lostAnyway(stage, seed)));
    }

    static final class PolicyName implements ITypeConverter<Policy> {
        @Override
        public Policy convert(String text) {
            return Main.named(Policy.values(), text, Policy::text);
        }
    }

    private static final class ModeName implements ITypeConverter<Conduct.Mode> {
        @Override
        public Conduct.Mode convert(String text) {
            return switch (text) {
                case "lab" -> Conduct.Mode.LAB;
                case "campaign" -> Conduct.Mode.CAMPAIGN;
                default ->
                        throw new TypeConversionException(
                                "'" + text + "' is neither lab nor campaign");
            };
        }
    }
}
