package dev.bulkhead.simulator.score;

import static dev.bulkhead.simulator.score.Markup.escaped;

import dev.bulkhead.simulator.score.ScoreCard.Cell;
import dev.bulkhead.simulator.score.ScoreCard.NotPlayed;
import dev.bulkhead.simulator.score.ScoreCard.Played;
import dev.bulkhead.simulator.score.ScoreCard.Row;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A score card for people: one page in the style of a report, without network or script. */
final class ScorePage {
    private final ScoreCard card;

    ScorePage(ScoreCard card) {
        this.card = card;
    }

    String html() {
        return Markup.head("Score card")
                + "<body>\n<main>\n"
                + top()
                + overview()
                + card.rows().stream().map(this::scenario).collect(Collectors.joining())
                + definitions()
                + "</main>\n</body>\n</html>\n";
    }

    private String top() {
        long met =
                card.rows().stream()
                        .flatMap(row -> row.cells().stream().map(cell -> asExpected(row, cell)))
                        .filter(Boolean::booleanValue)
                        .count();
        return """
               <header>
               <p class="over"><b>Score card</b> of %s under %s, seed %d</p>
               <div class="verdict %s">
               <p class="word">%s</p>
               <h1>%s</h1>
               %s</div>
               </header>
               """
                .formatted(
                        Words.count(card.rows().size(), "scenario"),
                        card.policies().size() == 1
                                ? "one policy"
                                : card.policies().size() + " policies",
                        card.seed(),
                        !card.isGood() ? "bad" : card.played() > 0 ? "isolated" : "plain",
                        !card.isGood()
                                ? "Not as expected"
                                : card.played() > 0 ? "As expected" : "Bulkhead not played",
                        escaped(card.conclusion()),
                        list(card.unmet())
                                + "<p>"
                                + met
                                + " of all runs, whatever the policy, were as expected.</p>\n");
    }

    private static boolean asExpected(Row row, Cell cell) {
        return cell instanceof Played run && row.unmet(run).isEmpty();
    }

    private static String list(List<String> items) {
        return items.isEmpty()
                ? ""
                : items.stream()
                        .map(item -> "<li>" + escaped(item) + "</li>")
                        .collect(Collectors.joining("", "<ul class=\"plain\">", "</ul>\n"));
    }

    // ---------------------------------------------------------------- all at a glance

    private String overview() {
        return """
               <section>
               <h2>At a glance</h2>
               <p class="lead">✓ as expected, ✕ not; then what became of the rooms that fail (how long from the
               beginning until they were dead) and servers that lost supply, if any did. Truth is the plant’s own.</p>
               <div class="sheet"><table class="glance">
               <thead><tr><th scope="col">Scenario</th>%s</tr></thead>
               <tbody>
               %s</tbody></table></div>
               </section>
               """
                .formatted(
                        heads(),
                        card.rows().stream().map(this::glance).collect(Collectors.joining()));
    }

    private String heads() {
        return card.policies().stream()
                .map(
                        policy ->
                                "<th scope=\"col\"%s>%s</th>"
                                        .formatted(chief(policy), escaped(policy.text())))
                .collect(Collectors.joining());
    }

    private static String chief(Policy policy) {
        return policy == Policy.BULKHEAD ? " class=\"chief\"" : "";
    }

    private String glance(Row row) {
        return "<tr><th scope=\"row\"><a href=\"#%s\">%s</a><small>%s</small></th>%s</tr>\n"
                .formatted(
                        anchor(row),
                        escaped(row.about().title()),
                        escaped(row.about().site()),
                        row.cells().stream()
                                .map(
                                        cell ->
                                                "<td%s>%s</td>"
                                                        .formatted(
                                                                chief(cell.policy()),
                                                                glance(row, cell)))
                                .collect(Collectors.joining()));
    }

    private static String glance(Row row, Cell cell) {
        String word = escaped(ScoreCard.word(row, cell));
        return switch (cell) {
            case NotPlayed _ -> word;
            case Played run ->
                    (row.unmet(run).isEmpty() ? word : "<span class=\"worst\">" + word + "</span>")
                            + (run.score().serversLost() == 0
                                    ? ""
                                    : "<small>"
                                            + Words.count(run.score().serversLost(), "server")
                                            + " off</small>");
        };
    }

    private String anchor(Row row) {
        return "s" + card.rows().indexOf(row);
    }

