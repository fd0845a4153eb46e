package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.score.Drawing.Point;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.score.RunRecord.PlanMade;
import dev.bulkhead.simulator.score.RunRecord.Sample;
import dev.bulkhead.simulator.score.RunRecord.Stage;
import dev.bulkhead.simulator.score.RunRecord.Trace;
import dev.bulkhead.simulator.score.RunRecord.Truth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What happened and what was done about it on one axis of time: a lane each for truth, detection,
 * decision, breakers and proof, and below them what was measured.
 */
final class EventsDrawing {
    private static final double GUTTER = 190;
    private static final double TOP = 24;
    private static final double ROW = 17;
    private static final int MOST_ROWS = 4;
    private static final double TRACE_HEIGHT = 64;

    private final RunRecord run;
    private final Axis axis;
    private final Drawing drawing = new Drawing();
    private double y = TOP;

    /** Something to mark, and the words beside it where there is room. */
    private record Mark(Instant at, String label) {}

    /** Where a mark's words lie. */
    private record Place(Mark mark, int row, double from, double to) {}

    EventsDrawing(RunRecord run) {
        this.run = run;
        Instant first = moments().min(Instant::compareTo).orElse(run.start());
        Instant last =
                moments()
                        .filter(at -> !at.isAfter(run.acted()))
                        .max(Instant::compareTo)
                        .orElse(run.acted());
        var margin = Duration.between(first, last).dividedBy(20).plus(Duration.ofSeconds(10));
        Instant from = first.minus(margin);
        this.axis =
                new Axis(
                        run.start(),
                        from.isBefore(run.start()) ? run.start() : from,
                        last.plus(margin),
                        GUTTER,
                        Drawing.WIDTH - 26);
    }

    String svg() {
        lane("What happened", "by the plant", "truth", truths());
        if (!run.decisions().isEmpty()) {
            decisions();
        }
        double top = y;
        for (Trace trace : run.traces()) {
            trace(trace);
        }
        moments(top);
        scale();
        return drawing.svg(
                "events",
                y + 8,
                "Course of events",
                "Lanes over plant time: what happened, what was found, what was decided, which"
                        + " breakers were operated, and the proof; below them measured values. The"
                        + " same events are listed as text under the drawing.");
    }

    private void decisions() {
        lane("Found", "alarms and votes", "found", decided(Stage.DETECTION));
        lane("Decided", "plan and guard", "act", decided(Stage.DECISION));
        breakers();
        lane("Proof", "", hasFailed() ? "bad" : "proof", decided(Stage.PROOF));
    }

    private boolean hasFailed() {
        return run.rooms().stream().anyMatch(of -> of.outcome() == Outcome.FAILED);
    }

    private Stream<Instant> moments() {
        return Stream.concat(
                chief().map(Truth::at).filter(at -> !at.isAfter(run.acted())),
                run.decisions().stream().map(Decision::at));
    }

    private Stream<Truth> chief() {
        return run.truth().stream().filter(Truth::isChief);
    }

    private List<Mark> truths() {
        return chief().map(truth -> new Mark(truth.at(), truth.kind() + of(truth.room()))).toList();
    }

    private List<Mark> decided(Stage stage) {
        return run.decisions().stream()
                .filter(made -> made.stage() == stage)
                .map(made -> new Mark(made.at(), made.kind() + of(made.room())))
                .toList();
    }

    /** Where there are several, it matters which. */
    private String of(Optional<RoomId> room) {
        return room.filter(_ -> run.rooms().size() > 1).map(id -> " " + id).orElse("");
    }

    /** Every command and every reading back is a stroke; one line of words says it for all. */
    private void breakers() {
        List<Decision> made =
                run.decisions().stream()
                        .filter(one -> one.stage() == Stage.BREAKER && axis.shows(one.at()))
                        .toList();
        double height = 2 * ROW + 10;
        heading("Breakers", "commands, read back");
        for (Decision one : made) {
            drawing.box("act", axis.x(one.at()) - 0.6, y + 6, 1.2, height - 12);
        }
        if (!made.isEmpty()) {
            Instant first = made.getFirst().at();
            Instant last = made.getLast().at();
            String words =
                    PlantTime.of(run.start(), first)
                            + " to "
                            + PlantTime.of(run.start(), last)
                            + reached();
            double middle = y + height / 2 + 4;
            if (axis.x(last) + Drawing.widthOf(words) + 8 < Drawing.WIDTH) {
                drawing.text("", axis.x(last) + 8, middle, words);
            } else {
                drawing.textBefore("", axis.x(first) - 8, middle, words);
            }
        }
        y += height;
    }

    private String reached() {
        List<PlanMade> plans = run.rooms().stream().flatMap(of -> of.plan().stream()).toList();
        return plans.isEmpty()
                ? ""
                : ", %d of %d read open"
                        .formatted(
                                plans.stream().mapToLong(PlanMade::confirmedSteps).sum(),
                                plans.stream().mapToInt(plan -> plan.steps().size()).sum());
    }

    private void heading(String name, String what) {
        drawing.line("axis", 0, y, Drawing.WIDTH, y);
        drawing.text("name", 0, y + 18, name);
        drawing.text("soft", 0, y + 33, what);
    }

