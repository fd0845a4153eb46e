package dev.bulkhead.simulator.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final Instant START = Instant.parse("2026-01-15T06:00:00Z");
    private static final Instant FOUND = START.plusSeconds(372);
    private static final Status STATUS =
            new Status(FOUND, 12, "A1 FAILING", "16 UPS on inverter", 9, 18);

    private final StringWriter written = new StringWriter();

    @Test
    void withoutATerminalThereAreLinesOnly() {
        var timeline = timeline(false, Map.of("TERM", "xterm"));

        timeline.tell(FOUND, Tone.FOUND, "FAILING", "room A1: voltage and gas");
        timeline.show(STATUS);
        timeline.say("done");
        timeline.end();

        assertEquals(
                "[+06:12] FAILING          room A1: voltage and gas\ndone\n", written.toString());
    }

    @Test
    void onATerminalTheStateIsRedrawnBelowTheEvents() {
        var timeline = timeline(true, Map.of("TERM", "xterm", "NO_COLOR", "1"));

        timeline.show(STATUS);
        timeline.tell(FOUND, Tone.PROVEN, "ISOLATED", "room A1");
        timeline.end();

        String state =
                """
                +06:12  ×12.0  A1 FAILING
                       16 UPS on inverter
                       breakers █████████░░░░░░░░░ 9/18 read open
                """;
        String erased = "\u001b[3A\u001b[J";
        assertEquals(
                state + erased + "[+06:12] ▲ ISOLATED         room A1\n" + state + erased,
                written.toString());
    }

    @Test
    void noColourMeansNone() {
        var timeline = timeline(true, Map.of("TERM", "xterm", "NO_COLOR", "1"));
        timeline.tell(FOUND, Tone.BAD, "FAILED", "room A1");
        assertFalse(written.toString().contains("\u001b["));
    }

    @Test
    void aLineIsNeverWiderThanTheTerminal() {
        var timeline = timeline(true, Map.of("TERM", "xterm", "NO_COLOR", "1", "COLUMNS", "24"));
        timeline.show(STATUS);
        assertEquals(23, written.toString().lines().mapToInt(String::length).max().orElse(0));
    }

    @Test
    void aTerminalThatCanDoNothingGetsPlainLines() {
        var timeline = timeline(true, Map.of("TERM", "dumb"));
        timeline.show(STATUS);
        assertEquals("", written.toString());
    }

    /** Else a device's name could clear the screen in the middle of a fire. */
    @Test
    void whatADeviceSaysDoesNotMoveTheCursor() {
        var timeline = timeline(false, Map.of());
        timeline.tell(FOUND, Tone.NOTE, "note", "a\u001b[2Jb\nc");
        assertEquals("[+06:12] note             a?[2Jb?c\n", written.toString());
    }

    private Timeline timeline(boolean isTerminal, Map<String, String> environment) {
        return new Timeline(new PrintWriter(written), START, isTerminal, environment);
    }
}
