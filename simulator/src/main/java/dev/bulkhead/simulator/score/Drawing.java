package dev.bulkhead.simulator.score;

import java.util.List;
import java.util.Locale;

/** An inline SVG being drawn; it takes its colours from the page's style sheet. */
final class Drawing {
    /** Width of every drawing in its own units; the page scales it. */
    static final double WIDTH = 1000;

    private final StringBuilder body = new StringBuilder();

    /** One point of a line. */
    record Point(double x, double y) {}

    void line(String style, double x1, double y1, double x2, double y2) {
        add(
                "<line class=\""
                        + style
                        + "\""
                        + at("x1", x1)
                        + at("y1", y1)
                        + at("x2", x2)
                        + at("y2", y2)
                        + "/>");
    }

    void box(String style, double x, double y, double width, double height) {
        add(
                "<rect class=\""
                        + style
                        + "\""
                        + at("x", x)
                        + at("y", y)
                        + at("width", width)
                        + at("height", height)
                        + "/>");
    }

    /** Diagonal strokes over a box: told apart from a plain one without colour. */
    void hatched(double x, double y, double width, double height, double gap) {
        for (double at = x - height; at < x + width; at += gap) {
            double fromX = Math.max(at, x);
            double toX = Math.min(at + height, x + width);
            if (toX > fromX) {
                line("hatch", fromX, y + height - (fromX - at), toX, y + height - (toX - at));
            }
        }
    }

    void path(String style, String moves) {
        add("<path class=\"" + style + "\" d=\"" + moves + "\"/>");
    }

    void polyline(String style, List<Point> points) {
        var coordinates = new StringBuilder();
        for (Point point : points) {
            coordinates.append(tenths(point.x())).append(',').append(tenths(point.y())).append(' ');
        }
        add(
                "<polyline class=\""
                        + style
                        + "\" points=\""
                        + coordinates.toString().strip()
                        + "\"/>");
    }

    void text(String style, double x, double y, String text) {
        anchored(style, "start", x, y, text);
    }

    /** Text whose end is at x. */
    void textBefore(String style, double x, double y, String text) {
        anchored(style, "end", x, y, text);
    }

    void textAround(String style, double x, double y, String text) {
        anchored(style, "middle", x, y, text);
    }

    private void anchored(String style, String anchor, double x, double y, String text) {
        add(
                "<text class=\""
                        + style
                        + "\" text-anchor=\""
                        + anchor
                        + "\""
                        + at("x", x)
                        + at("y", y)
                        + ">"
                        + Markup.escaped(text)
                        + "</text>");
    }

    /** How wide a text at the drawings' 11 px comes out at most. */
    static double widthOf(String text) {
        return text.codePointCount(0, text.length()) * 6.1 + 4;
    }

    private void add(String element) {
        body.append(element).append('\n');
    }

    private static String at(String name, double place) {
        return " " + name + "=\"" + tenths(place) + "\"";
    }

    /** A tenth of the drawing's unit is finer than any screen shows; the same in every locale. */
    static String tenths(double place) {
        return String.format(Locale.ROOT, "%.1f", place);
    }

    /**
     * The whole element.
     *
     * @param description what it shows, for those who don't see it
     */
    String svg(String id, double height, String title, String description) {
        return "<svg viewBox=\"0 0 "
                + tenths(WIDTH)
                + " "
                + tenths(height)
                + "\" role=\"img\" aria-labelledby=\""
                + id
                + "-title "
                + id
                + "-desc\">\n"
                + "<title id=\""
                + id
                + "-title\">"
                + Markup.escaped(title)
                + "</title>\n"
                + "<desc id=\""
                + id
                + "-desc\">"
                + Markup.escaped(description)
                + "</desc>\n"
                + body
                + "</svg>\n";
    }
}
