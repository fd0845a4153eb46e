package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures of an overload, and that time adds up whatever the load did in between. */
final class OverloadTest {
    private static final double FOR_EVER = Double.POSITIVE_INFINITY;

    @ParameterizedTest
    @CsvSource({"1.06,600", "1.10,600", "1.25,600", "1.26,60", "1.50,60", "1.51,0.2", "2.1,0.01"})
    void anInverterBearsAnOverloadForItsTime(double share, double seconds) {
        spends(Overload.ofInverter(), share, seconds);
    }

    @ParameterizedTest
    @CsvSource({"1.11,120", "1.25,120", "1.26,10", "1.50,10", "1.51,0.1", "7,0.1"})
    void aBypassBearsAnOverloadForItsTime(double share, double seconds) {
        spends(Overload.ofBypass(), share, seconds);
    }

    private static void spends(Overload overload, double share, double seconds) {
        assertEquals(seconds, overload.secondsLeft(share), 1e-9);
        overload.carry(share, seconds * 0.999);
        assertFalse(overload.isSpent());
        overload.carry(share, seconds * 0.001);
        assertTrue(overload.isSpent());
    }

    @Test
    void whatIsFreeNeverEnds() {
        assertEquals(FOR_EVER, Overload.ofInverter().secondsLeft(1.05));
        assertEquals(FOR_EVER, Overload.ofBypass().secondsLeft(1.10));
    }

    @Test
    void timeAtOneOverloadIsMissingAtAnotherAndComesBackWithinTenMinutes() {
        Overload inverter = Overload.ofInverter();
        inverter.carry(1.2, 300);
        assertEquals(30, inverter.secondsLeft(1.4), 1e-9);
        inverter.carry(1.0, 150);
        assertEquals(45, inverter.secondsLeft(1.4), 1e-9);
        inverter.carry(0, 150);
        assertEquals(60, inverter.secondsLeft(1.4), 1e-9);
    }

    @Test
    void noLoadUpToTheRatingEverUsesItUp() {
        var random = new SplittableRandom(3);
        for (int draw = 0; draw < 10_000; draw++) {
            Overload inverter = Overload.ofInverter();
            Overload bypass = Overload.ofBypass();
            for (int turn = 0; turn < 5; turn++) {
                double share = random.nextDouble();
                double seconds = random.nextDouble(100_000);
                inverter.carry(share, seconds);
                bypass.carry(share, seconds);
            }
            assertEquals(60, inverter.secondsLeft(1.5), 1e-9);
            assertEquals(10, bypass.secondsLeft(1.5), 1e-9);
        }
    }
}
