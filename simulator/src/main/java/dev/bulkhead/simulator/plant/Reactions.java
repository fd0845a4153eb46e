package dev.bulkhead.simulator.plant;

/**
 * The four exothermic reactions of one cell (Hatchard 2001; Kim, Pesaran, Spotnitz 2007): what is
 * left to react, and the heat that comes free. Heat is per cubic metre of jelly roll.
 *
 * <p>Very stiff: each reaction is stepped by its exact solution at the step's temperature (for the
 * first-order ones an exponential, for the cathode a logistic curve), and {@link #longestStep} says
 * how long a step the anode's inhibition allows. Explicit Euler at 0.25 s overshoots the peak of an
 * NMC cell by 90 K.
 */
final class Reactions {
    private static final double GAS_CONSTANT = 8.314;
    private static final double ANODE_LAYER = 0.033;

    /** Below this nothing reacts within days: 0.4 % of the SEI in an hour at 60 °C. */
    private static final double INERT_BELOW_KELVIN = 273.15 + 45;

    private static final double LONGEST_EXPONENT = 50;

    private static final double SEI_JOULES = 257e3 * 610.4;
    private static final double ANODE_JOULES = 1714e3 * 610.4;
    private static final double CATHODE_KILOGRAMS = 1221;
    private static final double ELECTROLYTE_JOULES = 155e3 * 406.9;

    private final Chemistry chemistry;
    private final double cathodeJoules;
    private double sei = 0.15;
    private double anode = 0.75;
    private double layer = ANODE_LAYER;
    private double converted = 0.04;
    private double electrolyte = 1;

    private double seiRate;
    private double anodeRate;
    private double cathodeRate;
    private double electrolyteRate;

    Reactions(Chemistry chemistry) {
        this.chemistry = chemistry;
        this.cathodeJoules = chemistry.cathodeJoulesPerGram * 1e3 * CATHODE_KILOGRAMS;
    }

    /** Sets the rates for a temperature; {@link #wattsPerCubicMetre} and the step go by them. */
    void at(double kelvin) {
        if (kelvin < INERT_BELOW_KELVIN || isSpent()) {
            seiRate = 0;
            anodeRate = 0;
            cathodeRate = 0;
            electrolyteRate = 0;
            return;
        }
        double perMole = 1 / (GAS_CONSTANT * kelvin);
        double carbon = StrictMath.exp(-1.3508e5 * perMole);
        seiRate = 1.667e15 * carbon;
        anodeRate = 2.5e13 * StrictMath.exp(-layer / ANODE_LAYER) * carbon;
        cathodeRate =
                chemistry.cathodePerSecond
                        * StrictMath.exp(-chemistry.cathodeJoulesPerMole * perMole);
        electrolyteRate = 5.14e25 * StrictMath.exp(-2.74e5 * perMole);
    }

    double wattsPerCubicMetre() {
        return SEI_JOULES * seiRate * sei
                + ANODE_JOULES * anodeRate * anode
                + cathodeJoules * cathodeRate * converted * (1 - converted)
                + ELECTROLYTE_JOULES * electrolyteRate * electrolyte;
    }

    /** The longest step, in seconds, over which the anode's inhibition may be held constant. */
    double longestStep() {
        double used = anodeRate * anode;
        return used > 0 ? 0.1 * ANODE_LAYER / used : Double.POSITIVE_INFINITY;
    }

    /** Reacts for a step; returns the heat set free, J/m³. */
    double react(double seconds) {
        if (seiRate == 0 && anodeRate == 0) {
            return 0;
        }
        double seiUsed = sei * gone(seiRate, seconds);
        double anodeUsed = anode * gone(anodeRate, seconds);
        double electrolyteUsed = electrolyte * gone(electrolyteRate, seconds);
        double growth = StrictMath.exp(Math.min(cathodeRate * seconds, LONGEST_EXPONENT));
        double after = converted * growth / (1 - converted + converted * growth);
        double cathodeUsed = after - converted;
        sei -= seiUsed;
        anode -= anodeUsed;
        layer += anodeUsed;
        electrolyte -= electrolyteUsed;
        converted = after;
        return SEI_JOULES * seiUsed
                + ANODE_JOULES * anodeUsed
                + cathodeJoules * cathodeUsed
                + ELECTROLYTE_JOULES * electrolyteUsed;
    }

    private static double gone(double rate, double seconds) {
        return -StrictMath.expm1(-Math.min(rate * seconds, LONGEST_EXPONENT));
    }

    /** Nothing is left that could give noticeable heat. */
    boolean isSpent() {
        return anode < 1e-6 && converted > 1 - 1e-6 && electrolyte < 1e-6;
    }
}
