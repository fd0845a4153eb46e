package dev.bulkhead.simulator;

import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Document.Parsed;
import dev.bulkhead.rules.site.Problem;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.lab.Stage;
import dev.bulkhead.simulator.plant.PlantSettings.Deviations;
import dev.bulkhead.simulator.scenario.Scenario;
import dev.bulkhead.simulator.score.PlantTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bulkhead-sim check}: are these files right, and what do they say? */
@Command(
        name = "check",
        description = {
            "Reads scenarios and plants with all the files they name, plays nothing, and",
            "lists every mistake; of a file without any it says what it is.",
            "Exit code 78 if there was a mistake. A site.yaml or agent.yaml by itself is",
            "for 'bulkhead check'."
        })
final class CheckCommand implements Callable<Integer> {
    private static final String OF_ANOTHER_KIND =
            "neither a scenario nor a plant.yaml; a site.yaml or agent.yaml is for 'bulkhead"
                    + " check'";

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "A scenario or a plant.yaml.")
    private @Nullable List<Path> files;

    @Override
    public Integer call() {
        CommandLine commandLine = Main.given(spec).commandLine();
        var problems = new ArrayList<Problem>();
        for (Path file : Main.given(files)) {
            Parsed<List<String>> told = check(file);
            told.value().ifPresent(lines -> lines.forEach(commandLine.getOut()::println));
            problems.addAll(told.problems());
        }
        commandLine.getOut().flush();
        problems.stream().distinct().forEach(commandLine.getErr()::println);
        return problems.isEmpty() ? Main.DONE : Main.CONFIGURATION;
    }

    /** What a file says, a line each. */
    private static Parsed<List<String>> check(Path file) {
        Parsed<String> text = Facility.text(file);
        if (text.value().isEmpty()) {
            return wrong(text.problems());
        }
        Set<String> keys = keys(text.orElseThrow());
        if (keys.isEmpty() || keys.contains("title") || keys.contains("timeline")) {
            return said(Stage.read(file), CheckCommand::tell);
        }
        return keys.contains("plant")
                ? said(Facility.read(file), facility -> tell(file, facility))
                : wrong(List.of(new Problem(file.toString(), 1, 1, OF_ANOTHER_KIND)));
    }

    /** The keys at the top, also of a file that is wrong otherwise. */
    private static Set<String> keys(String text) {
        var keys = new HashSet<String>();
        Document.parse("", text, top -> keys.addAll(top.entries().keySet()));
        return keys;
    }

    private static <T> Parsed<List<String>> said(Parsed<T> read, Function<T, List<String>> words) {
        return new Parsed<>(read.value().map(words), read.problems());
    }

    private static Parsed<List<String>> wrong(List<Problem> problems) {
        return new Parsed<>(Optional.empty(), problems);
    }

    private static List<String> tell(Stage stage) {
        Scenario scenario = stage.scenario();
        return List.of(
                stage.file() + ": a scenario, " + scenario.title(),
                "  of site %s, over %s; %s"
                        .formatted(
                                stage.facility().site().name(),
                                PlantTime.words(scenario.horizon()),
                                happenings(scenario)),
                "  water: "
                        + scenario.waterAfterIgnition()
                                .map(after -> PlantTime.words(after) + " after ignition")
                                .orElse("never needed"),
                "  agent: "
                        + stage.agent()
                                .map(Path::toString)
                                .orElse("none, so policy bulkhead can't be played"));
    }

    private static String happenings(Scenario scenario) {
        List<Scenario.Timed> timeline = scenario.timeline();
        return timeline.isEmpty()
                ? "nothing happens"
                : "incidents: %d, from %s to %s"
                        .formatted(
                                timeline.size(),
                                PlantTime.of(timeline.getFirst().at()),
                                PlantTime.of(timeline.getLast().at()));
    }

    private static List<String> tell(Path file, Facility facility) {
        Site site = facility.site();
        Deviations deviations = facility.settings().deviations();
        return Stream.concat(
                        Stream.of(
                                file + ": a plant, of site " + site.name(),
                                "  battery rooms: %d; strings: %d of %s; breakers: %d; devices: %d"
                                        .formatted(
                                                site.batteryRooms().size(),
                                                site.strings().size(),
                                                facility.settings()
                                                        .chemistry()
                                                        .name()
                                                        .toLowerCase(Locale.ROOT),
                                                site.breakers().size(),
                                                site.devices().size())),
                        deviations.words().stream().map(words -> "  " + words))
                .toList();
    }
}
