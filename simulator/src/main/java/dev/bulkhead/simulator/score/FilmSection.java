package dev.bulkhead.simulator.score;

import static dev.bulkhead.simulator.score.Markup.escaped;

import dev.bulkhead.simulator.score.Film.Frame;
import dev.bulkhead.simulator.score.Film.OfRoom;
import dev.bulkhead.simulator.score.Film.Rack;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The battery rooms over time, for a page: heat maps of racks and modules and a table of all rooms,
 * moved along by a slider. Without script, and on paper, the hottest frame stands there.
 */
final class FilmSection {
    /** Where each step of the heat map begins, °C; the style sheet has their colours. */
    private static final List<Integer> STEPS = List.of(30, 40, 50, 60, 80, 110, 150, 250, 450);

    private static final double CELL_HEIGHT = 13;
    private static final double LEFT = 70;
    private static final double TOP = 18;

    private final Film film;
    private final Instant start;
    private final int shown;

    FilmSection(Film film, Instant start) {
        this.film = film;
        this.start = start;
        this.shown =
                IntStream.range(0, film.instants().size())
                        .boxed()
                        .max(Comparator.comparingInt(this::hottest))
                        .orElse(0);
    }

    private int hottest(int frame) {
        return film.rooms().stream()
                .mapToInt(room -> room.frames().get(frame).trueCelsius())
                .max()
                .orElse(0);
    }

    String html() {
        if (film.instants().isEmpty() || film.rooms().isEmpty()) {
            return "";
        }
        return """
               <section id="film" data-times="%s" data-steps="%s">
               <h2>The battery rooms over time</h2>
               <p class="lead">Each square is a module, number 1 at the bottom; above, the hottest cell as it truly is, below, what
               the thermistor shows. Frames are close together while something changes.</p>
               <div class="film-bar" hidden="hidden"><label>Time <input type="range" min="0" max="%d" value="%d" step="1"/></label></div>
               <p class="film-time"><b>%s</b> from the start</p>
               %s<div class="sheet"><table>
               <thead><tr><th scope="col">Room</th><th scope="col" class="num">Hottest cell, true</th><th scope="col" class="num">Hottest, sensed</th><th scope="col" class="num">Hydrogen</th><th scope="col" class="num">LFL</th><th scope="col">Smoke</th><th scope="col">Busbars</th></tr></thead>
               <tbody>
               %s</tbody></table></div>
               </section>
               <script>%s</script>
               """
                .formatted(
                        film.instants().stream()
                                .map(at -> PlantTime.of(start, at))
                                .collect(Collectors.joining(" ")),
                        STEPS.stream().map(String::valueOf).collect(Collectors.joining(" ")),
                        film.instants().size() - 1,
                        shown,
                        PlantTime.of(start, film.instants().get(shown)),
                        film.rooms().stream()
                                        .filter(room -> !room.racks().isEmpty())
                                        .map(this::maps)
                                        .collect(Collectors.joining())
                                + legend(),
                        film.rooms().stream().map(this::row).collect(Collectors.joining()),
                        Markup.filmScript());
    }

    private String maps(OfRoom room) {
        return "<figure class=\"sheet pad\">"
                + map(room, "true", "Hottest cell, true", Frame::trueModules)
                + map(room, "sensed", "Thermistor, as sensed", Frame::sensedModules)
                + "</figure>\n";
    }

    private String map(
            OfRoom room, String id, String title, Function<Frame, List<Integer>> modules) {
        var drawing = new Drawing();
        int tallest = room.racks().stream().mapToInt(Rack::modules).max().orElse(1);
        double width = Math.min(40, (Drawing.WIDTH - LEFT) / room.racks().size());
        List<Integer> celsius = modules.apply(room.frames().get(shown));
        drawing.text("name", 0, 11, "Room " + room.room() + ": " + title.toLowerCase(Locale.ROOT));
        int at = 0;
        for (int rack = 0; rack < room.racks().size(); rack++) {
            double x = LEFT + rack * width;
            for (int module = 1; module <= room.racks().get(rack).modules(); module++) {
                double y = TOP + (tallest - module) * CELL_HEIGHT;
                drawing.box("heat h" + step(celsius.get(at++)), x, y, width - 1, CELL_HEIGHT - 1);
            }
        }
        double bottom = TOP + tallest * CELL_HEIGHT;
        drawing.text("soft", 0, TOP + 10, "module " + tallest);
        drawing.text("soft", 0, bottom - 3, "module 1");
        drawing.text("soft", LEFT, bottom + 12, room.racks().getFirst().id().value());
        drawing.textBefore(
                "soft",
                LEFT + room.racks().size() * width,
                bottom + 12,
                room.racks().getLast().id().value());
        return "<div class=\"film-map\" data-frames=\"%s\">%s</div>"
                .formatted(
                        room.frames().stream()
                                .map(modules)
                                .map(FilmSection::packed)
                                .collect(Collectors.joining(" ")),
                        drawing.svg(
                                "film-" + id + "-" + film.rooms().indexOf(room),
                                bottom + 16,
                                title + " of every module of room " + room.room(),
                                "Hottest shown: "
                                        + celsius.stream()
                                                .mapToInt(Integer::intValue)
                                                .max()
                                                .orElse(0)
                                        + " °C. The table below has every room's hottest."));
    }

    /** A digit for the step of each module: as much as is drawn. */
    private static String packed(List<Integer> celsius) {
        var text = new StringBuilder(celsius.size());
        celsius.forEach(each -> text.append(step(each)));
        return text.toString();
    }

    private static int step(int celsius) {
        return (int) STEPS.stream().filter(from -> celsius >= from).count();
    }

    private static String legend() {
        var text = new StringBuilder("<p class=\"film-legend\">");
        for (int step = 0; step <= STEPS.size(); step++) {
            text.append("<span><i class=\"h").append(step).append("\"></i>");
            text.append(step == 0 ? "below " + STEPS.getFirst() : "from " + STEPS.get(step - 1));
            text.append(" °C</span> ");
        }
        return text + "</p>\n";
    }

    private String row(OfRoom room) {
        return "<tr class=\"film-room\"><th scope=\"row\">%s</th>%s%s%s%s%s%s</tr>\n"
                .formatted(
                        escaped(room.room().value()),
                        numbers(room, Frame::trueCelsius, " °C"),
                        numbers(room, Frame::sensedCelsius, " °C"),
                        numbers(room, Frame::hydrogenPartsPerMillion, " ppm"),
                        numbers(room, Frame::lflPercent, " %"),
                        words(room, Frame::smokeStep, List.of("none", "alert", "action", "fire")),
                        words(room, it -> it.isEnergised() ? 1 : 0, List.of("dead", "live")));
    }

    private String numbers(OfRoom room, ToIntFunction<Frame> value, String unit) {
        return "<td class=\"num\" data-values=\"%s\" data-unit=\"%s\">%d%s</td>"
                .formatted(
                        values(room, value),
                        unit,
                        value.applyAsInt(room.frames().get(shown)),
                        unit);
    }

    private String words(OfRoom room, ToIntFunction<Frame> value, List<String> words) {
        return "<td data-values=\"%s\" data-words=\"%s\">%s</td>"
                .formatted(
                        values(room, value),
                        String.join(" ", words),
                        words.get(value.applyAsInt(room.frames().get(shown))));
    }

    private static String values(OfRoom room, ToIntFunction<Frame> value) {
        return room.frames().stream()
                .map(frame -> Integer.toString(value.applyAsInt(frame)))
                .collect(Collectors.joining(" "));
    }
}
