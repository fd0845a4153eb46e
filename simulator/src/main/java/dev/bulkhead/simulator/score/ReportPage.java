package dev.bulkhead.simulator.score;

import static dev.bulkhead.simulator.score.Markup.escaped;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.score.RunRecord.Evidence;
import dev.bulkhead.simulator.score.RunRecord.Fed;
import dev.bulkhead.simulator.score.RunRecord.Feed;
import dev.bulkhead.simulator.score.RunRecord.HallSupply;
import dev.bulkhead.simulator.score.RunRecord.OfRoom;
import dev.bulkhead.simulator.score.RunRecord.PlanMade;
import dev.bulkhead.simulator.score.RunRecord.ProofShown;
import dev.bulkhead.simulator.score.RunRecord.StepDone;
import dev.bulkhead.simulator.score.RunRecord.Truth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A report for people: one page that needs no network, and script only for its slider, in light, in
 * dark and on paper. It is well-formed XML as well, so that a test can read it.
 */
final class ReportPage {
    private final Report report;
    private final RunRecord main;
    private final Verdict verdict;

    ReportPage(Report report) {
        this.report = report;
        this.main = report.main();
        this.verdict = new Verdict(main, report.about().expectation());
    }

    String html() {
        return Markup.head(report.about().title())
                + "<body>\n<main>\n"
                + top()
                + comparison()
                + events()
                + new FilmSection(main.film(), main.start()).html()
                + main.rooms().stream().map(this::room).collect(Collectors.joining())
                + supply()
                + main.telemetry().map(ReportPage::telemetry).orElse("")
                + main.rooms().stream().map(this::notDone).collect(Collectors.joining())
                + foot()
                + "</main>\n</body>\n</html>\n";
    }

    private String top() {
        boolean isBad = verdict.isBad() || !report.isGood();
        String style = isBad ? "bad" : main.outcome() == Outcome.ISOLATED ? "isolated" : "plain";
        var conduct = main.conduct();
        return """
               <header>
               <p class="over"><b>%s</b> at %s</p>
               <div class="verdict %s">
               <p class="word">%s</p>
               <h1>%s</h1>
               %s
               </div>
               %s
               <dl class="meta">%s</dl>
               </header>
               """
                .formatted(
                        escaped(report.about().title()),
                        escaped(report.about().site()),
                        style,
                        escaped(verdict.word()),
                        escaped(verdict.headline()),
                        verdict.grounds().stream()
                                        .map(ReportPage::paragraph)
                                        .collect(Collectors.joining())
                                + paragraph(warning())
                                + paragraph(report.lostAnywayWords().orElse("")),
                        shortcomings(),
                        meta("Scenario", report.about().file())
                                + meta("Expected", report.about().expectation().words())
                                + meta("Policy", main.policy().text())
                                + meta("Seed", Long.toString(conduct.seed()))
                                + meta("Mode", mode(conduct))
                                + meta("Played", PlantTime.words(verdict.length()))
                                + meta("Poll overruns", Integer.toString(conduct.overruns())));
    }

    private String warning() {
        List<String> live = verdict.staysLive();
        return live.isEmpty()
                ? ""
                : "Not everything in there is dead: "
                        + live.getFirst()
                        + (live.size() > 1
                                ? ", and " + (live.size() - 1) + " more listed below."
                                : ".");
    }

    private static String mode(Conduct conduct) {
        return switch (conduct.mode()) {
            case LAB ->
                    "LAB, "
                            + String.format(Locale.ROOT, "%.3g", conduct.speed())
                            + " times real time";
            case CAMPAIGN -> "CAMPAIGN, virtual time";
            case PLANT_ALONE -> "plant alone, virtual time";
        };
    }

    /** Why the exit code is not 0. */
    private String shortcomings() {
        String found =
                report.shortcomings().stream()
                        .map(each -> paragraph(Words.capital(each) + "."))
                        .collect(Collectors.joining());
        return found.isEmpty() ? "" : "<div class=\"flaw\">" + found + "</div>\n";
    }

