package dev.bulkhead.agent.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.ledger.Ledger.Reason;
import dev.bulkhead.rules.site.DeviceId;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTextTest {
    private static final Series BMS = new Series(1_764_108_000_000L, new DeviceId("A1-S01-bms"));
    private static final Series LATER = new Series(1_764_109_000_000L, new DeviceId("A1-S01-bms"));
    private static final Series ODD = new Series(1_764_109_000_000L, new DeviceId("\"랙\" 1/2"));

    private static Ledger example() {
        var ledger = new Ledger();
        for (long sequence = 1; sequence <= 20; sequence++) {
            ledger.spooled(BMS, sequence);
        }
        for (long sequence = 3; sequence <= 9; sequence++) {
            ledger.acknowledged(BMS, sequence);
        }
        ledger.dropped(Reason.QUOTA, BMS, 1);
        ledger.dropped(Reason.DISK, BMS, 21);
        ledger.dropped(Reason.DISK, BMS, 23);
        ledger.spooled(LATER, 1);
        ledger.spooled(ODD, 1);
        ledger.acknowledged(ODD, 1);
        var lost = new Keys();
        lost.add(BMS, 2);
        ledger.droppedAll(Reason.DAMAGED, lost);
        var overflown = new Keys();
        overflown.add(LATER, 2, 5);
        ledger.neverSpooled(Reason.QUEUE, overflown);
        return ledger;
    }

    @Test
    void aLedgerIsReadAsItWasWritten() throws LedgerText.Unreadable {
        Ledger ledger = example();
        Ledger read = LedgerText.read(LedgerText.write(ledger, Optional.empty()));
        assertEquals(ledger.sampled(), read.sampled());
        assertEquals(ledger.waiting(), read.waiting());
        for (Reason reason : Reason.values()) {
            assertEquals(ledger.dropped(reason), read.dropped(reason), reason.name());
        }
        assertEquals(
                LedgerText.write(ledger, Optional.empty()),
                LedgerText.write(read, Optional.empty()));
    }

    @Test
    void aNewLedgerIsReadAsOne() throws LedgerText.Unreadable {
        assertEquals(
                0,
                LedgerText.read(LedgerText.write(new Ledger(), Optional.empty())).sampledCount());
    }

    /** Others read this file too, so its form is a promise. */
    @Test
    void theFormIsTheOneThatIsDocumented() {
        var ledger = new Ledger();
        for (long sequence = 1; sequence <= 7; sequence++) {
            ledger.spooled(new Series(17, new DeviceId("A1-lfl")), sequence);
        }
        ledger.acknowledged(new Series(17, new DeviceId("A1-lfl")), 4);
        ledger.dropped(Reason.QUOTA, new Series(17, new DeviceId("A1-lfl")), 1);
        assertEquals(
                "{\"version\":1,\"runs\":[{\"run\":17,\"sampled\":{\"A1-lfl\":7},"
                        + "\"waiting\":{\"A1-lfl\":[[2,3],[5,7]]},"
                        + "\"dropped\":{\"quota\":{\"A1-lfl\":[[1,1]]}}}]}",
                LedgerText.write(ledger, Optional.empty()));
        assertEquals(
                "{\"version\":1,\"asOf\":\"2025-11-25T22:00:07.123Z\",\"runs\":[]}",
                LedgerText.write(
                        new Ledger(), Optional.of(Instant.parse("2025-11-25T22:00:07.123Z"))));
    }

    @Test
    void whenItWasSoIsReadWhereItIsSaid() throws LedgerText.Unreadable {
        Instant at = Instant.parse("2025-11-25T22:00:07.123Z");
        LedgerText.Dated dated = LedgerText.readDated(LedgerText.write(example(), Optional.of(at)));
        assertEquals(Optional.of(at), dated.asOf());
        assertEquals(example().sampled(), dated.ledger().sampled());
        assertEquals(
                Optional.empty(),
                LedgerText.readDated(LedgerText.write(example(), Optional.empty())).asOf());
    }

    /** An agent that throws on such a file never starts again until a person deletes it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "ledger",
                "[]",
                "{}",
                "{\"version\":2,\"runs\":[]}",
                "{\"version\":1}",
                "{\"version\":1,\"runs\":[null]}",
                "{\"version\":1,\"asOf\":\"yesterday\",\"runs\":[]}",
                "{\"version\":1,\"runs\":[{\"run\":1}]}",
                "{\"version\":1,\"runs\":[{\"run\":1,\"sampled\":{\"a\":1},\"waiting\":{},"
                        + "\"dropped\":{\"boredom\":{}}}]}",
                "{\"version\":1,\"runs\":[{\"run\":1,\"sampled\":{\"a\":1},\"waiting\":{\"a\":[[1]]},"
                        + "\"dropped\":{}}]}",
                "{\"version\":1,\"runs\":[{\"run\":1,\"sampled\":{\"a\":1},\"waiting\":{\"a\":[[1,null]]},"
                        + "\"dropped\":{}}]}",
                "{\"version\":1,\"runs\":[{\"run\":1,\"sampled\":{\"a\":null},\"waiting\":{},"
                        + "\"dropped\":{}}]}",
                "{\"version\":1,\"runs\":[{\"run\":1,\"sampled\":{\"a\":1},\"waiting\":[],"
                        + "\"dropped\":{}}]}"
            })
    void whatIsNoLedgerIsUnreadableAndNothingElse(String text) {
        var unreadable =
                assertThrows(LedgerText.Unreadable.class, () -> LedgerText.read(text), text);
        assertTrue(String.valueOf(unreadable.getMessage()).startsWith("no ledger"));
    }

    @Test
    void noBeginningOfALedgerIsTakenForAWholeOne() {
        String whole = LedgerText.write(example(), Optional.empty());
        for (int length = 0; length < whole.length(); length++) {
            String part = whole.substring(0, length);
            assertThrows(LedgerText.Unreadable.class, () -> LedgerText.read(part), part);
        }
    }
}
