package dev.bulkhead.simulator.score;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One scenario under the policies it was run with.
 *
 * @param runs in the order of {@link Policy}, each policy at most once, at least one
 */
public record Report(About about, List<RunRecord> runs) {

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

    /**
     * Whether it went as it should: no server lost supply though a way around the failing room
     * existed, the room, if one failed, is proven isolated, and every sample is in the store once,
     * if samples were published. Of the policies that only serve for comparison nothing is
     * expected.
     */
    public boolean isGood() {
        return isValid()
                && switch (main().policy()) {
                    case NONE, FACILITY_CUT, BMS_THRESHOLD, PANEL_INTERLOCK -> true;
                    case BULKHEAD ->
                            Score.of(main()).lostElsewhere() == 0
                                    && main().outcome()
                                            == (main().room().isEmpty()
                                                    ? Outcome.NONE
                                                    : Outcome.ISOLATED)
                                    && isTrue(main())
                                    && isAsExpected()
                                    && main().telemetry().map(Telemetry::isWhole).orElse(true);
                };
    }

    private boolean isAsExpected() {
        // A room that can't be isolated is expected to be given up, and yet nothing to exit 0 for.
        return about.expectation().unmet(main()).isEmpty();
    }

    /**
     * The agent's word against the plant's own: what is called isolated was dead by then, and
     * stayed so.
     */
    private static boolean isTrue(RunRecord run) {
        return run.proof()
                .map(
                        proof ->
                                run.ledger()
                                        .zoneDeadSince()
                                        .filter(dead -> !dead.isAfter(proof.at()))
                                        .isPresent())
                .orElse(true);
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