    private static String meta(String name, String value) {
        return "<div><dt>" + escaped(name) + "</dt><dd>" + escaped(value) + "</dd></div>";
    }

    private static String paragraph(String text) {
        return text.isEmpty() ? "" : "<p>" + escaped(text) + "</p>\n";
    }

    // ---------------------------------------------------------------- the policies side by side

    private String comparison() {
        String heads =
                report.runs().stream()
                        .map(
                                run ->
                                        "<th scope=\"col\""
                                                + chief(run)
                                                + ">"
                                                + escaped(run.policy().title())
                                                + "<small>policy "
                                                + escaped(run.policy().text())
                                                + "</small></th>")
                        .collect(Collectors.joining());
        String rows =
                row("", "Failing rooms", run -> verdict(run).word(), _ -> false)
                        + (several() ? eachRoom() : "")
                        + row(
                                "",
                                "Servers that lost supply",
                                run -> Words.number(Score.of(run).serversLost()),
                                run -> Score.of(run).serversLost() > 0)
                        + row(
                                "sub",
                                "fed only through the zone",
                                run -> Words.number(Score.of(run).lostThroughZone()),
                                run -> Score.of(run).lostThroughZone() > 0)
                        + row(
                                "sub",
                                "elsewhere",
                                run -> Words.number(Score.of(run).lostElsewhere()),
                                run -> Score.of(run).lostElsewhere() > 0)
                        + row(
                                "",
                                "Server-minutes without supply",
                                run -> Words.number(Score.of(run).serverMinutesLost()),
                                run -> Score.of(run).serverMinutesLost() > 0)
                        + row(
                                "",
                                "Server-minutes with fewer than two backed UPS",
                                run -> Words.number(Score.of(run).unbackedServerMinutes()),
                                run -> Score.of(run).unbackedServerMinutes() > 0)
                        + row(
                                "",
                                "Zone live after water was needed",
                                run -> length(Score.of(run).zoneEnergisedAfterWater()),
                                run ->
                                        Score.of(run)
                                                .zoneEnergisedAfterWater()
                                                .filter(Duration::isPositive)
                                                .isPresent())
                        + row(
                                "",
                                "From short to room found failing",
                                run -> length(Score.of(run).timeToDetect()),
                                _ -> false)
                        + row(
                                "",
                                "From short to zone dead, in truth",
                                run -> length(Score.of(run).timeToIsolate()),
                                _ -> false)
                        + row(
                                "",
                                "From short to proof",
                                run -> length(Score.of(run).timeToProve()),
                                _ -> false)
                        + row("", "Zone dead before first runaway", ReportPage::lead, _ -> false);
        return """
               <section>
               <h2>What each policy costs</h2>
               <p class="lead">The same plant and the same fault, played %s. Every figure of supply and of
               the zone is the plant’s own; the agent is not asked. ▲ marks a cost.</p>
               <div class="sheet"><table class="compare">
               <thead><tr><th scope="col"></th>%s</tr></thead>
               <tbody>
               %s</tbody>
               </table></div>
               </section>
               """
                .formatted(PlantTime.words(verdict.length()), heads, rows);
    }

    private String chief(RunRecord run) {
        return run.policy() == main.policy() && report.runs().size() > 1 ? " class=\"chief\"" : "";
    }

    private String row(
            String style,
            String name,
            Function<RunRecord, String> value,
            Predicate<RunRecord> isCost) {
        String cells =
                report.runs().stream()
                        .map(
                                run ->
                                        "<td"
                                                + chief(run)
                                                + ">"
                                                + (isCost.test(run)
                                                        ? "<span class=\"worst\">▲ "
                                                                + escaped(value.apply(run))
                                                                + "</span>"
                                                        : escaped(value.apply(run)))
                                                + "</td>")
                        .collect(Collectors.joining());
        return "<tr class=\"%s\"><th scope=\"row\">%s</th>%s</tr>\n"
                .formatted(style, escaped(name), cells);
    }

