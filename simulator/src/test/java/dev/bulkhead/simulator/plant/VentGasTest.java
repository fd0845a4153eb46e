package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class VentGasTest {

    /** MDPI Batteries 10(8):270, of a 280 Ah LFP cell: 6.42 % was measured. */
    @Test
    void aMixturesLowerFlammableLimitIsNearTheMeasuredOne() {
        var measured = new VentGas(0.55, 0.11, 0.18, 0.10, 0);

        assertEquals(0.0642, measured.lowerFlammable(), 0.0642 * 0.08);
    }

    /** Lead-acid's hydrogen comes with oxygen, and 4 % of hydrogen is its limit. */
    @Test
    void whatWaterFallsIntoBurnsFromFourPercentHydrogen() {
        VentGas gas = Chemistry.VRLA.gas;

        assertEquals(0.04, gas.lowerFlammable() * gas.hydrogen(), 1e-9);
    }

    @ParameterizedTest
    @EnumSource(value = Chemistry.class, names = "VRLA", mode = EnumSource.Mode.EXCLUDE)
    void noGasIsMoreThanWhole(Chemistry chemistry) {
        VentGas gas = chemistry.gas;
        double sum =
                gas.hydrogen()
                        + gas.carbonMonoxide()
                        + gas.carbonDioxide()
                        + gas.methane()
                        + gas.ethene();

        assertTrue(sum > 0.9 && sum <= 1, () -> chemistry + ": " + sum);
        assertTrue(gas.lowerFlammable() > 0.06 && gas.lowerFlammable() < 0.08);
    }
}
