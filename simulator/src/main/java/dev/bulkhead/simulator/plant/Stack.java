package dev.bulkhead.simulator.plant;

import java.util.List;

/** The cells of one rack: how warm they are, what they stand at, and what befalls them. */
sealed interface Stack permits CellStack, BlocStack {
    /** What a cell or a bloc has come to. */
    enum Turn {
        VENTING,
        /** With flames. */
        RUNAWAY,
        /** Without any: its charging current warms it faster than its air cools it. */
        RUNAWAY_UNDER_CHARGE
    }

    /** It happened {@code seconds} into the step; cell 0 is the whole module. */
    record CellEvent(double seconds, int module, int cell, Turn turn) {
        /** As people name it. */
        String name() {
            return cell == 0 ? String.valueOf(module) : module + " cell " + cell;
        }
    }

    /**
     * What of the string's current goes into its charge over a step, A; the rest is lost in the
     * cells.
     *
     * @param amperes charging positive
     * @param charge 0 to 1
     */
    double stored(double seconds, double amperes, double charge);

    /**
     * Goes a step.
     *
     * @param currentWatts per cell, what the string's current makes in its resistance
     * @param airCelsius around the cells
     */
    List<CellEvent> step(double seconds, double currentWatts, double airCelsius, Emission out);

    /** A cell shorts inside; module and cell count from 1. */
    void shortThrough(int module, int cell, double milliohms, double charge);

    /** A fire outside heats a module. */
    void heat(int module, double watts);

    double thermistorCelsius(int module);

    double hottestCelsius(int module);

    /** The lowest resting voltage in a module that anybody measures. */
    double lowestVolts(int module, double charge);

    double highestVolts(int module, double charge);

    double meanVolts(int module, double charge);

    /** How much less than a healthy string's at rest the whole string's voltage is. */
    double missingVolts(double charge);

    /** Its resistance, as a multiple of a healthy string's. */
    double resistance();
}
