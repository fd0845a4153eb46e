package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.score.RunRecord.Watch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * A library of scenarios, each played under the same policies.
 *
 * @param policies in the order of {@link Policy}
 * @param rows a scenario each, in the order of the library
 */
public record ScoreCard(long seed, List<Policy> policies, List<Row> rows) {

    /**
     * One scenario; a cell for every policy of the card, in that order.
     *
     * @param lostAnyway servers elsewhere that lose supply if nobody switches
     */
    public record Row(Report.About about, List<Cell> cells, int lostAnyway) {
        public Row {
            cells = List.copyOf(cells);
        }

        private Optional<Played> played(Policy policy) {
            return cells.stream()
                    .filter(cell -> cell.policy() == policy)
                    .filter(Played.class::isInstance)
                    .map(Played.class::cast)
                    .findFirst();
        }

        /** In what a run was not as it must be. */
        List<String> unmet(Played run) {
            var unmet = new ArrayList<>(run.unmet());
            Expectation.lostElsewhere(run.score(), lostAnyway).ifPresent(unmet::add);
            return unmet;
        }
    }

    /** One scenario under one policy. */
    public sealed interface Cell {
        Policy policy();

        /** The command that plays it alone. */
        String command();

        /** What came of it; whether that is as expected takes a look at the whole row. */
        default String summary(Report.About about) {
            return switch (this) {
                case NotPlayed _ -> "not played";
                case Played run -> ScoreCard.word(about, run) + lost(run);
            };
        }
    }

    /**
     * A run.
     *
     * @param unmet in what it is not as expected
     * @param falseTrips rooms that were tripped and needn't have been
     * @param missedTrips rooms that had to be isolated and were live at the end
     * @param strays breakers outside all battery rooms' own that opened by nobody's hand
     */
    public record Played(
            Policy policy,
            String command,
            Outcome outcome,
            Score score,
            List<String> unmet,
            List<RoomId> falseTrips,
            List<RoomId> missedTrips,
            int strays,
            Optional<Watch> watch)
            implements Cell {

        /** Polls answered in time, as a share of those due; empty where nobody counted. */
        OptionalDouble completeness() {
            return watch.filter(it -> it.pollsDue() > 0).stream()
                    .mapToDouble(it -> (double) it.pollsAnswered() / it.pollsDue())
                    .findFirst();
        }

        /** What counts of a run. */
        public static Played of(RunRecord run, Expectation expected, String command) {
            return new Played(
                    run.policy(),
                    command,
                    run.outcome(),
                    Score.of(run),
                    expected.unmet(run),
                    expected.falseTrips(run),
                    expected.missedTrips(run),
                    run.ledger().strays().size(),
                    run.watch());
        }
    }

    /** It can't be played, and why. */
    public record NotPlayed(Policy policy, String command, String why) implements Cell {}

    public ScoreCard {
        policies = List.copyOf(policies);
        rows = List.copyOf(rows);
        for (Row row : rows) {
            if (!row.cells().stream().map(Cell::policy).toList().equals(policies)) {
                throw new IllegalArgumentException(row.about().file() + ": not every policy");
            }
        }
    }

    /** Whether the agent did everywhere what was expected, as far as it could be played. */
    public boolean isGood() {
        return unmet().isEmpty();
    }

    /** Everything in which the agent was not as expected, a line each. */
    public List<String> unmet() {
        return rows.stream()
                .flatMap(
                        row ->
                                row.played(Policy.BULKHEAD).stream()
                                        .flatMap(run -> row.unmet(run).stream())
                                        .map(what -> name(row) + ": " + what))
                .toList();
    }

    /** A scenario's site and title are for people; this is short. */
    static String name(Row row) {
        return row.about().site() + " / " + row.about().file().replaceFirst("\\.yaml$", "");
    }

    /** How a run came out, in a word or two; a check first if it was as expected. */
    static String word(Row row, Cell cell) {
        return switch (cell) {
            case NotPlayed _ -> "not played";
            case Played run -> (row.unmet(run).isEmpty() ? "✓ " : "✕ ") + word(row.about(), run);
        };
    }

    private static String word(Report.About about, Played run) {
        if (!run.falseTrips().isEmpty() || run.strays() > 0) {
            return "false trip";
        }
        if (about.expectation().failing().isEmpty()) {
            return "quiet";
        }
        return run.missedTrips().isEmpty()
                ? "dead " + run.score().timeToIsolate().map(PlantTime::words).orElse("")
                : run.outcome() == Outcome.NONE || run.outcome() == Outcome.ADVISED
                        ? "live"
                        : "live, " + Words.outcome(run.outcome()).toLowerCase(Locale.ROOT);
    }

    /** The card in lines for a terminal. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        int first = rows.stream().mapToInt(row -> name(row).length()).max().orElse(0);
        lines.add(line(first, "", policies.stream().map(Policy::text).toList()));
        for (Row row : rows) {
            lines.add(
                    line(
                            first,
                            name(row),
                            row.cells().stream().map(cell -> cell(row, cell)).toList()));
        }
        lines.add("");
        lines.addAll(unmet());
        lines.add(conclusion());
        return lines;
    }

    /** What the card says of the agent, which it can say only of what was played. */
    String conclusion() {
        if (!policies.contains(Policy.BULKHEAD)) {
            return "Policy bulkhead was not asked for: nothing is said of it.";
        }
        if (played() == 0) {
            return "Bulkhead could be played in no scenario: nothing is said of it.";
        }
        return unmet().isEmpty()
                ? "Bulkhead did what was expected in "
                        + (played() == rows.size()
                                ? Words.count(played(), "scenario") + "."
                                : played()
                                        + " of "
                                        + Words.count(rows.size(), "scenario")
                                        + "; in the others it could not be played.")
                : "Bulkhead did not do what was expected: "
                        + Words.count(unmet().size(), "finding")
                        + ".";
    }

    /** In how many scenarios the agent was played. */
    int played() {
        return (int) rows.stream().filter(row -> row.played(Policy.BULKHEAD).isPresent()).count();
    }

    private static String cell(Row row, Cell cell) {
        return word(row, cell) + (cell instanceof Played run ? lost(run) : "");
    }

    private static String lost(Played run) {
        int lost = run.score().serversLost();
        return lost > 0 ? ", −" + Words.number(lost) : "";
    }

    private static String line(int first, String name, List<String> cells) {
        return Stream.concat(Stream.of(pad(name, first)), cells.stream().map(cell -> pad(cell, 24)))
                .reduce((one, next) -> one + "  " + next)
                .orElse("")
                .stripTrailing();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
    }

    public String json() {
        return ScoreJson.of(this);
    }

    public String html() {
        return new ScorePage(this).html();
    }

    /** Writes {@code score.json} and {@code score.html} into a folder, which is made if absent. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("score.json"), json());
        Files.writeString(folder.resolve("score.html"), html());
    }
}
