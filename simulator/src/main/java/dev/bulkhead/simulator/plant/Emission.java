package dev.bulkhead.simulator.plant;

/** What a rack gives to its air over a step. */
final class Emission {
    /**
     * Area that smoke darkens per litre of gas: mist from the vent 15 mg/L at 4.4 m²/g, soot from
     * the flame 0.09 g/L at 8.7 m²/g (assumptions; the coefficients are the usual ones for
     * smouldering and flaming).
     */
    private static final double VENT_SQUARE_METRES_PER_LITRE = 0.066;

    private static final double BURN_SQUARE_METRES_PER_LITRE = 0.8;

    /** 3.147 MJ from a 90 Ah NMC cell (a single source of low trust). */
    private static final double BURN_JOULES_PER_AMPERE_HOUR = 35e3;

    private double gasLitres;
    private double smokeSquareMetres;
    private double flameJoules;
    private double warmJoules;

    void vent(double litres) {
        gasLitres += litres;
        smokeSquareMetres += litres * VENT_SQUARE_METRES_PER_LITRE;
    }

    /** Gas without smoke. */
    void bubble(double litres) {
        gasLitres += litres;
    }

    /**
     * Gas from a cell in runaway, with its share of the cell's fuel.
     *
     * @return the heat of its flame, J
     */
    double burn(double litres, double ampereHours) {
        gasLitres += litres;
        smokeSquareMetres += litres * BURN_SQUARE_METRES_PER_LITRE;
        double joules = ampereHours * BURN_JOULES_PER_AMPERE_HOUR;
        flameJoules += joules;
        return joules;
    }

    void warm(double joules) {
        warmJoules += joules;
    }

    double gasLitres() {
        return gasLitres;
    }

    double smokeSquareMetres() {
        return smokeSquareMetres;
    }

    double flameJoules() {
        return flameJoules;
    }

    double warmJoules() {
        return warmJoules;
    }
}
