package dev.bulkhead.simulator;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.simulator.lab.Lived;
import dev.bulkhead.simulator.lab.Lives;
import dev.bulkhead.simulator.lab.Tally;
import dev.bulkhead.simulator.scenario.RandomLife;
import dev.bulkhead.simulator.terminal.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Random life, with the agent's real code. */
@Command(
        name = "campaign",
        description = {
            "Plays random lives of a facility in virtual time: devices and gateways that fail,",
            "mains failures, work on breakers, an agent that is killed, battery fires. The agent's",
            "real code runs in this process. Tells every surprise: what must not happen and did.",
            "Exit code 1 if there was one."
        })
final class CampaignCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--hours",
            paramLabel = "N",
            defaultValue = "10",
            description = "Hours of plant time, all lives together. Default: ${DEFAULT-VALUE}.")
    private int hours;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Draws every life. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--life",
            paramLabel = "K",
            description = {
                "Plays this one life only, and tells what the agent said",
                "in it. The first life is 0."
            })
    private @Nullable Long life;

    @Option(
            names = "--site",
            paramLabel = "DIR",
            description = {
                "A folder with site.yaml, plant.yaml and agent.yaml.",
                "Default: two-rooms-24, as it comes with the program."
            })
    private @Nullable Path folder;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Lives at a time. Default: as many as this machine has processors.")
    private @Nullable Integer jobs;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Where campaign.json goes. Default: nowhere.")
    private @Nullable Path report;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine commandLine = Main.given(spec).commandLine();
        if (hours < 1) {
            throw new ParameterException(
                    commandLine, "--hours is " + hours + "; expected 1 or more");
        }
        int atOnce = Optional.ofNullable(jobs).orElse(Runtime.getRuntime().availableProcessors());
        if (atOnce < 1) {
            throw new ParameterException(
                    commandLine, "--jobs is " + atOnce + "; expected 1 or more");
        }
        if (life != null && commandLine.getParseResult().hasMatchedOption("--hours")) {
            throw new ParameterException(
                    commandLine, "--life plays one whole life; leave --hours out");
        }
        if (life != null && life < 0) {
            throw new ParameterException(
                    commandLine, "--life is " + life + "; lives are numbered from 0");
        }
        Path site = site(commandLine);
        if (!Files.isDirectory(site)) {
            throw new ParameterException(
                    commandLine,
                    "--site "
                            + site
                            + " is no folder; one with site.yaml, plant.yaml and agent.yaml is"
                            + " wanted");
        }
        Document.Parsed<Facility> facility = Facility.read(site.resolve("plant.yaml"));
        Document.Parsed<AgentFile.Configuration> agent = AgentFile.load(site.resolve("agent.yaml"));
        if (facility.value().isEmpty() || agent.value().isEmpty()) {
            Stream.of(facility, agent)
                    .flatMap(read -> read.lines().stream())
                    .distinct()
                    .forEach(commandLine.getErr()::println);
            return Main.CONFIGURATION;
        }
        if (report != null) {
            ReportFolder.make(Main.given(spec), report);
        }
        var lives = new Lives(facility.orElseThrow(), agent.orElseThrow(), seed);
        var asked =
                new Tally.Asked(
                        facility.orElseThrow().site().name(),
                        where(),
                        seed,
                        hours,
                        Optional.ofNullable(life));
        var tally = new Tally();
        long begin = System.nanoTime();
        Timeline out = Timeline.ofProcess(RandomLife.START);
        if (life != null) {
            out.say("life " + life + " of " + asked.site() + ", seed " + seed);
            tally.add(lives.replay(life, out));
        } else {
            out.say(
                    "lives of "
                            + asked.site()
                            + " from life 0 on, seed "
                            + seed
                            + ", "
                            + atOnce
                            + " at a time");
            lives.play(Duration.ofHours(hours), atOnce, new Progress(out, tally, begin));
        }
        Duration wall = Duration.ofNanos(System.nanoTime() - begin);
        out.say("");
        tally.lines(wall, asked).forEach(out::say);
        if (report != null) {
            Files.writeString(report.resolve("campaign.json"), tally.json(wall, asked));
        }
        return tally.isClean() ? Main.DONE : Main.BAD;
    }

    private String where() {
        return folder == null ? "" : " --site " + Main.quoted(folder.toString());
    }

    private Path site(CommandLine commandLine) {
        return Optional.ofNullable(folder)
                .or(() -> Library.shipped().map(sites -> sites.resolve("two-rooms-24")))
                .orElseThrow(
                        () ->
                                new ParameterException(
                                        commandLine,
                                        "the program's own site isn't beside it; name one with"
                                                + " --site"));
    }

    /** A line now and then, so that nobody wonders whether it still works. */
    private record Progress(Timeline out, Tally tally, long begin) implements Consumer<Lived> {
        private static final long LIVES = 10;

        @Override
        public void accept(Lived lived) {
            tally.add(lived);
            for (String surprise : lived.told()) {
                out.say(surprise);
            }
            if ((lived.number() + 1) % LIVES == 0) {
                out.say(tally.progress(Duration.ofNanos(System.nanoTime() - begin)));
            }
        }
    }
}
