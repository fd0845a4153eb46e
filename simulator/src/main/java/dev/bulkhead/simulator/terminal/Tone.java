package dev.bulkhead.simulator.terminal;

/** What sort of event a line tells; a mark and a colour each, the marks as in the report. */
public enum Tone {
    /** It really happened, whether or not anybody saw it. */
    TRUTH("◆", "33"),
    /** Alarms, votes, levels. */
    FOUND("●", "1"),
    /** Plans, approvals, refusals. */
    DECIDED("■", "34"),
    /** A breaker commanded or read back. */
    BREAKER("│", "34"),
    /** It is proven. */
    PROVEN("▲", "1;32"),
    /** It failed, or must not be. */
    BAD("✕", "1;31"),
    /** About the run itself. */
    NOTE(" ", "2");

    private final String mark;
    private final String colour;

    Tone(String mark, String colour) {
        this.mark = mark;
        this.colour = colour;
    }

    String mark() {
        return mark;
    }

    /** Parameters of ANSI's "select graphic rendition" (ECMA-48, 8.3.117). */
    String colour() {
        return colour;
    }
}
