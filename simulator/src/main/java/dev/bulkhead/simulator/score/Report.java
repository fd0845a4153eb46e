package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.RoomId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One scenario under the policies it was run with.
 *
 * @param runs in the order of {@link Policy}, each policy at most once, at least one
 * @param lostAnyway servers elsewhere that lose supply if nobody switches; empty where nobody
 *     looked
 */
public record Report(About about, List<RunRecord> runs, OptionalInt lostAnyway) {

    /**
     * What was played.
     *
     * @param file the scenario's file, as it was named
     * @param isHistory the course of events is taken from a real one
     * @param source where it is taken from, or why it was assumed
     * @param expectation what must come of it
     */
    public record About(
            String title,
            String file,
            String site,
            boolean isHistory,
            String source,
            Expectation expectation) {}

    public Report {
        runs =
                runs.stream()
                        .sorted((one, other) -> one.policy().compareTo(other.policy()))
                        .toList();
        if (runs.isEmpty()
                || runs.stream().map(RunRecord::policy).distinct().count() < runs.size()) {
            throw new IllegalArgumentException("each policy once, and at least one");
        }
    }

    /** A report that knows of doing nothing only what its own runs show. */
    public Report(About about, List<RunRecord> runs) {
        this(
                about,
                runs,
                runs.stream()
                        .filter(run -> run.policy() == Policy.NONE)
                        .mapToInt(run -> Score.of(run).lostElsewhere())
                        .findFirst());
    }

    /** The run the report is about: the agent's if there is one. */
    public RunRecord main() {
        return runs.getLast();
    }

    public Optional<RunRecord> run(Policy policy) {
        return runs.stream().filter(run -> run.policy() == policy).findFirst();
    }

    public boolean isValid() {
        return runs.stream().allMatch(run -> run.conduct().isValid());
    }

    /** Whether it went as it should: the run counts, and nothing is missing. */
    public boolean isGood() {
        return shortcomings().isEmpty();
    }

    /** What would have been lost elsewhere in any case, if anything was. */
    Optional<String> lostAnywayWords() {
        return lostAnyway.stream()
                .filter(lost -> lost > 0)
                .mapToObj(
                        lost ->
                                Words.capital(Words.count(lost, "server"))
                                        + " elsewhere would have lost supply if nobody had"
                                        + " switched.")
                .findFirst();
    }

    /** In what a run is not as the scenario expects; empty if it is. */
    public List<String> unmet(RunRecord run) {
        var unmet = new ArrayList<>(about.expectation().unmet(run));
        Expectation.lostElsewhere(Score.of(run), lostAnyway.orElse(0)).ifPresent(unmet::add);
        return List.copyOf(unmet);
    }

    /** Why it did not go as it should, of the run that the report is about; empty if it did. */
    public List<String> shortcomings() {
        var found = new ArrayList<String>();
        runs.stream()
                .filter(run -> !run.conduct().isValid())
                .forEach(
                        run ->
                                found.add(
                                        "this run does not count ("
                                                + run.policy().text()
                                                + "): "
                                                + run.conduct().flaw()));
        List<String> unmet = unmet(main());
        found.addAll(unmet);
        if (unmet.isEmpty()) {
            about.expectation().failed().forEach(room -> found.add(givenUp(room)));
        }
        if (!main().telemetry().map(Telemetry::isWhole).orElse(true)) {
            found.add("not every sample is in the store, once");
        }
        return List.copyOf(found);
    }

    private static String givenUp(RoomId room) {
        return "room " + room + " could not be isolated: expected, and bad all the same";
    }

    public String json() {
        return ReportJson.of(this);
    }

    public String html() {
        return new ReportPage(this).html();
    }

    /**
     * Writes {@code report.json} and {@code report.html} into a folder, which is made if absent.
     */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("report.json"), json());
        Files.writeString(folder.resolve("report.html"), html());
    }
}
