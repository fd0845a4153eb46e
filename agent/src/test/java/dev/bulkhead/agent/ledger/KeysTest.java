package dev.bulkhead.agent.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.site.DeviceId;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    private static final Series BMS = new Series(1, new DeviceId("A1-S01-bms"));
    private static final Series BMS_LATER = new Series(2, new DeviceId("A1-S01-bms"));
    private static final Series LFL = new Series(1, new DeviceId("A1-lfl"));

    private final Keys keys = new Keys();

    @Test
    void aNumberThatIsAddedTwiceCountsOnce() {
        keys.add(BMS, 3);
        keys.add(BMS, 3);
        keys.add(BMS, 2, 4);
        assertEquals(3, keys.count());
    }

    @Test
    void sameNumbersOfOtherDevicesAndOtherRunsAreOtherSamples() {
        keys.add(BMS, 1);
        assertFalse(keys.contains(BMS_LATER, 1));
        assertFalse(keys.contains(LFL, 1));
        keys.add(BMS_LATER, 1);
        keys.add(LFL, 1);
        assertEquals(3, keys.count());
        assertEquals(Set.of(BMS, BMS_LATER, LFL), keys.series());
    }

    @Test
    void nothingFromTheLargerToTheSmallerIsNothing() {
        keys.add(BMS, 1, 0);
        assertEquals(0, keys.count());
        assertEquals(new Keys(), keys);
        assertTrue(keys.series().isEmpty());
    }

    /**
     * If a run in one piece and one in many differed, ledgers that say the same would not match.
     */
    @Test
    void numbersThatCameOneByOneAreTheRangeTheyFill() {
        for (long number : List.of(5L, 1L, 3L, 2L, 4L)) {
            keys.add(BMS, number);
        }
        var range = new Keys();
        range.add(BMS, 1, 5);
        assertEquals(range, keys);
        assertEquals("A1-S01-bms of run 1 [1..5]", keys.toString());
    }

    @Test
    void whatIsRemovedFromTheMiddleLeavesBothEnds() {
        keys.add(BMS, 1, 9);
        keys.remove(BMS, 5);
        keys.remove(BMS, 77);
        keys.remove(LFL, 1);
        assertEquals("A1-S01-bms of run 1 [1..4, 6..9]", keys.toString());
        assertEquals(9, keys.last(BMS));
    }

    @Test
    void aSeriesOfWhichNothingIsLeftIsNone() {
        keys.add(BMS, 1, 2);
        keys.add(LFL, 1);
        keys.remove(LFL, 1);
        assertEquals(Set.of(BMS), keys.series());
        keys.removeAll(new Keys(keys));
        assertEquals(new Keys(), keys);
    }

    @Test
    void aRunIsForgottenWithAllItsSeries() {
        keys.add(BMS, 1);
        keys.add(LFL, 1);
        keys.add(BMS_LATER, 1);
        assertEquals(Set.of(BMS, LFL), keys.ofRuns(Set.of(1L)).series());
        keys.forget(1);
        assertEquals(Set.of(BMS_LATER), keys.series());
    }

    /**
     * The spool goes on counting while a snapshot is compared; the snapshot must stay as it was.
     */
    @Test
    void aCopyIsNoView() {
        keys.add(BMS, 1, 3);
        var copy = new Keys(keys);
        keys.add(BMS, 4);
        keys.remove(BMS, 1);
        assertEquals("A1-S01-bms of run 1 [1..3]", copy.toString());
        var sum = new Keys();
        sum.addAll(copy);
        sum.remove(BMS, 2);
        assertNotEquals(copy, sum);
        assertEquals(3, copy.count());
    }

    /** Held against sets of single numbers, which can't be wrong in the ways ranges can. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void rangesSayWhatSingleNumbersWouldSay(long seed) {
        var random = new SplittableRandom(seed);
        var plain = new TreeSet<Long>();
        var other = new Keys();
        var plainOther = new TreeSet<Long>();
        for (int step = 0; step < 400; step++) {
            long number = 1L + random.nextInt(40);
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    keys.add(BMS, number);
                    plain.add(number);
                }
                case 2 -> {
                    keys.remove(BMS, number);
                    plain.remove(number);
                }
                case 3 -> {
                    other.add(BMS, number, number + 2);
                    plainOther.addAll(List.of(number, number + 1, number + 2));
                }
                case 4 -> {
                    other.remove(BMS, number);
                    plainOther.remove(number);
                }
                default -> {
                    keys.removeAll(other);
                    plain.removeAll(plainOther);
                }
            }
            String context = "seed " + seed + " step " + step;
            assertEquals(plain.size(), keys.count(), context);
            assertEquals(plain.contains(number), keys.contains(BMS, number), context);
            long shared = plain.stream().filter(plainOther::contains).count();
            assertEquals(shared, keys.countShared(other), context);
        }
    }
}
