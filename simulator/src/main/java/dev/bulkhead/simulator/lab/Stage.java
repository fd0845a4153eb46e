package dev.bulkhead.simulator.lab;

import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Problem;
import dev.bulkhead.simulator.Facility;
import dev.bulkhead.simulator.scenario.Scenario;
import dev.bulkhead.simulator.scenario.ScenarioFile;
import dev.bulkhead.simulator.score.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All that is needed to play a scenario.
 *
 * @param agent the agent's file, whose folder holds what it names; empty where none can act
 */
public record Stage(Path file, Scenario scenario, Facility facility, Optional<Path> agent) {

    /**
     * Reads a scenario and the plant it is about, or the mistakes of the first file that has any.
     */
    public static Document.Parsed<Stage> read(Path file) {
        Document.Parsed<String> found = Facility.text(file);
        if (found.value().isEmpty()) {
            return wrong(found.problems());
        }
        String text = found.orElseThrow();
        var names = ScenarioFile.names(file.toString(), text);
        if (names.value().isEmpty()) {
            return wrong(names.problems());
        }
        var facility = Facility.read(file.resolveSibling(names.orElseThrow().plant()).normalize());
        if (facility.value().isEmpty()) {
            return wrong(facility.problems());
        }
        var scenario =
                ScenarioFile.parse(
                        file.toString(),
                        text,
                        facility.orElseThrow().site(),
                        facility.orElseThrow().profiles());
        if (scenario.value().isEmpty()) {
            return wrong(scenario.problems());
        }
        return new Document.Parsed<>(
                Optional.of(
                        new Stage(
                                file,
                                scenario.orElseThrow(),
                                facility.orElseThrow(),
                                names.orElseThrow()
                                        .agent()
                                        .map(own -> file.resolveSibling(own).normalize()))),
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
