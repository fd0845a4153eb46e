package dev.bulkhead.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.disk.Frame;
import dev.bulkhead.agent.ledger.Keys;
import dev.bulkhead.agent.ledger.Ledger;
import dev.bulkhead.agent.ledger.Ledger.Reason;
import dev.bulkhead.agent.ledger.LedgerText;
import dev.bulkhead.agent.ledger.Series;
import dev.bulkhead.rules.site.DeviceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final Series SERIES = new Series(1, new DeviceId("A1-lfl"));
    private static final int WINDOW = 1000;

    /** Two hundred bytes a frame: five frames fill a file, and sixteen files the quota. */
    private static final int FRAME = 200;

    private static final int IN_FILE = 5;
    private static final long QUOTA = 16L * IN_FILE * FRAME;
    private static final String FIRST_FILE = "00000000000000000001.spool";

    private final List<String> findings = new ArrayList<>();
    private FaultyFolder folder = new FaultyFolder();
    private Spool spool;

    SpoolTest() throws IOException {
        spool = Spool.open(folder, QUOTA, findings);
    }

    @BeforeEach
    void aFrameIsAsLongAsTheseTestsReckon() {
        assertEquals(FRAME, Frame.encode(1, parcel(SERIES, 7).text()).length);
    }

    static Parcel parcel(Series series, long sequence) {
        String head = new Parcel(series, sequence, "").text();
        return new Parcel(series, sequence, "x".repeat(FRAME - 38 - head.length()));
    }

    private void append(long first, long last) {
        LongStream.rangeClosed(first, last)
                .forEach(sequence -> spool.append(parcel(SERIES, sequence)));
    }

    private void kill() throws IOException {
        folder = folder.afterKill();
        spool = Spool.open(folder, QUOTA, findings);
    }

    private List<Spool.Outgoing> takeAll() {
        var all = new ArrayList<Spool.Outgoing>();
        for (Optional<Spool.Outgoing> next = spool.take(WINDOW);
                next.isPresent();
                next = spool.take(WINDOW)) {
            all.add(next.get());
        }
        return all;
    }

    private static List<Long> sequences(List<Spool.Outgoing> outgoing) {
        return outgoing.stream().map(one -> one.parcel().sequence()).toList();
    }

    private Spool.Outgoing take() {
        return spool.take(WINDOW).orElseThrow();
    }

    private long takeOne() {
        return take().parcel().sequence();
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private static Keys keys(long first, long last) {
        var keys = new Keys();
        keys.add(SERIES, first, last);
        return keys;
    }

    /** What an outsider reads of it. */
    private Ledger ledger() {
        spool.settle(Instant.EPOCH);
        try {
            return LedgerText.read(folder.text(Spool.LEDGER).orElseThrow());
        } catch (LedgerText.Unreadable bug) {
            throw new AssertionError(bug);
        }
    }

    private void damage(String file, int at) {
        byte[] bytes = folder.content(file);
        bytes[at] ^= 1;
        folder.put(file, bytes);
    }

    @Test
    void samplesGoOutInTheOrderTheyWereLaidDown() {
        append(1, 23);
        List<Spool.Outgoing> all = takeAll();
        assertEquals(range(1, 23), sequences(all));
        assertEquals(parcel(SERIES, 23), all.getLast().parcel());
        assertEquals(23, spool.sent());
        assertEquals(23, spool.waiting());
    }

    @Test
    void whatIsAcknowledgedAndSettledIsNotSentAgainAfterAKill() throws IOException {
        append(1, 23);
        takeAll().stream().limit(17).forEach(one -> spool.acknowledged(one.number()));
        spool.settle(Instant.EPOCH);
        kill();
        assertEquals(range(18, 23), sequences(takeAll()));
        assertEquals(List.of(), findings);
    }

    @Test
    void whatIsNotAcknowledgedIsSentAgainAfterAKillEvenIfNothingWasSettled() throws IOException {
        append(1, 23);
        takeAll();
        kill();
        assertEquals(range(1, 23), sequences(takeAll()));
    }

    @Test
    void whatIsNotAcknowledgedIsSentAgainOverTheNextConnection() {
        append(1, 8);
        List<Spool.Outgoing> first = takeAll();
        spool.acknowledged(first.get(0).number());
        spool.acknowledged(first.get(4).number());
        assertEquals(List.of(), takeAll());
        spool.again();
        assertEquals(List.of(2L, 3L, 4L, 6L, 7L, 8L), sequences(takeAll()));
    }

    /** After an hour without a broker people look at what is now, not at an hour ago. */
    @Test
    void whatIsNewGoesBeforeWhatHasWaited() {
        append(1, 12);
        spool.again();
        assertEquals(1, takeOne());
        append(13, 14);
        assertEquals(13, takeOne());
        assertEquals(14, takeOne());
        assertEquals(2, takeOne());
        append(15, 15);
        assertEquals(15, takeOne());
        assertEquals(range(3, 12), sequences(takeAll()));
    }

    @Test
    void noMoreIsUnderWayThanTheWindowLets() {
        append(1, 9);
        List<Spool.Outgoing> sent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sent.add(spool.take(3).orElseThrow());
        }
        assertEquals(Optional.empty(), spool.take(3));
        spool.acknowledged(sent.get(1).number());
        assertEquals(4, spool.take(3).orElseThrow().parcel().sequence());
        assertEquals(Optional.empty(), spool.take(3));
    }

    /** With the read-back of what was laid down long ago, not from memory. */
    @Test
    void aLongBacklogIsReadBackFromTheDisk() throws IOException {
        spool = Spool.open(new FaultyFolder(), 1 << 20, findings);
        append(1, 1200);
        spool.again();
        assertEquals(range(1, WINDOW), sequences(takeAll()));
    }

    @Test
    void filesOfWhichAllIsAcknowledgedGoWhenTheLedgerKnowsIt() {
        append(1, 12);
        List<Spool.Outgoing> all = takeAll();
        all.stream().limit(9).forEach(one -> spool.acknowledged(one.number()));
        spool.settle(Instant.EPOCH);
        assertFalse(folder.names().contains(FIRST_FILE));
        assertEquals(3, folder.names().size(), () -> "" + folder.names());

        spool.acknowledged(all.get(9).number());
        folder.fillUpAt(0);
        spool.settle(Instant.EPOCH);
        assertEquals(3, folder.names().size(), () -> "" + folder.names());

        folder.mend();
        spool.settle(Instant.EPOCH);
        assertEquals(2, folder.names().size(), () -> "" + folder.names());
    }

    /** If more or fewer were counted, the ledger would call samples missing that nobody lost. */
    @Test
    void atTheQuotaTheOldestFileGoesAndExactlyWhatWasNotAcknowledgedIsCounted() {
        append(1, 10);
        takeAll().stream().limit(3).forEach(one -> spool.acknowledged(one.number()));
        append(11, 16 * IN_FILE);
        assertEquals(0, spool.dropped());
        append(16 * IN_FILE + 1, 17 * IN_FILE + 1);

        assertEquals(keys(4, 5), ledger().dropped(Reason.QUOTA));
        assertEquals(keys(6, 17 * IN_FILE + 1), ledger().waiting());
        assertTrue(folder.used() <= QUOTA + IN_FILE * FRAME + 1000, () -> folder.used() + " B");
        spool.again();
        assertEquals(range(6, 17 * IN_FILE + 1), sequences(takeAll()));
    }

    @Test
    void aLateAcknowledgementOfADroppedSampleMeansNothing() {
        append(1, 5);
        List<Spool.Outgoing> sent = takeAll();
        append(6, 18 * IN_FILE);
        long dropped = spool.dropped();
        long waiting = spool.waiting();
        assertTrue(dropped >= 5, dropped + " dropped");
        sent.forEach(one -> spool.acknowledged(one.number()));
        spool.acknowledged(4711);
        assertEquals(dropped, spool.dropped());
        assertEquals(waiting, spool.waiting());
        assertEquals(0, spool.sent());
    }

    @Test
    void anAcknowledgementOfTheConnectionBeforeMeansNothingUntilItIsSentAgain() {
        append(1, 1);
        Spool.Outgoing sent = takeAll().getFirst();
        spool.again();
        spool.acknowledged(sent.number());
        assertEquals(1, spool.waiting());
        assertEquals(List.of(1L), sequences(takeAll()));
    }

    @Test
    void onAFullDiskTheOldestGoCountedAndItRecovers() {
        append(1, 23);
        folder.fillUpAt(folder.used());
        append(24, 40);
        folder.mend();
        append(41, 45);

        Ledger ledger = ledger();
        Keys dropped = ledger.dropped(Reason.DISK);
        long gone = dropped.count();
        assertTrue(gone >= 17 && gone < 40, gone + " dropped");
        assertEquals(keys(1, gone), dropped);
        assertEquals(keys(gone + 1, 45), ledger.waiting());
        spool.again();
        assertEquals(range(gone + 1, 45), sequences(takeAll()));
    }

    /** With nothing older to drop it is the new one that goes, and is counted as well. */
    @Test
    void onADiskThatTakesNothingNewSamplesAreDroppedAndCounted() {
        folder.fail();
        append(1, 3);
        assertEquals(List.of(), takeAll());
        assertEquals(0, spool.waiting());
        folder.mend();
        append(4, 5);
        assertEquals(keys(1, 3), ledger().dropped(Reason.DISK));
        assertEquals(List.of(4L, 5L), sequences(takeAll()));
    }

    @Test
    void whatTheQueueDroppedIsCountedWithTheRest() {
        append(1, 1);
        spool.dropped(Reason.QUEUE, keys(2, 4));
        append(5, 5);
        Ledger ledger = ledger();
        assertEquals(keys(2, 4), ledger.dropped(Reason.QUEUE));
        assertEquals(5, ledger.sampledCount());
        assertEquals(2, ledger.waitingCount());
    }

    @Test
    void aFrameThatWasCutShortIsNoSample() throws IOException {
        append(1, 4);
        byte[] bytes = folder.content(FIRST_FILE);
        for (int cut = 1; cut < FRAME; cut += 13) {
            folder.put(FIRST_FILE, Arrays.copyOf(bytes, bytes.length - cut));
            kill();
            assertEquals(range(1, 3), sequences(takeAll()), "cut by " + cut);
            assertEquals(0, spool.dropped(), "cut by " + cut);
        }
    }

    /** Appends go into a new file, so that nothing is hidden behind what can't be read. */
    @Test
    void whatIsLaidDownAfterATornFrameIsFoundAgain() throws IOException {
        append(1, 4);
        folder.put(FIRST_FILE, Arrays.copyOf(folder.content(FIRST_FILE), 4 * FRAME - 1));
        kill();
        append(5, 6);
        kill();
        assertEquals(List.of(1L, 2L, 3L, 5L, 6L), sequences(takeAll()));
    }

    @Test
    void whatIsDamagedInAFileIsCountedAndTheOtherFilesAreSent() throws IOException {
        append(1, 12);
        takeAll().stream().limit(1).forEach(one -> spool.acknowledged(one.number()));
        spool.settle(Instant.EPOCH);
        damage(FIRST_FILE, 2 * FRAME + 100);
        kill();
        assertEquals(keys(3, 5), ledger().dropped(Reason.DAMAGED));
        assertEquals(List.of(2L, 6L, 7L, 8L, 9L, 10L, 11L, 12L), sequences(takeAll()));
    }

    /** Else its samples would wait, unsent and uncounted, until the next start. */
    @Test
    void whatIsDamagedWhileItRunsIsCountedAtOnceAndTheOtherFilesAreSent() throws IOException {
        append(1, 12);
        kill();
        assertEquals(1, takeOne());
        damage(FIRST_FILE, 2 * FRAME + 100);
        assertEquals(List.of(2L, 6L, 7L, 8L, 9L, 10L, 11L, 12L), sequences(takeAll()));
        assertEquals(keys(3, 5), ledger().dropped(Reason.DAMAGED));
        assertEquals(9, spool.waiting());
    }

    /** The broker may have it: only a lost connection tells that it has to be sent again. */
    @Test
    void whatIsUnderWayIsNotCalledLostWhileItsFileIs() throws IOException {
        append(1, 12);
        kill();
        List<Spool.Outgoing> sent = List.of(take(), take(), take(), take());
        damage(FIRST_FILE, 2 * FRAME + 100);
        spool.acknowledged(sent.get(3).number());
        spool.again();
        assertEquals(List.of(1L, 2L, 6L), List.of(takeOne(), takeOne(), takeOne()));
        assertEquals(2, spool.dropped());
    }

    @Test
    void aDamagedFileThatIsWrittenToEndsAndTheNextOneBegins() throws IOException {
        append(1, 2);
        kill();
        append(3, 4);
        spool.again();
        String file = "%020d.spool".formatted(3);
        damage(file, 100);
        assertEquals(List.of(1L, 2L, 3L, 4L), sequences(takeAll()), "from memory");
        spool.again();
        append(5, 5);
        assertEquals(5, spool.waiting());
    }

    /** A quota that is reached must not lose count of what can't be read. */
    @Test
    void whatCannotBeReadIsCountedAsWellWhenItsFileIsDropped() throws IOException {
        append(1, 10);
        kill();
        damage(FIRST_FILE, 2 * FRAME + 100);
        append(11, 17 * IN_FILE + 1);
        assertEquals(keys(1, 5), ledger().dropped(Reason.QUOTA));
    }

    @Test
    void aFileThatIsGoneIsCounted() throws IOException {
        append(1, 12);
        spool.settle(Instant.EPOCH);
        folder.delete(FIRST_FILE);
        kill();
        assertEquals(keys(1, 5), ledger().dropped(Reason.DAMAGED));
        assertEquals(range(6, 12), sequences(takeAll()));
    }

    /**
     * What was dropped after the ledger was written last is in no file and in no ledger; the later
     * numbers of its device show that it was there. Without this a kill on a full disk would make
     * samples missing for no reason.
     */
    @Test
    void aGapThatAKillLeavesInWhatTheLedgerDoesNotKnowYetIsCounted() throws IOException {
        append(1, 2);
        takeAll().forEach(one -> spool.acknowledged(one.number()));
        spool.settle(Instant.EPOCH);
        folder.fail();
        append(3, 6);
        folder.mend();
        append(7, 8);
        assertEquals(4, spool.dropped());
        kill();
        assertEquals(keys(3, 6), ledger().dropped(Reason.DAMAGED));
        assertEquals(List.of(7L, 8L), sequences(takeAll()));
    }

    @Test
    void aLedgerThatCannotBeReadIsSaidAndBegunAnew() throws IOException {
        append(1, 8);
        takeAll().stream().limit(6).forEach(one -> spool.acknowledged(one.number()));
        spool.settle(Instant.EPOCH);
        folder.put(Spool.LEDGER, "{\"version\":1,\"ru".getBytes(StandardCharsets.UTF_8));
        kill();
        assertEquals(1, findings.size());
        assertTrue(
                findings.getFirst()
                        .startsWith("ledger.json can't be read and is begun anew from what lies"),
                findings.getFirst());
        // The first file was let go of; sending what may have been sent is better than losing it.
        assertEquals(range(6, 8), sequences(takeAll()));
        assertEquals(0, spool.dropped());
        assertEquals(8, ledger().sampledCount());
    }

    @Test
    void otherFilesInTheFolderAreLeftAlone() throws IOException {
        byte[] note = "not a spool's".getBytes(StandardCharsets.UTF_8);
        folder.put("1.spool", note);
        folder.put("README", note);
        folder.put("99999999999999999999.spool", note);
        append(1, 1);
        kill();
        assertEquals(List.of(1L), sequences(takeAll()));
        assertEquals("not a spool's", folder.text("1.spool").orElseThrow());
        assertEquals("not a spool's", folder.text("README").orElseThrow());
    }

    @Test
    void theNextRunGoesOnBesideWhatIsLeftOfTheOneBefore() throws IOException {
        append(1, 3);
        spool.settle(Instant.EPOCH);
        spool.close();
        kill();
        var later = new Series(2, SERIES.device());
        spool.append(parcel(later, 1));
        spool.again();
        List<Spool.Outgoing> all = takeAll();
        assertEquals(List.of(1L, 2L, 3L, 1L), sequences(all));
        assertEquals(later, all.getLast().parcel().series());
        all.forEach(one -> spool.acknowledged(one.number()));
        assertEquals(0, spool.waiting());
        assertEquals(4, ledger().sampledCount());
    }

    @Test
    void onARealDiskItIsTheSame(@TempDir Path real) throws IOException {
        var onDisk = new SpoolFolder.OnDisk(real);
        spool = Spool.open(onDisk, QUOTA, findings);
        append(1, 23);
        takeAll().stream().limit(17).forEach(one -> spool.acknowledged(one.number()));
        spool.settle(Instant.EPOCH);
        spool.close();
        spool = Spool.open(onDisk, QUOTA, findings);
        assertEquals(range(18, 23), sequences(takeAll()));
        spool.close();
        assertEquals(List.of(), findings);
        assertTrue(onDisk.text(Spool.LEDGER).orElseThrow().contains("[[18,23]]"));
    }
}