    private void lane(String name, String what, String style, List<Mark> marks) {
        List<Mark> shown = marks.stream().filter(mark -> axis.shows(mark.at())).toList();
        List<Place> places = placed(shown);
        int rows = 1 + places.stream().mapToInt(Place::row).max().orElse(0);
        double height = Math.max(rows * ROW, what.isEmpty() ? ROW : 2 * ROW) + 10;
        heading(name, what);
        for (Mark mark : shown) {
            double x = axis.x(mark.at());
            drawing.line("grid", x, y + 1, x, y + height);
        }
        for (Place place : places) {
            Mark mark = place.mark();
            double x = axis.x(mark.at());
            double middle = y + 5 + place.row() * ROW + ROW / 2;
            symbol(style, x, middle);
            if (place.to() > x) {
                drawing.text("", x + 8, middle + 4, label(mark));
            } else {
                drawing.textBefore("", x - 8, middle + 4, label(mark));
            }
        }
        y += height;
    }

    /** A shape of its own per lane, so that nothing hangs on colour. */
    private void symbol(String style, double x, double middle) {
        String shape =
                switch (style) {
                    case "truth" -> "M%1$.1f %2$.1fl5 5l-5 5l-5 -5z";
                    case "found" -> "M%1$.1f %2$.1fa5 5 0 1 0 .01 0z";
                    case "act" -> "M%1$.1f %2$.1fm-4.5 .5h9v9h-9z";
                    default -> "M%1$.1f %2$.1fl5.5 10h-11z";
                };
        drawing.path(style, String.format(Locale.ROOT, shape, x, middle - 5));
    }

    private String label(Mark mark) {
        return PlantTime.of(run.start(), mark.at()) + " " + mark.label();
    }

    /** The first row in which a label touches no other; none left: the mark stays without words. */
    private List<Place> placed(List<Mark> marks) {
        var places = new ArrayList<Place>();
        for (Mark mark : marks) {
            double x = axis.x(mark.at());
            double width = Drawing.widthOf(label(mark)) + 12;
            boolean isLeft = x + width > Drawing.WIDTH;
            double from = isLeft ? x - width : x - 6;
            double to = isLeft ? x : x + width;
            for (int row = 0; row < MOST_ROWS; row++) {
                if (isFree(places, row, from, to)) {
                    places.add(new Place(mark, row, from, to));
                    break;
                }
            }
        }
        return places;
    }

    private static boolean isFree(List<Place> places, int row, double from, double to) {
        return places.stream()
                .noneMatch(
                        taken ->
                                taken.row() == row
                                        && taken.from() < to + 8
                                        && from < taken.to() + 8);
    }

    private void trace(Trace trace) {
        List<Sample> samples =
                trace.samples().stream().filter(sample -> axis.shows(sample.at())).toList();
        switch (trace.origin()) {
            case TRUTH, SENSOR -> heading(trace.label(), trace.origin().words());
            case STORE -> {
                int end = trace.label().lastIndexOf(' ');
                heading(
                        trace.label().substring(0, Math.max(end, 0)),
                        trace.label().substring(end + 1) + ", " + trace.origin().words());
            }
        }
        if (samples.isEmpty()) {
            drawing.text("soft", GUTTER, y + 33, "no reading in this stretch");
            y += TRACE_HEIGHT;
            return;
        }
        double low = samples.stream().mapToDouble(Sample::value).min().orElse(0);
        double high = samples.stream().mapToDouble(Sample::value).max().orElse(0);
        if (trace.limit().isPresent()) {
            low = Math.min(low, trace.limit().getAsDouble());
            high = Math.max(high, trace.limit().getAsDouble());
        }
        var span = new Span(low, high, y + 10, y + TRACE_HEIGHT - 10);
        drawing.textBefore("soft", GUTTER - 8, span.top() + 4, number(high) + " " + trace.unit());
        drawing.textBefore("soft", GUTTER - 8, span.bottom() + 4, number(low) + " " + trace.unit());
        if (trace.limit().isPresent()) {
            double at = span.y(trace.limit().getAsDouble());
            drawing.line("limit", GUTTER, at, Drawing.WIDTH - 26, at);
            drawing.textBefore(
                    "soft",
                    Drawing.WIDTH - 26,
                    at - 3 < y + 12 ? at + 12 : at - 3,
                    "limit " + number(trace.limit().getAsDouble()) + " " + trace.unit());
        }
        drawing.polyline(
                trace.origin() == RunRecord.Origin.TRUTH ? "trace true" : "trace",
                samples.stream()
                        .map(sample -> new Point(axis.x(sample.at()), span.y(sample.value())))
                        .toList());
        y += TRACE_HEIGHT;
    }

    /** Values between two heights; a flat line lies at the bottom. */
    private record Span(double low, double high, double top, double bottom) {
        double y(double value) {
            return high > low ? bottom - (value - low) / (high - low) * (bottom - top) : bottom;
        }
    }

    /** Where the traces changed because of something that happened. */
    private void moments(double top) {
        for (Mark mark : truths()) {
            if (axis.shows(mark.at())) {
                drawing.line("moment", axis.x(mark.at()), top, axis.x(mark.at()), y);
            }
        }
    }

    private void scale() {
        drawing.line("axis", 0, y, Drawing.WIDTH, y);
        for (Instant tick : axis.ticks()) {
            drawing.line("grid", axis.x(tick), TOP - 4, axis.x(tick), TOP);
            drawing.textAround("soft", axis.x(tick), TOP - 9, PlantTime.of(run.start(), tick));
        }
        drawing.text("soft", 0, TOP - 9, "plant time, min:s");
    }

    private static String number(double value) {
        return Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
    }
}