    private Verdict verdict(RunRecord run) {
        return new Verdict(run, report.about().expectation());
    }

    private boolean several() {
        return report.runs().stream().anyMatch(run -> run.rooms().size() > 1);
    }

    /** A line for each room that failed in any run. */
    private String eachRoom() {
        return report.runs().stream()
                .flatMap(run -> run.rooms().stream())
                .map(OfRoom::room)
                .distinct()
                .map(room -> row("sub", "room " + room, run -> becameOf(run, room), _ -> false))
                .collect(Collectors.joining());
    }

    private String becameOf(RunRecord run, RoomId room) {
        return Words.outcome(run.outcome(room))
                + Dead.of(run, room)
                        .map(dead -> ", dead since " + PlantTime.of(run.start(), dead.since()))
                        .orElse(", live");
    }

    private static String length(Optional<Duration> length) {
        return length.map(PlantTime::words).orElse("–");
    }

    private static String lead(RunRecord run) {
        return Score.of(run)
                .leadBeforeRunaway()
                .map(
                        lead ->
                                lead.isNegative()
                                        ? PlantTime.words(lead.negated()) + " after"
                                        : PlantTime.words(lead) + " before")
                .orElse("–");
    }

    // ---------------------------------------------------------------- the course of events

    private String events() {
        return """
               <section>
               <h2>Course of events</h2>
               <p class="lead">Plant time from the start of the scenario. ◆ is what really happened, whether or not
               anybody saw it; ● was found, ■ was decided, a stroke is a breaker commanded or read back, ▲ is the
               end. Traces are what a perfect sensor shows;
               dashed ones no device shows.</p>
               <figure class="sheet pad">%s</figure>
               <details><summary>All events as a list</summary>
               <div class="sheet long"><table>
               <thead><tr><th scope="col">Time</th><th scope="col">Lane</th><th scope="col">What</th><th scope="col">Detail</th></tr></thead>
               <tbody>
               %s</tbody></table></div></details>
               </section>
               """
                .formatted(new EventsDrawing(main).svg(), eventRows());
    }

    private record Line(Instant at, String lane, String kind, String text) {}

    private String eventRows() {
        return Stream.concat(
                        main.truth().stream().map(ReportPage::line),
                        main.decisions().stream().map(ReportPage::line))
                .sorted((one, other) -> one.at().compareTo(other.at()))
                .map(
                        line ->
                                "<tr><td class=\"when\">%s</td><td>%s</td><td class=\"kind\">%s</td><td>%s</td></tr>\n"
                                        .formatted(
                                                fine(line.at()),
                                                line.lane(),
                                                escaped(line.kind()),
                                                escaped(line.text())))
                .collect(Collectors.joining());
    }

    private static Line line(Truth truth) {
        return new Line(truth.at(), "truth", truth.kind(), truth.text());
    }

    private static Line line(Decision made) {
        String of =
                made.breaker()
                        .map(breaker -> breaker + ": ")
                        .or(() -> made.room().map(room -> room + ": "))
                        .orElse("");
        return new Line(
                made.at(),
                made.stage().name().toLowerCase(Locale.ROOT),
                made.kind(),
                of + made.text());
    }

    private String time(Instant at) {
        return PlantTime.of(main.start(), at);
    }

    private String fine(Instant at) {
        return PlantTime.fine(main.start(), at);
    }

    // ---------------------------------------------------------------- evidence, plan, proof

    private String room(OfRoom of) {
        return (of.evidence().isEmpty() && of.plan().isEmpty() ? "" : evidence(of))
                + of.plan().map(this::plan).orElse("")
                + of.proof().map(proof -> proof(of, proof)).orElse("");
    }

    /** Which room a section is about, where there are several. */
    private String name(OfRoom of) {
        return main.rooms().size() > 1 ? " for room " + escaped(of.room().value()) : "";
    }

