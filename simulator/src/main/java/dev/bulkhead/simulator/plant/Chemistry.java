package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.BatteryString;

/**
 * What a cell is made of: the cathode's own reaction, its resting voltage over charge, and what
 * comes out when it fails.
 *
 * <p>Kinetics: SEI, anode and electrolyte rows are Kim, Pesaran, Spotnitz, J. Power Sources 170
 * (2007) 476–489; cathode rows for NMC and LFP Peng and Jiang 2016, checked against critical oven
 * temperatures of Zhao 2024 (J. Energy Storage 84:110901). Gas: 2.0 L/Ah for NMC and LCO, 0.9 for
 * LFP (proposals near Golubkov 2014 and Sturk 2019); its composition is Golubkov's for NMC and, for
 * LCO, his for a mixed LCO–NMC cathode, with 30 % hydrogen; for LFP it is the mean of his and of
 * MDPI Batteries 10(8):270, which differ (31 and 55 % hydrogen), at 45 % hydrogen. Golubkov's
 * figures are quoted from memory.
 *
 * <p>VRLA is lead-acid with valves; {@link BlocStack} says how it behaves. Its gas is what water
 * falls into, two parts of hydrogen to one of oxygen: 0.456 L of hydrogen for each Ah that isn't
 * recombined, by Faraday at 25 °C.
 */
@SuppressWarnings("ImmutableEnumChecker") // A record of numbers is immutable.
public enum Chemistry {
    NMC(2.25e14, 1.54e5, 790, 170, 20, 3.7, 2.0, new VentGas(0.30, 0.13, 0.41, 0.068, 0.082)),
    LCO(6.667e13, 1.396e5, 314, 170, 20, 3.7, 2.0, new VentGas(0.30, 0.28, 0.25, 0.086, 0.077)),
    LFP(2.0e8, 1.03e5, 194, 200, 60, 3.2, 0.9, new VentGas(0.45, 0.08, 0.35, 0.07, 0.034)),
    VRLA(0, 0, 0, 0, 0, 2.0, 0.456 * 1.5, new VentGas(2.0 / 3, 0, 0, 0, 0));

    /** Resting volts at state of charge, as pairs; an assumption with 4.10 V at 93 %. */
    private static final double[] LAYERED_OXIDE = {
        0.00, 3.00, 0.10, 3.45, 0.50, 3.68, 0.80, 3.95, 0.93, 4.10, 1.00, 4.20
    };

    /** Resting volts at state of charge, as pairs; an assumption with 3.33 V at 93 %. */
    private static final double[] OLIVINE = {
        0.00, 2.80, 0.10, 3.20, 0.50, 3.28, 0.93, 3.33, 1.00, 3.40
    };

    /** Resting volts at state of charge, as pairs; an assumption, usual figures of AGM cells. */
    private static final double[] LEAD = {0.00, 1.60, 0.10, 1.93, 0.50, 2.05, 1.00, 2.14};

    final double cathodePerSecond;
    final double cathodeJoulesPerMole;
    final double cathodeJoulesPerGram;
    final double collapseCelsius;
    final double collapseSeconds;
    final double nominalVolts;
    final double gasLitresPerAmpereHour;
    final VentGas gas;

    Chemistry(
            double cathodePerSecond,
            double cathodeJoulesPerMole,
            double cathodeJoulesPerGram,
            double collapseCelsius,
            double collapseSeconds,
            double nominalVolts,
            double gasLitresPerAmpereHour,
            VentGas gas) {
        this.cathodePerSecond = cathodePerSecond;
        this.cathodeJoulesPerMole = cathodeJoulesPerMole;
        this.cathodeJoulesPerGram = cathodeJoulesPerGram;
        this.collapseCelsius = collapseCelsius;
        this.collapseSeconds = collapseSeconds;
        this.nominalVolts = nominalVolts;
        this.gasLitresPerAmpereHour = gasLitresPerAmpereHour;
        this.gas = gas;
    }

    /**
     * What a charger holds a cell at if nobody sets it otherwise: lithium where it rests, lead at
     * 2.25 V (Vertiv APM2 manual). {@code charge} is 0 to 1.
     */
    double floatVolts(double charge) {
        return switch (this) {
            case NMC, LCO, LFP -> restingVolts(charge);
            case VRLA -> 2.25;
        };
    }

    /** Where a UPS on battery gives up; lead as in Vertiv's APM2 manual. */
    double emptyVolts() {
        return switch (this) {
            case NMC, LCO, LFP -> 3.0;
            case VRLA -> 1.67;
        };
    }

    /** What a site file calls such cells. */
    BatteryString.CellKind kind() {
        return switch (this) {
            case NMC, LCO, LFP -> BatteryString.CellKind.LITHIUM_ION;
            case VRLA -> BatteryString.CellKind.LEAD_ACID;
        };
    }

    /** Resting voltage of a cell; {@code charge} is 0 to 1. */
    double restingVolts(double charge) {
        double[] table =
                switch (this) {
                    case NMC, LCO -> LAYERED_OXIDE;
                    case LFP -> OLIVINE;
                    case VRLA -> LEAD;
                };
        for (int pair = 2; pair < table.length; pair += 2) {
            if (charge <= table[pair] || pair == table.length - 2) {
                double share = (charge - table[pair - 2]) / (table[pair] - table[pair - 2]);
                return table[pair - 1] + share * (table[pair + 1] - table[pair - 1]);
            }
        }
        throw new IllegalStateException("a table of one pair");
    }
}
