package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An 18650 cell in an oven, against reference runs with an implicit solver. */
final class ReactionsTest {
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
        Oven.Peak peak = Oven.peak(chemistry, oven);

        assertEquals(celsius, peak.celsius(), 0.05 * celsius);
        assertEquals(seconds, peak.seconds(), 0.05 * seconds);
    }

    @ParameterizedTest
    @CsvSource({"LCO, 146, 209", "NMC, 160, 173", "LFP, 180, 199"})
    void aCellInAMilderOvenOnlyWarms(Chemistry chemistry, double oven, double celsius) {
        assertEquals(celsius, Oven.peak(chemistry, oven).celsius(), 0.05 * celsius);
    }

    @ParameterizedTest
    @CsvSource({"LCO, 146.9", "NMC, 166.8", "LFP, 196.9"})
    void theCriticalOvenTemperatureIsWithinThreeKelvin(Chemistry chemistry, double critical) {
        assertEquals(critical, Oven.critical(chemistry), 3);
    }
}
