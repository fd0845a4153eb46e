package dev.bulkhead.agent.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.ledger.Ledger.Reason;
import dev.bulkhead.rules.site.DeviceId;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Series BMS = new Series(1, new DeviceId("A1-S01-bms"));

    private final Ledger ledger = new Ledger();

    private static Series ofRun(long run) {
        return new Series(run, new DeviceId("A1-S01-bms"));
    }

    @Test
    void aSampleWaitsFromTheSpoolToItsAcknowledgement() {
        ledger.spooled(BMS, 1);
        ledger.spooled(BMS, 2);
        assertTrue(ledger.isWaiting(BMS, 1));
        ledger.acknowledged(BMS, 1);
        assertFalse(ledger.isWaiting(BMS, 1));
        assertEquals(1, ledger.waitingCount());
        assertEquals(2, ledger.sampledCount());
        assertEquals(0, ledger.droppedCount());
    }

    @Test
    void aDroppedSampleWaitsNoMoreAndIsCountedForOneReason() {
        ledger.spooled(BMS, 1);
        ledger.dropped(Reason.QUOTA, BMS, 1);
        ledger.dropped(Reason.DISK, BMS, 2);
        assertEquals(0, ledger.waitingCount());
        assertEquals(2, ledger.sampledCount());
        assertEquals(2, ledger.droppedCount());
        assertTrue(ledger.dropped(Reason.QUOTA).contains(BMS, 1));
        assertTrue(ledger.dropped(Reason.DISK).contains(BMS, 2));
        assertEquals(0, ledger.dropped(Reason.DAMAGED).count());
    }

    @Test
    void samplesTheQueueHadNoRoomForWereSampledAllTheSame() {
        var keys = new Keys();
        keys.add(BMS, 4, 6);
        ledger.spooled(BMS, 3);
        ledger.neverSpooled(Reason.QUEUE, keys);
        assertEquals(Map.of(BMS, 6L), ledger.sampled());
        assertEquals(1, ledger.waitingCount());
        assertEquals(3, ledger.dropped(Reason.QUEUE).count());
    }

    @Test
    void whatIsTakenFromALedgerDoesNotChangeWithIt() {
        ledger.spooled(BMS, 1);
        Keys waiting = ledger.waiting();
        Map<Series, Long> sampled = ledger.sampled();
        ledger.spooled(BMS, 2);
        assertEquals(1, waiting.count());
        assertEquals(Map.of(BMS, 1L), sampled);
    }

    @Test
    void aRunIsShownByItself() {
        ledger.spooled(ofRun(1), 1);
        ledger.dropped(Reason.DISK, ofRun(1), 2);
        ledger.spooled(ofRun(2), 1);
        Ledger second = ledger.ofRuns(Set.of(2L));
        assertEquals(Set.of(2L), second.runs());
        assertEquals(1, second.sampledCount());
        assertEquals(1, second.waitingCount());
        assertEquals(0, second.droppedCount());
        assertEquals(1, ledger.ofRuns(Set.of(1L)).droppedCount());
    }

    /** Without this the ledger would grow with every restart for as long as the agent is there. */
    @Test
    void theOldestRunsAreForgottenOnceNothingOfThemWaits() {
        for (long run = 1; run <= 100; run++) {
            ledger.spooled(ofRun(run), 1);
            ledger.acknowledged(ofRun(run), 1);
            ledger.dropped(Reason.QUOTA, ofRun(run), 2);
        }
        assertEquals(64, ledger.runs().size());
        assertEquals(37, ledger.runs().getFirst());
        assertEquals(64, ledger.droppedCount());
    }

    /** A broker that was away over many restarts is no reason to keep all of them for ever. */
    @Test
    void whatCouldNotBeForgottenWhenARunBeganIsAtALaterOne() {
        for (long run = 1; run <= 70; run++) {
            ledger.spooled(ofRun(run), 1);
        }
        assertEquals(70, ledger.runs().size());
        for (long run = 1; run <= 70; run++) {
            ledger.acknowledged(ofRun(run), 1);
        }
        ledger.spooled(ofRun(71), 1);
        assertEquals(64, ledger.runs().size());
        assertEquals(8, ledger.runs().getFirst());
        assertEquals(ledger.runs(), ledger.ofRuns(ledger.runs()).runs());
    }

    /**
     * An agent that is restarted again and again while the broker is away must not forget that
     * samples of its first run still lie in the spool: forgotten, they would never be sent.
     */
    @Test
    void aRunOfWhichSamplesWaitIsNotForgotten() {
        ledger.spooled(ofRun(1), 1);
        for (long run = 2; run <= 100; run++) {
            ledger.spooled(ofRun(run), 1);
            ledger.acknowledged(ofRun(run), 1);
        }
        assertTrue(ledger.isWaiting(ofRun(1), 1));
        assertEquals(64, ledger.runs().size());
    }
}
