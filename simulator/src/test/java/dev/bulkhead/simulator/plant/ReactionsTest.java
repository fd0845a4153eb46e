package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An 18650 cell in an oven, against reference runs with an implicit solver (start at 28 °C, ρcp
 * 2.58 MJ/m³K, h 7.17 W/m²K, ε 0.8).
 */
final class ReactionsTest {
    private static final double KELVIN = 273.15;

    private record Peak(double celsius, double seconds) {}

    private static Peak oven(Chemistry chemistry, double ovenCelsius) {
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

    @ParameterizedTest
    @CsvSource({
        "LCO, 155, 422, 2020",
        "LCO, 180, 473, 1002",
        "NMC, 180, 728, 1297",
        "NMC, 200, 754, 847",
        "LFP, 200, 338, 1291",
        "LFP, 220, 402, 795"
    })
    void aCellInAHotOvenRunsAwayAsInTheReference(
            Chemistry chemistry, double oven, double celsius, double seconds) {
        Peak peak = oven(chemistry, oven);

        assertEquals(celsius, peak.celsius(), 0.05 * celsius);
        assertEquals(seconds, peak.seconds(), 0.05 * seconds);
    }

    @ParameterizedTest
    @CsvSource({"LCO, 146, 209", "NMC, 160, 173", "LFP, 180, 199"})
    void aCellInAMilderOvenOnlyWarms(Chemistry chemistry, double oven, double celsius) {
        assertEquals(celsius, oven(chemistry, oven).celsius(), 0.05 * celsius);
    }

    @ParameterizedTest
    @CsvSource({"LCO, 146.9", "NMC, 166.8", "LFP, 196.9"})
    void theCriticalOvenTemperatureIsWithinThreeKelvin(Chemistry chemistry, double critical) {
        double calm = oven(chemistry, critical - 3).celsius() - critical;
        double wild = oven(chemistry, critical + 3).celsius() - critical;

        assertTrue(calm < 75, chemistry + " peaks " + calm + " K above a milder oven");
        assertTrue(wild > 120, chemistry + " peaks " + wild + " K above a hotter oven");
    }
}
