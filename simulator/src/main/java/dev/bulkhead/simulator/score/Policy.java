package dev.bulkhead.simulator.score;

/** Who acts, and how, when a battery room fails. */
public enum Policy {
    /** Nobody switches anything. */
    NONE("none", "Nobody switches"),
    /** Everything is switched off when the fire service needs water, as at Pangyo in 2022. */
    FACILITY_CUT("facility-cut", "Whole facility off"),
    /** A room's battery management trips the room when a module is above 60 °C. */
    BMS_THRESHOLD("bms-threshold", "BMS trips at 60 °C"),
    /** The fire panel trips a room on two zones of smoke, hard-wired. */
    PANEL_INTERLOCK("panel-interlock", "Fire panel trips"),
    /** The agent isolates the failing room. */
    BULKHEAD("bulkhead", "Bulkhead acts");

    private final String text;
    private final String title;

    Policy(String text, String title) {
        this.text = text;
        this.title = title;
    }

    /** The name in commands and files. */
    public String text() {
        return text;
    }

    /** What it does, in words for a heading. */
    public String title() {
        return title;
    }
}