    private String evidence(OfRoom of) {
        return """
               <section>
               <h2>Evidence%s</h2>
               <p class="lead">A room is failing only on two different kinds of evidence, from different devices
               behind different gateways. Silence is not a kind.</p>
               <div class="sheet"><table>
               <thead><tr><th scope="col">Since</th><th scope="col">Kind</th><th scope="col">Of</th><th scope="col">Reading and limit</th><th scope="col">Device</th><th scope="col">Gateway</th></tr></thead>
               <tbody>
               %s</tbody></table></div>
               </section>
               """
                .formatted(
                        name(of),
                        of.evidence().stream()
                                .map(this::evidenceRow)
                                .collect(Collectors.joining()));
    }

    private String evidenceRow(Evidence vote) {
        return "<tr><td class=\"when\">%s</td><th scope=\"row\" class=\"kind\">%s</th><td class=\"id\">%s</td><td>%s</td><td class=\"id\">%s</td><td class=\"id\">%s</td></tr>\n"
                .formatted(
                        time(vote.since()),
                        escaped(vote.kind()),
                        escaped(vote.of()),
                        escaped(vote.text()),
                        escaped(vote.device()),
                        escaped(vote.gateway()));
    }

    private String plan(PlanMade plan) {
        return """
               <section>
               <h2>Plan %s</h2>
               <p class="lead">%s at %s. %s Counted loss: %s fed only through the zone, %s elsewhere.%s</p>
               <div class="sheet long"><table>
               <thead><tr><th scope="col" class="num">Step</th><th scope="col">Breaker</th><th scope="col">Why here</th><th scope="col" class="num">Commanded</th><th scope="col" class="num">Read back</th><th scope="col" class="num">Took</th><th scope="col">Result</th><th scope="col">%s</th></tr></thead>
               <tbody>
               %s</tbody></table></div>
               </section>
               """
                .formatted(
                        escaped(plan.id()),
                        plan.isAutomatic() ? "Carried out by itself, made" : "For people, made",
                        time(plan.at()),
                        escaped(Words.capital(sentence(plan.why()))),
                        Words.count(plan.lossThroughZone(), "server"),
                        Words.count(plan.lossElsewhere(), "server"),
                        plan.interlocks().isEmpty()
                                ? ""
                                : " Against it: "
                                        + escaped(String.join("; ", plan.interlocks()))
                                        + ".",
                        barHead(plan),
                        plan.steps().stream()
                                .map(step -> stepRow(plan, step))
                                .collect(Collectors.joining()));
    }

    private static String sentence(String text) {
        return text.isEmpty() || text.endsWith(".") ? text : text + ".";
    }

    private String stepRow(PlanMade plan, StepDone step) {
        boolean isGood = step.confirmedAt().isPresent();
        return "<tr><td class=\"num\">%d</td><th scope=\"row\" class=\"breaker\">%s</th><td class=\"why\">%s</td><td class=\"num\">%s</td><td class=\"num\">%s</td><td class=\"num\">%s</td><td%s>%s</td><td>%s</td></tr>\n"
                .formatted(
                        step.number(),
                        escaped(step.breaker().value()),
                        escaped(step.why()),
                        step.commandedAt().map(this::fine).orElse("–"),
                        step.confirmedAt().map(this::fine).orElse("–"),
                        took(step),
                        isGood ? "" : " class=\"bad-result\"",
                        (isGood ? "" : "✕ ") + escaped(step.result()),
                        bar(plan, step));
    }

    private static String took(StepDone step) {
        return step.commandedAt()
                .flatMap(
                        from ->
                                step.confirmedAt()
                                        .map(to -> Duration.between(from, to).toMillis() / 1e3))
                .map(seconds -> String.format(Locale.ROOT, "%.1f s", seconds))
                .orElse("–");
    }

