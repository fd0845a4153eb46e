package dev.bulkhead.simulator.score;

import dev.bulkhead.simulator.score.RunRecord.Fed;
import dev.bulkhead.simulator.score.RunRecord.HallSupply;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How every hall was fed and how long the failing zone was live, one block per policy on one axis
 * of time from start to end.
 */
final class SupplyDrawing {
    private static final double GUTTER = 150;
    private static final double TOP = 40;
    private static final double ROW = 13;

    private final Report report;
    private final Axis axis;
    private final Drawing drawing = new Drawing();
    private double y = TOP;

    SupplyDrawing(Report report) {
        this.report = report;
        RunRecord main = report.main();
        Instant end =
                report.runs().stream()
                        .map(run -> run.ledger().end())
                        .max(Instant::compareTo)
                        .orElse(main.acted());
        this.axis = new Axis(main.start(), main.start(), end, GUTTER, Drawing.WIDTH - 26);
    }

    String svg() {
        for (Instant tick : axis.ticks()) {
            drawing.textAround(
                    "soft", axis.x(tick), TOP - 24, PlantTime.of(report.main().start(), tick));
        }
        drawing.text("soft", 0, TOP - 24, "plant time");
        for (RunRecord run : report.runs()) {
            block(run);
        }
        Ledger ledger = report.main().ledger();
        moment(ledger.ranAwayAt(), "runaway");
        moment(ledger.waterNeeded(), "water needed");
        return drawing.svg(
                "supply",
                y,
                "Supply of every hall",
                "One block per policy. The top bar of each block shows when the failing zone was"
                        + " live, the bars below how each hall was fed. The same is listed as text"
                        + " under the drawing.");
    }

    private void block(RunRecord run) {
        drawing.line("axis", 0, y, Drawing.WIDTH, y);
        drawing.text("name", 0, y + 17, run.policy().title());
        y += 24;
        drawing.textBefore("", GUTTER - 8, y + ROW - 3, zoneName(run));
        zone(run);
        y += ROW + 5;
        for (HallSupply hall : run.supply()) {
            drawing.textBefore("soft", GUTTER - 8, y + ROW - 3, hall.hall().value());
            for (Fed fed : hall.spans()) {
                fed(fed);
            }
            y += ROW;
        }
        y += 12;
    }

    private static String zoneName(RunRecord run) {
        return ("zone "
                        + run.rooms().stream()
                                .map(of -> of.room().value())
                                .collect(Collectors.joining(", ")))
                .strip();
    }

    private void zone(RunRecord run) {
        double left = axis.x(run.start());
        double right = axis.x(run.ledger().end());
        drawing.box("zonedead", left, y + 1.5, right - left, ROW - 3);
        for (Stretch live : run.ledger().zoneEnergised()) {
            double from = axis.x(live.from());
            double width = axis.x(live.to()) - from;
            drawing.box("zonelive", from, y + 1, width, ROW - 2);
            if (width > 70) {
                drawing.text("onoff", from + 6, y + ROW - 3, "live");
            }
        }
        run.ledger()
                .zoneDeadSince()
                .filter(dead -> right - axis.x(dead) > 60)
                .ifPresent(dead -> drawing.text("soft", axis.x(dead) + 6, y + ROW - 3, "dead"));
    }

    private void fed(Fed fed) {
        double x = axis.x(fed.stretch().from());
        double width = axis.x(fed.stretch().to()) - x;
        double top = y + 1;
        double height = ROW - 2;
        switch (fed.feed()) {
            case TWO_SOURCES -> drawing.box("two", x, top, width, height);
            case ONE_SOURCE -> {
                drawing.box("two", x, top, width, height);
                drawing.hatched(x, top, width, height, 9);
            }
            case OFF -> {
                drawing.box("off", x, top, width, height);
                if (width > 90) {
                    drawing.text(
                            "onoff",
                            x + 6,
                            y + ROW - 3,
                            Words.count(fed.serversOff(), "server") + " off");
                }
            }
        }
    }

    private void moment(Optional<Instant> at, String label) {
        at.filter(axis::shows)
                .ifPresent(
                        known -> {
                            drawing.line("moment", axis.x(known), TOP - 8, axis.x(known), y);
                            drawing.textAround("", axis.x(known), TOP - 11, label);
                        });
    }
}
