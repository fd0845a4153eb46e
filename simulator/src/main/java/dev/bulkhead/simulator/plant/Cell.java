package dev.bulkhead.simulator.plant;

/**
 * One cell near trouble: its heat, its short, its vent. Lumped: one temperature. What it gives off
 * is taken by the rack's {@link Emission}.
 */
final class Cell {
    private static final double ZERO_CELSIUS = 273.15;

    /** Share of the stored energy that turns to heat when the separator collapses; fitted. */
    private static final double COLLAPSE_SHARE = 0.2;

    /** Runaway is where the cell's own heat warms it by more than this; Feng's T2. */
    private static final double RUNAWAY_KELVIN_PER_SECOND = 1;

    /** How much of the gas leaves through the vent before runaway, and how slowly. Proposal. */
    private static final double VENT_SHARE = 0.2;

    private static final double VENT_SECONDS = 300;
    private static final double BURN_SECONDS = 60;

    private final PlantSettings.Cells shape;
    private final Chemistry chemistry;
    private final double ampereHours;
    private final Reactions reactions;
    private double kelvin;

    private double shortAmperes;
    private double shortWatts;
    private double heaterWatts;
    private double storedJoules;
    private double drainedAmpereHours;
    private boolean hasCollapsed;
    private double collapseJoules;
    private boolean hasVented;
    private boolean hasRunAway;
    private boolean isRunawayNews;
    private double ventLitres;
    private double burnLitres;
    private double otherWatts;
    private double lostWatts;

    Cell(PlantSettings.Cells shape, Chemistry chemistry, double ampereHours, double celsius) {
        this.shape = shape;
        this.chemistry = chemistry;
        this.ampereHours = ampereHours;
        this.reactions = new Reactions(chemistry);
        this.kelvin = celsius + ZERO_CELSIUS;
        this.storedJoules = ampereHours * chemistry.nominalVolts * 3600;
        this.collapseJoules = COLLAPSE_SHARE * storedJoules;
        double litres = ampereHours * chemistry.gasLitresPerAmpereHour;
        this.ventLitres = VENT_SHARE * litres;
        this.burnLitres = (1 - VENT_SHARE) * litres;
    }

    /**
     * An internal short. Its heat stays what it is at first, V²/(R + r), until the stored energy is
     * gone or the separator collapses.
     */
    void shortThrough(double milliohms, double restingVolts) {
        shortAmperes = restingVolts / ((milliohms + shape.milliohms()) * 1e-3);
        shortWatts = restingVolts * shortAmperes;
    }

    /** Heat from outside, until the cell runs away by itself. */
    void heat(double watts) {
        heaterWatts = watts;
    }

    double celsius() {
        return kelvin - ZERO_CELSIUS;
    }

    boolean hasVented() {
        return hasVented;
    }

    /** Whether the cell has run away since this was last asked. */
    boolean tellsRunaway() {
        boolean news = isRunawayNews;
        isRunawayNews = false;
        return news;
    }

    /**
     * Volts at rest, less than the healthy cells' by the short's sag and by what the short has
     * drained; none after the separator's collapse.
     */
    double restingVolts(double charge) {
        if (hasCollapsed) {
            return 0;
        }
        double left = Math.max(0, charge - drainedAmpereHours / ampereHours);
        double sag = shortAmperes * shape.milliohms() * 1e-3;
        return Math.max(0, chemistry.restingVolts(left) - sag);
    }

    /**
     * Takes up what flows now.
     *
     * @param gainedWatts conducted from neighbours and made by the string's current
     * @param airSquareMetres of surface that faces air
     * @return the longest step over which that holds, in seconds
     */
    double prepare(double gainedWatts, double airCelsius, double airSquareMetres) {
        reactions.at(kelvin);
        lostWatts = airSquareMetres * shape.lostPerSquareMetre(celsius(), airCelsius);
        if (!hasCollapsed && celsius() > chemistry.collapseCelsius) {
            hasCollapsed = true;
            shortAmperes = 0;
            shortWatts = 0;
        }
        otherWatts = gainedWatts - lostWatts + shortWatts + heaterWatts;
        double ownWatts = reactions.wattsPerCubicMetre() * shape.cubicMetres() + collapseWatts();
        if (!hasRunAway && ownWatts > RUNAWAY_KELVIN_PER_SECOND * shape.joulesPerKelvin()) {
            hasRunAway = true;
            isRunawayNews = true;
            heaterWatts = 0;
        }
        double net = Math.abs(otherWatts + ownWatts);
        double fiveKelvin = 5 * shape.joulesPerKelvin() / Math.max(net, 1e-9);
        return Math.max(1e-4, Math.min(fiveKelvin, reactions.longestStep()));
    }

    private double collapseWatts() {
        return hasCollapsed ? collapseJoules / chemistry.collapseSeconds : 0;
    }

    /**
     * Goes a step with what {@link #prepare} found.
     *
     * @return the heat of its flame, J
     */
    double step(double seconds, Emission out) {
        double joules = otherWatts * seconds + reactions.react(seconds) * shape.cubicMetres();
        if (hasCollapsed) {
            double freed = collapseJoules * -StrictMath.expm1(-seconds / chemistry.collapseSeconds);
            collapseJoules -= freed;
            joules += freed;
        }
        kelvin += joules / shape.joulesPerKelvin();
        out.warm(lostWatts * seconds);
        if (shortAmperes > 0) {
            drainedAmpereHours += shortAmperes * seconds / 3600;
            storedJoules -= shortWatts * seconds;
            if (storedJoules <= 0) {
                shortAmperes = 0;
                shortWatts = 0;
            }
        }
        if (!hasVented && celsius() >= shape.ventCelsius()) {
            hasVented = true;
        }
        if (hasVented) {
            double vented = ventLitres * -StrictMath.expm1(-seconds / VENT_SECONDS);
            ventLitres -= vented;
            out.vent(vented);
        }
        if (!hasRunAway) {
            return 0;
        }
        double burnt = burnLitres * -StrictMath.expm1(-seconds / BURN_SECONDS);
        burnLitres -= burnt;
        return out.burn(burnt, burnt / chemistry.gasLitresPerAmpereHour);
    }

    /** Takes up heat from a flame. */
    void takeUp(double joules) {
        kelvin += joules / shape.joulesPerKelvin();
    }
}