    /** From the first command to the last confirmation, the scale of all bars. */
    private static Optional<Stretch> operation(PlanMade plan) {
        var moments =
                plan.steps().stream()
                        .flatMap(
                                step ->
                                        Stream.of(step.commandedAt(), step.confirmedAt())
                                                .flatMap(Optional::stream))
                        .sorted()
                        .toList();
        return moments.size() < 2 || moments.getFirst().equals(moments.getLast())
                ? Optional.empty()
                : Optional.of(new Stretch(moments.getFirst(), moments.getLast()));
    }

    private static String barHead(PlanMade plan) {
        return operation(plan)
                .map(whole -> "Within " + PlantTime.words(whole.length()))
                .orElse("Course");
    }

    private static String bar(PlanMade plan, StepDone step) {
        return operation(plan)
                .flatMap(whole -> step.commandedAt().map(from -> bar(whole, from, step)))
                .orElse("");
    }

    private static String bar(Stretch whole, Instant from, StepDone step) {
        double scale = 192.0 / whole.length().toMillis();
        double x = Duration.between(whole.from(), from).toMillis() * scale;
        double end =
                Duration.between(whole.from(), step.confirmedAt().orElse(whole.to())).toMillis()
                        * scale;
        return String.format(
                Locale.ROOT,
                "<svg class=\"bar\" viewBox=\"0 0 200 10\" aria-hidden=\"true\"><line class=\"axis\""
                        + " x1=\"0\" y1=\"5\" x2=\"200\" y2=\"5\"/><rect class=\"%s\" x=\"%.1f\" y=\"1\""
                        + " width=\"%.1f\" height=\"8\"/></svg>",
                step.confirmedAt().isPresent() ? "act" : "bad",
                x,
                Math.max(2, end - x));
    }

    private String proof(OfRoom of, ProofShown proof) {
        String positions =
                proof.positions().stream()
                        .map(
                                open ->
                                        "<li><b>%s</b><span>open, %s</span></li>\n"
                                                .formatted(
                                                        escaped(open.breaker().value()),
                                                        fine(open.requestedAt())))
                        .collect(Collectors.joining());
        String busbars =
                proof.busbars().stream()
                        .map(
                                dead ->
                                        "<li><b>%s</b><span class=\"volts\">%s V</span><small>dead below 60 V; asked %s, after the last command</small></li>\n"
                                                .formatted(
                                                        escaped(dead.busbar().value()),
                                                        Drawing.tenths(dead.volts()),
                                                        fine(dead.requestedAt())))
                        .collect(Collectors.joining());
        return """
               <section>
               <h2>Proof%s, %s</h2>
               <p class="lead">Position alone proves nothing, nor does current: an idle string carries none. Each
               busbar has a transducer of its own, behind another gateway than the positions.</p>
               <div class="cols gap">
               <div>
               <div class="sheet pad first"><h3>Busbars, measured</h3><ul class="busbars">
               %s</ul>%s</div>
               <div class="sheet pad"><h3>Breakers, as read when asked at</h3><ul class="positions">
               %s</ul></div>
               </div>
               <div class="stilllive"><h3>Still live in the room</h3>%s</div>
               </div>
               </section>
               """
                .formatted(
                        name(of),
                        time(proof.at()),
                        busbars,
                        proof.supporting().isEmpty()
                                ? ""
                                : "<p class=\"lead\">Supporting: "
                                        + escaped(String.join("; ", proof.supporting()))
                                        + ".</p>",
                        positions,
                        list(proof.staysLive()));
    }

    private static String list(List<String> items) {
        return items.isEmpty()
                ? "<p>Nothing is recorded.</p>"
                : items.stream()
                        .map(item -> "<li>" + escaped(item) + "</li>")
                        .collect(Collectors.joining("", "<ul class=\"plain\">", "</ul>"));
    }

    // ---------------------------------------------------------------- supply, what was not done

