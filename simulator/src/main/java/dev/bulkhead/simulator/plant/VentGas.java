package dev.bulkhead.simulator.plant;

/**
 * What a failing cell gives off, as shares of its volume; the rest is vapour of the electrolyte,
 * which counts as not flammable for want of a figure.
 *
 * <p>It is the same from the first vent to the end. Really hydrogen comes late: a sensor for it
 * answered at runaway only (Sandia and NHTSA 2024, J. Electrochem. Soc. 171 020520), and no figures
 * are at hand of what comes before.
 *
 * @param ethene stands for all hydrocarbons above methane
 */
record VentGas(
        double hydrogen,
        double carbonMonoxide,
        double carbonDioxide,
        double methane,
        double ethene) {
    /**
     * The lower flammable limit in air, a share of volume, by Le Chatelier from those of hydrogen
     * (4 %), carbon monoxide (12.5 %), methane (5 %) and ethene (2.7 %), the usual figures. Of the
     * gas measured from a 280 Ah LFP cell (MDPI Batteries 10(8):270: 6.42 %) it makes 6.0 %.
     */
    double lowerFlammable() {
        return 1 / (hydrogen / 0.04 + carbonMonoxide / 0.125 + methane / 0.05 + ethene / 0.027);
    }
}
