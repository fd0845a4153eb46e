package dev.bulkhead.simulator.plant;

/**
 * What a failing cell gives off, as shares of its volume; the rest is vapour of the electrolyte.
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
