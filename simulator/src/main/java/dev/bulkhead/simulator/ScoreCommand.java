package dev.bulkhead.simulator;

import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Problem;
import dev.bulkhead.simulator.lab.Playing;
import dev.bulkhead.simulator.lab.Stage;
import dev.bulkhead.simulator.score.Policy;
import dev.bulkhead.simulator.score.ScoreCard;
import dev.bulkhead.simulator.score.ScoreCard.Cell;
import dev.bulkhead.simulator.score.ScoreCard.NotPlayed;
import dev.bulkhead.simulator.score.ScoreCard.Played;
import dev.bulkhead.simulator.score.ScoreCard.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Plays a library of scenarios under several policies and scores them. */
@Command(
        name = "score",
        description = {
            "Plays scenarios under policies, in campaign mode, and compares them: a table,",
            "score.json and score.html. Each run names the command that plays it alone.",
            "Exit code 1 if bulkhead was not as a scenario expects."
        })
final class ScoreCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "DIR|FILE",
            arity = "0..*",
            description = {
                "Scenarios, or folders with any in folders named scenarios or library.",
                "Default: all that came with the program."
            })
    private @Nullable List<Path> places;

    @Option(
            names = "--policy",
            paramLabel = "P",
            converter = RunCommand.PolicyName.class,
            description = {
                "none, facility-cut, bms-threshold, panel-interlock or bulkhead; may be",
                "given several times. Default: all."
            })
    private List<Policy> policies = List.of(Policy.values());

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Draws how cells and sensors differ. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            defaultValue = "bulkhead-score",
            description = "Where score.json and score.html go. Default: ${DEFAULT-VALUE}.")
    private @Nullable Path folder;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Runs at the same time. Default: one for each processor.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec given = Main.given(spec);
        if (jobs < 1) {
            throw new ParameterException(given.commandLine(), "--jobs is " + jobs);
        }
        List<Path> files = files(given);
        var stages = new ArrayList<Stage>();
        var problems = new ArrayList<Problem>();
        for (Path file : files) {
            Document.Parsed<Stage> stage = Stage.read(file);
            stage.value().ifPresent(stages::add);
            problems.addAll(stage.problems());
        }
        if (!problems.isEmpty()) {
            problems.stream()
                    .distinct()
                    .map(Problem::toString)
                    .forEach(given.commandLine().getErr()::println);
            return Main.CONFIGURATION;
        }
        Path target = Main.given(folder);
        ReportFolder.make(given, target);
        ScoreCard card = play(stages, given.commandLine().getOut());
        card.write(target);
        var out = given.commandLine().getOut();
        out.println();
        card.lines().forEach(out::println);
        out.println("score: " + target.resolve("score.html"));
        out.flush();
        return card.isGood() ? Main.DONE : Main.BAD;
    }

    private List<Path> files(CommandSpec given) throws IOException {
        List<Path> from =
                Optional.ofNullable(places)
                        .or(() -> Library.shipped().map(List::of))
                        .orElseThrow(
                                () ->
                                        new ParameterException(
                                                given.commandLine(),
                                                "the program's own scenarios aren't beside it; name"
                                                        + " some"));
        var files = new ArrayList<Path>();
        for (Path place : from) {
            files.addAll(Library.scenarios(place));
        }
        if (files.isEmpty()) {
            throw new ParameterException(
                    given.commandLine(),
                    "no scenario in %s: they are the .yaml files of folders named %s; or name a file"
                            .formatted(
                                    from.stream()
                                            .map(Path::toString)
                                            .collect(Collectors.joining(", ")),
                                    String.join(" or ", Library.FOLDERS)));
        }
        return files;
    }

    private ScoreCard play(List<Stage> stages, PrintWriter out) throws InterruptedException {
        Set<Policy> chosen = EnumSet.copyOf(policies);
        int all = stages.size() * chosen.size();
        var done = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
            var waiting = new ArrayList<List<Future<Cell>>>();
            for (Stage stage : stages) {
                waiting.add(
                        chosen.stream()
                                .map(
                                        policy ->
                                                pool.submit(
                                                        () -> {
                                                            Cell cell = play(stage, policy);
                                                            say(out, done, all, stage, cell);
                                                            return cell;
                                                        }))
                                .toList());
            }
            var rows = new ArrayList<Row>();
            for (int at = 0; at < stages.size(); at++) {
                var cells = new ArrayList<Cell>();
                for (Future<Cell> cell : waiting.get(at)) {
                    cells.add(cell.get());
                }
                rows.add(row(stages.get(at), cells));
            }
            return new ScoreCard(seed, List.copyOf(chosen), rows);
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** What is lost if nobody switches; played for it in silence if it was not asked for. */
    private Row row(Stage stage, List<Cell> cells) {
        int lost = cells.stream().mapToInt(ScoreCommand::lostElsewhere).max().orElse(0);
        int anyway =
                cells.stream()
                        .filter(cell -> cell.policy() == Policy.NONE)
                        .mapToInt(ScoreCommand::lostElsewhere)
                        .findFirst()
                        .orElseGet(() -> lost == 0 ? 0 : Playing.lostAnyway(stage, seed));
        return new Row(stage.about(), cells, anyway);
    }

    private static int lostElsewhere(Cell cell) {
        return cell instanceof Played run ? run.score().lostElsewhere() : 0;
    }

    private static void say(PrintWriter out, AtomicInteger done, int all, Stage stage, Cell cell) {
        String line =
                "[%d/%d] %s %s: %s"
                        .formatted(
                                done.incrementAndGet(),
                                all,
                                stage.about().site() + "/" + stage.about().file(),
                                cell.policy().text(),
                                cell.summary(stage.about()));
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    private Cell play(Stage stage, Policy policy) {
        String command = command(stage.file(), policy);
        return policy == Policy.BULKHEAD && stage.agent().isEmpty()
                ? new NotPlayed(policy, command, RunCommand.NO_AGENT)
                : Played.of(
                        Playing.quietly(stage, policy, seed), stage.about().expectation(), command);
    }

    private String command(Path file, Policy policy) {
        String name = file.getFileName().toString().replaceFirst("\\.yaml$", "");
        return "bulkhead-sim run %s --policy %s --mode campaign --seed %d --report %s"
                .formatted(
                        Main.quoted(file.toString()),
                        policy.text(),
                        seed,
                        name + "-" + policy.text());
    }
}
