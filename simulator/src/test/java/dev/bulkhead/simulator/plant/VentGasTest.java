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

    @ParameterizedTest
    @EnumSource(Chemistry.class)
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
