package dev.bulkhead.simulator.score;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a scenario went, in lines for a terminal. */
public final class Summary {
    private Summary() {}

    public static List<String> lines(Report report) {
        var verdict = new Verdict(report.main());
        var lines = new ArrayList<String>();
        lines.add(verdict.headline());
        if (!verdict.grounds().isEmpty()) {
            lines.add(verdict.grounds());
        }
        List<String> live = verdict.staysLive();
        if (!live.isEmpty()) {
            lines.add(
                    "Still live in the room: "
                            + live.getFirst()
                            + (live.size() > 1
                                    ? ", and " + (live.size() - 1) + " more; the report lists them"
                                    : ""));
        }
        lines.add("");
        lines.add(row("policy", "outcome", "servers lost", "elsewhere", "live after water"));
        for (RunRecord run : report.runs()) {
            var score = Score.of(run);
            lines.add(
                    row(
                            run.policy().text(),
                            run.outcome().name(),
                            Words.number(score.serversLost()),
                            Words.number(score.lostElsewhere()),
                            words(score.zoneEnergisedAfterWater())));
        }
        report.main().telemetry().ifPresent(telemetry -> tell(telemetry, lines));
        for (RunRecord run : report.runs()) {
            if (!run.conduct().isValid()) {
                lines.add("");
                lines.add(
                        "This run does not count ("
                                + run.policy().text()
                                + "): "
                                + run.conduct().flaw());
            }
        }
        return lines;
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
        return String.format(Locale.ROOT, "  %-14s %-12s %14s %14s %18s", (Object[]) cells)
                .stripTrailing();
    }
}