    // ---------------------------------------------------------------- one scenario

    private String scenario(Row row) {
        return """
               <section id="%s">
               <h2>%s</h2>
               <p class="lead">%s, %s. %s %s: %s</p>
               <div class="sheet"><table class="compare">
               <thead><tr><th scope="col"></th>%s</tr></thead>
               <tbody>
               %s</tbody></table></div>
               <details><summary>Played alone</summary>
               %s</details>
               </section>
               """
                .formatted(
                        anchor(row),
                        escaped(row.about().title()),
                        escaped(row.about().site()),
                        escaped(row.about().file()),
                        escaped(Words.capital(row.about().expectation().words()) + "."),
                        row.about().isHistory() ? "History" : "Assumed",
                        escaped(row.about().source()),
                        heads(),
                        figures(row),
                        list(row.cells().stream().map(Cell::command).toList()));
    }

    private static String figures(Row row) {
        return figure(
                        row,
                        "As expected",
                        run ->
                                asExpected(row, run)
                                        ? "yes"
                                        : "no: " + String.join("; ", row.unmet(run)))
                + figure(
                        row,
                        "From beginning to found failing",
                        run -> length(run.score().timeToDetect()))
                + figure(row, "From beginning to dead", run -> length(run.score().timeToIsolate()))
                + figure(
                        row,
                        "Dead before first runaway",
                        run -> lead(run.score().leadBeforeRunaway()))
                + figure(row, "Dead before first flame", run -> lead(run.score().leadBeforeFlame()))
                + figure(
                        row,
                        "Servers lost, fed only through the zone",
                        run -> Words.number(run.score().lostThroughZone()))
                + figure(
                        row,
                        "Servers lost elsewhere",
                        run -> Words.number(run.score().lostElsewhere()))
                + figure(
                        row,
                        "Server-minutes without supply",
                        run -> Words.number(run.score().serverMinutesLost()))
                + figure(
                        row,
                        "Server-minutes without a second backup",
                        run -> Words.number(run.score().unbackedServerMinutes()))
                + figure(
                        row,
                        "Live after water was needed",
                        run -> length(run.score().zoneEnergisedAfterWater()))
                + figure(
                        row,
                        "False trips",
                        run ->
                                rooms(run.falseTrips())
                                        + (run.strays() > 0
                                                ? ", " + Words.count(run.strays(), "other breaker")
                                                : ""))
                + figure(row, "Missed", run -> rooms(run.missedTrips()))
                + figure(
                        row,
                        "Alarms annunciated",
                        run -> run.watch().map(watch -> Words.number(watch.alarms())).orElse("–"))
                + figure(row, "Polls answered in time", run -> percent(run.completeness()));
    }

    private static String figure(Row row, String name, Function<Played, String> value) {
        return "<tr><th scope=\"row\">%s</th>%s</tr>\n"
                .formatted(
                        escaped(name),
                        row.cells().stream()
                                .map(
                                        cell ->
                                                "<td%s>%s</td>"
                                                        .formatted(
                                                                chief(cell.policy()),
                                                                escaped(
                                                                        switch (cell) {
                                                                            case Played run ->
                                                                                    value.apply(
                                                                                            run);
                                                                            case NotPlayed not ->
                                                                                    name.equals(
                                                                                                    "As expected")
                                                                                            ? not
                                                                                                    .why()
                                                                                            : "–";
                                                                        })))
                                .collect(Collectors.joining()));
    }

    private static String rooms(List<?> rooms) {
        return rooms.isEmpty()
                ? "none"
                : rooms.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private static String length(Optional<Duration> length) {
        return length.map(PlantTime::words).orElse("–");
    }

    private static String lead(Optional<Duration> lead) {
        return lead.map(
                        it ->
                                it.isNegative()
                                        ? PlantTime.words(it.negated()) + " after"
                                        : PlantTime.words(it) + " before")
                .orElse("–");
    }

    private static String percent(OptionalDouble share) {
        return share.isPresent()
                ? String.format(Locale.ROOT, "%.2f %%", 100 * share.getAsDouble())
                : "–";
    }

    private static String definitions() {
        return """
               <footer>
               <p>Played in CAMPAIGN mode: the agent’s code on virtual time against simulated devices. Every figure is
               defined in docs/how-to/scenarios.md. A simulated facility; Bulkhead is a supervisory layer, not a certified
               safety system.</p>
               </footer>
               """;
    }
}
