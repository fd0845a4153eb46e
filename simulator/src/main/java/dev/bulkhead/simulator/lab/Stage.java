package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Problem;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.Facility;
import dev.bulkhead.simulator.ShippedProfiles;
import dev.bulkhead.simulator.device.Affliction;
import dev.bulkhead.simulator.device.Fault;
import dev.bulkhead.simulator.device.Recording;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Incident;
import dev.bulkhead.simulator.scenario.Scenario;
import dev.bulkhead.simulator.scenario.ScenarioFile;
import dev.bulkhead.simulator.score.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All that is needed to play a scenario.
 *
 * @param recordings of devices that answer as they once did
 * @param agent the agent's file, whose folder holds what it names; empty where none can act
 */
public record Stage(
        Path file,
        Scenario scenario,
        Facility facility,
        List<Recording> recordings,
        Optional<Path> agent) {
    public Stage {
        recordings = List.copyOf(recordings);
    }

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
        List<Document.Parsed<Recording>> recordings =
                scenario.value().map(Scenario::recordings).orElse(List.of()).stream()
                        .map(file::resolveSibling)
                        .map(Stage::recording)
                        .toList();
        List<Problem> problems =
                Stream.of(
                                facility.problems(),
                                scenario.problems(),
                                recordings.stream()
                                        .flatMap(each -> each.problems().stream())
                                        .toList(),
                                agent.map(own -> AgentFile.load(own).problems()).orElse(List.of()))
                        .flatMap(List::stream)
                        .toList();
        if (!problems.isEmpty()) {
            return wrong(problems);
        }
        List<Recording> recorded = recordings.stream().map(Document.Parsed::orElseThrow).toList();
        List<Problem> misfits = misfits(file, scenario.orElseThrow(), site.get(), recorded);
        return misfits.isEmpty()
                ? new Document.Parsed<>(
                        Optional.of(
                                new Stage(
                                        file,
                                        scenario.orElseThrow(),
                                        facility.orElseThrow(),
                                        recorded,
                                        agent)),
                        List.of())
                : wrong(misfits);
    }

    private static Document.Parsed<Recording> recording(Path file) {
        Document.Parsed<String> text = Facility.text(file);
        return text.value()
                .map(found -> Recording.parse(file.toString(), found))
                .orElseGet(() -> new Document.Parsed<>(Optional.empty(), text.problems()));
    }

    /** Why recordings don't belong to the site, or the scenario's faults not to them. */
    private static List<Problem> misfits(
            Path file, Scenario scenario, Site site, List<Recording> recordings) {
        var wrong = new ArrayList<String>();
        Set<DeviceId> recorded = new HashSet<>();
        for (Recording each : recordings) {
            Optional<DeviceId> device = each.device(site);
            if (device.isEmpty()) {
                wrong.add(
                        "the site has no unit %d behind a gateway '%s', of which a recording is"
                                .formatted(each.unit(), each.gateway()));
            } else if (!recorded.add(device.get())) {
                wrong.add("two recordings are of " + device.get());
            }
        }
        for (Scenario.Timed timed : scenario.timeline()) {
            if (timed.incident() instanceof Incident.Breaks(Affliction affliction)
                    && affliction.fault() instanceof Fault.OfValue
                    && recorded.contains(affliction.target().device())) {
                wrong.add(
                        affliction.mending().words()
                                + " would not be seen: the device answers as recorded");
            }
        }
        return wrong.stream().map(what -> new Problem(file.toString(), 1, 1, what)).toList();
    }

    /** The facility's gateways over a plant of it. */
    public SequencedMap<GatewayId, SimulatedGateway> gateways(Plant plant) {
        SequencedMap<GatewayId, SimulatedGateway> gateways = facility.gateways(plant);
        for (Recording each : recordings) {
            Site.known(gateways, each.gateway()).replay(each, scenario.start());
        }
        return gateways;
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
