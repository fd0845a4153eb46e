package dev.bulkhead.simulator.plant;

/** An 18650 cell in an oven: start at 28 °C, ρcp 2.58 MJ/m³K, h 7.17 W/m²K, ε 0.8. */
final class Oven {
    private static final double KELVIN = 273.15;

    /** The cell's highest temperature, and when after the start. */
    record Peak(double celsius, double seconds) {}

    private Oven() {}

    static Peak peak(Chemistry chemistry, double ovenCelsius) {
        double radius = 0.009;
        double length = 0.065;
        double volume = StrictMath.PI * radius * radius * length;
        double area = 2 * StrictMath.PI * radius * (length + radius);
        double capacity = 2.58e6 * volume;
        double oven = ovenCelsius + KELVIN;
        double kelvin = 28 + KELVIN;
        var reactions = new Reactions(chemistry);
        var peak = new Peak(28, 0);
        for (double at = 0; at < 3 * 3600; ) {
            reactions.at(kelvin);
            double lost =
                    area
                            * (7.17 * (kelvin - oven)
                                    + 0.8
                                            * 5.670374e-8
                                            * (StrictMath.pow(kelvin, 4)
                                                    - StrictMath.pow(oven, 4)));
            double net = StrictMath.abs(reactions.wattsPerCubicMetre() * volume - lost);
            double longest = StrictMath.min(reactions.longestStep(), 5 * capacity / net);
            double step = StrictMath.max(1e-4, StrictMath.min(0.5, longest));
            kelvin += (reactions.react(step) * volume - lost * step) / capacity;
            at += step;
            if (kelvin - KELVIN > peak.celsius()) {
                peak = new Peak(kelvin - KELVIN, at);
            }
        }
        return peak;
    }

    /**
     * The mildest oven in which the cell ends 100 K hotter than the oven, to a tenth of a kelvin.
     */
    static double critical(Chemistry chemistry) {
        double mild = 130;
        double hot = 220;
        while (hot - mild > 0.1) {
            double middle = (mild + hot) / 2;
            if (peak(chemistry, middle).celsius() > middle + 100) {
                hot = middle;
            } else {
                mild = middle;
            }
        }
        return hot;
    }
}
