package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.score.RunRecord.OfRoom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a scenario went, in lines for a terminal. */
public final class Summary {
    private Summary() {}

    public static List<String> lines(Report report) {
        var verdict = new Verdict(report.main(), report.about().expectation());
        var lines = new ArrayList<String>();
        lines.add(verdict.headline());
        lines.addAll(verdict.grounds());
        List<String> live = verdict.staysLive();
        if (!live.isEmpty()) {
            lines.add(
                    (report.main().rooms().size() > 1
                                    ? "Still live in the rooms: "
                                    : "Still live in the room: ")
                            + live.getFirst()
                            + (live.size() > 1
                                    ? ", and " + (live.size() - 1) + " more; the report lists them"
                                    : ""));
        }
        report.lostAnywayWords().ifPresent(lines::add);
        lines.add("");
        lines.add(
                row(
                        "policy",
                        "room",
                        "outcome",
                        "dead since",
                        "servers lost",
                        "elsewhere",
                        "live after water"));
        report.runs().forEach(run -> tell(run, lines));
        report.main().telemetry().ifPresent(telemetry -> tell(telemetry, lines));
        lines.add("");
        lines.addAll(conclusion(report));
        return lines;
    }

    /** A line for each room, the first with what is of the whole run. */
    private static void tell(RunRecord run, List<String> lines) {
        var score = Score.of(run);
        lines.add(
                row(
                        run.policy().text(),
                        run.room().map(RoomId::value).orElse("-"),
                        run.first().map(OfRoom::outcome).orElse(Outcome.NONE).name(),
                        run.first().map(of -> dead(run, of)).orElse("-"),
                        Words.number(score.serversLost()),
                        Words.number(score.lostElsewhere()),
                        words(score.zoneEnergisedAfterWater())));
        run.rooms().stream()
                .skip(1)
                .map(
                        of ->
                                row(
                                        "",
                                        of.room().value(),
                                        of.outcome().name(),
                                        dead(run, of),
                                        "",
                                        "",
                                        ""))
                .forEach(lines::add);
    }

    private static String dead(RunRecord run, OfRoom of) {
        return Dead.of(run, of.room())
                .map(dead -> PlantTime.of(run.start(), dead.since()))
                .orElse("live");
    }

    /** Whether it went as it should, and if not, in what; as the exit code has it. */
    private static List<String> conclusion(Report report) {
        return report.isGood()
                ? List.of("✓ As expected: " + report.about().expectation().words() + ".")
                : report.shortcomings().stream()
                        .map(found -> "✕ " + Words.capital(found) + ".")
                        .toList();
    }

    private static void tell(Telemetry telemetry, List<String> lines) {
        lines.add("");
        lines.add(
                "Telemetry: "
                        + Words.number(telemetry.answered())
                        + " polls answered, "
                        + Words.number(telemetry.sampled())
                        + " sampled, "
                        + Words.number(telemetry.stored())
                        + " stored, "
                        + Words.number(telemetry.missing())
                        + " missing, "
                        + Words.number(telemetry.duplicated())
                        + " duplicated"
                        + (telemetry.droppedCount() == 0 ? "" : ", dropped " + telemetry.dropped())
                        + (telemetry.refused() == 0 ? "" : ", refused " + telemetry.refused())
                        + (telemetry.isWhole() ? "" : ": NOT WHOLE"));
    }

    private static String words(Optional<Duration> length) {
        return length.map(PlantTime::words).orElse("-");
    }

    private static String row(String... cells) {
        return String.format(
                        Locale.ROOT, "  %-15s %-8s %-12s %10s %14s %11s %18s", (Object[]) cells)
                .stripTrailing();
    }
}
