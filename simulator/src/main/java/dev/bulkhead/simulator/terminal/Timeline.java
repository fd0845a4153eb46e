package dev.bulkhead.simulator.terminal;

import dev.bulkhead.simulator.score.PlantTime;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tells events as they come. On a terminal the state of things stands below them and is redrawn in
 * place; without one there are plain lines only, fit for a log. May be called from any thread.
 */
public final class Timeline {
    private static final int USUAL_COLUMNS = 80;
    private static final int BAR = 18;
    private static final String ESCAPE = "\u001b[";

    private final PrintWriter out;
    private final Instant start;
    private final boolean isLive;
    private final boolean isColoured;
    private final int columns;
    private List<String> drawn = List.of();

    /**
     * @param out where lines go
     * @param start plant time that counts as zero
     * @param isTerminal somebody watches, and the cursor can be moved
     * @param environment that of the process, for NO_COLOR, TERM and COLUMNS
     */
    public Timeline(
            PrintWriter out, Instant start, boolean isTerminal, Map<String, String> environment) {
        this.out = out;
        this.start = start;
        this.isLive = isTerminal && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        this.isColoured = isLive && environment.getOrDefault("NO_COLOR", "").isEmpty();
        this.columns = columns(environment.getOrDefault("COLUMNS", ""));
    }

    /** On the standard output of this process, in UTF-8 whatever the locale. */
    public static Timeline ofProcess(Instant start) {
        var out =
                new PrintWriter(
                        new OutputStreamWriter(
                                new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
        return new Timeline(
                out,
                start,
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent(),
                System.getenv());
    }

    private static int columns(String text) {
        return text.matches("[0-9]{2,4}") ? Integer.parseInt(text) : USUAL_COLUMNS;
    }

    /**
     * Tells an event.
     *
     * @param at plant time
     * @param kind in one or two words
     */
    public synchronized void tell(Instant at, Tone tone, String kind, String text) {
        String time = "[" + PlantTime.of(start, at) + "]";
        String what = String.format(Locale.ROOT, "%-16s", harmless(kind));
        String line =
                isLive
                        ? coloured("2", time)
                                + " "
                                + coloured(tone.colour(), tone.mark() + " " + what)
                                + " "
                                + harmless(text)
                        : time + " " + what + " " + harmless(text);
        above(line.stripTrailing());
    }

    /** Says a line that belongs to no instant. */
    public synchronized void say(String line) {
        above(harmless(line));
    }

    /** Says how things stand now; only where somebody watches. */
    public synchronized void show(Status status) {
        if (isLive) {
            erase();
            draw(
                    List.of(
                            fitted(
                                    PlantTime.of(start, status.at())
                                            + String.format(
                                                    Locale.ROOT, "  ×%.3g  ", status.speed())
                                            + harmless(status.rooms())),
                            fitted("       " + harmless(status.supply())),
                            fitted(progress(status))));
            out.flush();
        }
    }

    /** Takes the state of things away; the events stay. */
    public synchronized void end() {
        erase();
        out.flush();
    }

    private void above(String line) {
        List<String> kept = drawn;
        erase();
        out.print(line + "\n");
        draw(kept);
        out.flush();
    }

    private void erase() {
        if (!drawn.isEmpty()) {
            out.print(ESCAPE + drawn.size() + "A" + ESCAPE + "J");
            drawn = List.of();
        }
    }

    private void draw(List<String> lines) {
        lines.forEach(line -> out.print(coloured("2", line) + "\n"));
        drawn = lines;
    }

    private String progress(Status status) {
        if (status.steps() == 0) {
            return "       no plan";
        }
        int full = BAR * status.open() / status.steps();
        return "       breakers "
                + "█".repeat(full)
                + "░".repeat(BAR - full)
                + " "
                + status.open()
                + "/"
                + status.steps()
                + " read open";
    }

    /** A line that wrapped would be two to erase. */
    private String fitted(String line) {
        int[] points = line.codePoints().limit(columns - 1L).toArray();
        return new String(points, 0, points.length);
    }

    private String coloured(String colour, String text) {
        return isColoured ? ESCAPE + colour + "m" + text + ESCAPE + "0m" : text;
    }

    /** What a device said must not move the cursor. */
    private static String harmless(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
