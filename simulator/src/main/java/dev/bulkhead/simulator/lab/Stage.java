package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Problem;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.Facility;
import dev.bulkhead.simulator.ShippedProfiles;
import dev.bulkhead.simulator.scenario.Scenario;
import dev.bulkhead.simulator.scenario.ScenarioFile;
import dev.bulkhead.simulator.score.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All that is needed to play a scenario.
 *
 * @param agent the agent's file, whose folder holds what it names; empty where none can act
 */
public record Stage(Path file, Scenario scenario, Facility facility, Optional<Path> agent) {

    /** Reads a scenario and all that it names, or the mistakes of all these files. */
    public static Document.Parsed<Stage> read(Path file) {
        Document.Parsed<String> found = Facility.text(file);
        if (found.value().isEmpty()) {
            return wrong(found.problems());
        }
        String text = found.orElseThrow();
        Predicate<String> isThere = name -> Files.isRegularFile(file.resolveSibling(name));
        var names = ScenarioFile.names(file.toString(), text, isThere);
        if (names.value().isEmpty()) {
            return wrong(names.problems());
        }
        Path plant = file.resolveSibling(names.orElseThrow().plant()).normalize();
        var facility = Facility.read(plant);
        Optional<Site> site =
                facility.value().map(Facility::site).or(() -> Facility.site(plant).value());
        if (site.isEmpty()) {
            return wrong(facility.problems());
        }
        var scenario =
                ScenarioFile.parse(
                        file.toString(), text, site.get(), ShippedProfiles.all(), isThere);
        Optional<Path> agent =
                names.orElseThrow()
                        .agent()
                        .filter(isThere)
                        .map(own -> file.resolveSibling(own).normalize());
        List<Problem> problems =
                Stream.of(
                                facility.problems(),
                                scenario.problems(),
                                agent.map(own -> AgentFile.load(own).problems()).orElse(List.of()))
                        .flatMap(List::stream)
                        .toList();
        if (!problems.isEmpty()) {
            return wrong(problems);
        }
        return new Document.Parsed<>(
                Optional.of(new Stage(file, scenario.orElseThrow(), facility.orElseThrow(), agent)),
                List.of());
    }

    private static Document.Parsed<Stage> wrong(List<Problem> problems) {
        return new Document.Parsed<>(Optional.empty(), problems);
    }

    /** What is played, in the words of a report. */
    public Report.About about() {
        return new Report.About(
                scenario.title(),
                file.getFileName().toString(),
                facility.site().name(),
                scenario.source() instanceof Scenario.Source.History,
                scenario.source().text(),
                scenario.expected(facility.site()));
    }

    /**
     * The agent's file.
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    public Path agentFile() {
        return agent.orElseThrow();
    }
}
