package dev.bulkhead.agent.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.ledger.Account.Stored;
import dev.bulkhead.agent.ledger.Ledger.Reason;
import dev.bulkhead.rules.site.DeviceId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountTest {
    private static final Series BMS = new Series(1, new DeviceId("A1-S01-bms"));
    private static final Series LFL = new Series(1, new DeviceId("A1-lfl"));

    private final Ledger ledger = new Ledger();
    private final Keys stored = new Keys();

    private void acknowledged(Series series, long first, long last) {
        for (long sequence = first; sequence <= last; sequence++) {
            ledger.spooled(series, sequence);
            ledger.acknowledged(series, sequence);
        }
    }

    private Account account(long duplicated) {
        return Account.of(ledger, new Stored(stored, duplicated));
    }

    @Test
    void whatIsAllThereOnceIsWhole() {
        acknowledged(BMS, 1, 1000);
        acknowledged(LFL, 1, 500);
        stored.add(BMS, 1, 1000);
        stored.add(LFL, 1, 500);
        Account account = account(0);
        assertEquals(1500, account.sampled());
        assertEquals(1500, account.stored());
        assertEquals(0, account.droppedCount());
        assertTrue(account.isWhole());
    }

    /**
     * The account is there to find this: if one in a thousand went unseen, a hole in the record of
     * a fire would look like a device that had nothing to say.
     */
    @Test
    void oneSampleLostAndOneRepeatedIsExactlyOneMissingAndOneDuplicated() {
        acknowledged(BMS, 1, 1000);
        acknowledged(LFL, 1, 500);
        stored.add(BMS, 1, 776);
        stored.add(BMS, 778, 1000);
        stored.add(LFL, 1, 500);
        Account account = account(1);
        var missing = new Keys();
        missing.add(BMS, 777);
        assertEquals(missing, account.missing());
        assertEquals(1, account.duplicated());
        assertEquals(1499, account.stored());
        assertFalse(account.isWhole());
    }

    @Test
    void aSampleRepeatedIsNotWholeEvenIfNoneIsMissing() {
        acknowledged(BMS, 1, 3);
        stored.add(BMS, 1, 3);
        assertFalse(account(1).isWhole());
    }

    /** Stored, else waiting, else dropped, else missing: what counted twice would hide a loss. */
    @Test
    void eachSampleCountsOnceAtTheFirstPlaceItIsFound() {
        acknowledged(BMS, 1, 1);
        ledger.spooled(BMS, 2);
        ledger.spooled(BMS, 3);
        ledger.dropped(Reason.QUOTA, BMS, 4);
        ledger.dropped(Reason.QUOTA, BMS, 5);
        ledger.dropped(Reason.DISK, BMS, 6);
        acknowledged(BMS, 7, 8);
        // The acknowledgements of 2 and 4 were lost on the way back.
        for (long sequence : List.of(1L, 2L, 4L, 7L)) {
            stored.add(BMS, sequence);
        }
        Account account = account(0);
        assertEquals(8, account.sampled());
        assertEquals(4, account.stored());
        assertEquals(1, account.waiting());
        assertEquals(
                Map.of("queue", 0L, "quota", 1L, "disk", 1L, "damaged", 0L), account.dropped());
        assertEquals("A1-S01-bms of run 1 [8]", account.missing().toString());
    }

    @Test
    void whatTheStoreHasOfOthersIsNotOurs() {
        acknowledged(BMS, 1, 2);
        stored.add(BMS, 1, 5);
        stored.add(LFL, 1, 5);
        stored.add(new Series(2, BMS.device()), 1, 5);
        Account account = account(0);
        assertEquals(2, account.stored());
        assertTrue(account.isWhole());
    }
}