    private String supply() {
        return """
               <section>
               <h2>Supply of every hall</h2>
               <p class="lead">Plain: every cord alive; hatched: some cords dead, every server on; solid: servers off. The
               zone’s bar is filled while any of its busbars stands at 60 V or more.</p>
               <figure class="sheet pad">%s</figure>
               <details><summary>As text</summary>
               <div class="sheet long"><table>
               <thead><tr><th scope="col">Policy</th><th scope="col">Hall</th><th scope="col" class="num">Servers</th><th scope="col">Fed</th></tr></thead>
               <tbody>
               %s</tbody></table></div></details>
               </section>
               """
                .formatted(
                        new SupplyDrawing(report).svg(),
                        report.runs().stream()
                                .flatMap(
                                        run ->
                                                run.supply().stream()
                                                        .map(hall -> supplyRow(run, hall)))
                                .collect(Collectors.joining()));
    }

    private String supplyRow(RunRecord run, HallSupply hall) {
        return "<tr><td>%s</td><th scope=\"row\">%s</th><td class=\"num\">%s</td><td>%s</td></tr>\n"
                .formatted(
                        escaped(run.policy().text()),
                        escaped(hall.hall().value()),
                        Words.number(hall.servers()),
                        hall.spans().stream().map(this::fed).collect(Collectors.joining("; ")));
    }

    private String fed(Fed fed) {
        String off = fed.feed() == Feed.OFF ? Words.number(fed.serversOff()) + " " : "";
        return span(fed.stretch()) + " " + off + Words.feed(fed.feed());
    }

    /** Two times that read the same would look like nothing. */
    private String span(Stretch stretch) {
        return stretch.length().compareTo(Duration.ofSeconds(1)) < 0
                ? fine(stretch.from()) + " for " + PlantTime.words(stretch.length())
                : time(stretch.from()) + " to " + time(stretch.to());
    }

    // ---------------------------------------------------------------- telemetry

    private static String telemetry(Telemetry telemetry) {
        return """
               <section>
               <h2>What became of every sample</h2>
               <p class="lead">A sample is one answered poll, told apart by device and number. The agent’s ledger is held
               against the store key by key, after the way through broker and bridge; the first line is the simulated
               devices’ own count.%s</p>
               <div class="sheet"><table>
               <tbody>
               %s</tbody></table></div>
               </section>
               """
                .formatted(
                        telemetry.wasKilled()
                                ? " The agent was killed in this run: what was answered at that moment died with it."
                                : "",
                        count("Polls answered", telemetry.answered(), "by the devices")
                                + count("Sampled", telemetry.sampled(), "by the agent")
                                + count("Waiting", telemetry.waiting(), "in its spool at the end")
                                + telemetry.dropped().entrySet().stream()
                                        .map(one -> count("Dropped", one.getValue(), one.getKey()))
                                        .collect(Collectors.joining())
                                + count("Refused", telemetry.refused(), "lines, by the store")
                                + count("Stored", telemetry.stored(), "")
                                + count("Missing", telemetry.missing(), telemetry.missingKeys())
                                + count("Duplicated", telemetry.duplicated(), ""));
    }

    private static String count(String what, long number, String more) {
        return "<tr><th scope=\"row\">%s</th><td class=\"num\">%s</td><td>%s</td></tr>\n"
                .formatted(escaped(what), Words.number(number), escaped(more));
    }

    private String notDone(OfRoom of) {
        List<String> rejected = of.plan().map(PlanMade::rejected).orElse(List.of());
        return rejected.isEmpty()
                ? ""
                : "<section>\n<h2>Not done"
                        + name(of)
                        + ", and why</h2>\n<div class=\"gap\">"
                        + list(rejected)
                        + "</div>\n</section>\n";
    }

    private String foot() {
        String grounds =
                report.about().isHistory()
                        ? "The course of events follows a real one: "
                        : "The course of events is assumed: ";
        return "<footer>\n"
                + "<p>"
                + escaped(grounds + sentence(report.about().source()))
                + "</p>\n"
                + "<p>A simulated facility. Bulkhead is a supervisory layer, not a certified safety"
                + " system: isolating a room does not stop a cell that is already in runaway, and"
                + " the fire panel and hard-wired trips stay in charge.</p>\n"
                + "</footer>\n";
    }
}
