package dev.bulkhead.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.disk.Disk;
import dev.bulkhead.agent.disk.FaultyDisk;
import dev.bulkhead.agent.disk.Frame;
import dev.bulkhead.agent.journal.Journal.Result;
import dev.bulkhead.agent.journal.JournalFile.Opening;
import dev.bulkhead.rules.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest extends JournalContract {
    private static final int RESERVE = 64 << 10;
    private static final List<List<Event>> APPENDS =
            List.of(
                    new ExampleEvents(1).some(1),
                    new ExampleEvents(2).some(3),
                    new ExampleEvents(3).some(2));

    @TempDir private Path folder;
    private final FaultyDisk disk = new FaultyDisk();

    @Override
    Journal reopened() throws IOException {
        return opened(disk).journal();
    }

    @Override
    List<Event> past() throws IOException {
        Opening.Opened opened = opened(disk);
        assertEquals(List.of(), opened.findings());
        return opened.past();
    }

    @Override
    void full(boolean isFull) {
        if (isFull) {
            disk.failAfterWrites(0);
        } else {
            disk.mend();
        }
    }

    private static Opening.Opened opened(Disk disk) throws IOException {
        return JournalFile.open("journal", disk, () -> {}, RESERVE);
    }

    private static Opening.Opened opened(Path path) {
        return assertInstanceOf(Opening.Opened.class, JournalFile.open(path, RESERVE));
    }

    /** Where the bytes of a journal end and its reserve begins. */
    private static int written(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static List<Event> all(List<List<Event>> appends) {
        return appends.stream().flatMap(List::stream).toList();
    }

    /** A journal's bytes after these appends, and where the last of them begins. */
    private static final class Sample {
        private final byte[] content;
        private final int lastStart;

        Sample(List<List<Event>> appends) throws IOException {
            var disk = new FaultyDisk();
            var journal = opened(disk).journal();
            int start = 0;
            for (List<Event> events : appends) {
                start = written(disk.content());
                journal.append(events);
            }
            content = disk.content();
            lastStart = start;
        }

        byte[] content() {
            return content.clone();
        }

        int lastStart() {
            return lastStart;
        }

        int end() {
            return written(content);
        }
    }

    @Test
    void aRealFileComesBackAndCanBeReadWhileItIsWritten() throws IOException {
        Path path = folder.resolve("made/journal");
        try (JournalFile journal = opened(path).journal()) {
            assertEquals(new Result.Durable(1), journal.append(APPENDS.get(0)));
            assertEquals(new Result.Durable(4), journal.append(APPENDS.get(1)));
            var seen = JournalFile.read(path);
            assertEquals(all(APPENDS.subList(0, 2)), seen.events());
            assertEquals(List.of(), seen.findings());
        }
        Opening.Opened again = opened(path);
        assertEquals(all(APPENDS.subList(0, 2)), again.past());
        assertEquals(List.of(), again.findings());
        again.journal().close();
        assertTrue(Files.readString(path).startsWith("bulkhead-journal 1\nE 0"));
    }

    @Test
    void aSecondAgentOnTheSameJournalIsRefused() throws IOException {
        Path path = folder.resolve("journal");
        Path otherName = folder.resolve("other-name");
        JournalFile first = opened(path).journal();
        Files.createSymbolicLink(otherName, path);
        for (Path name : List.of(path, otherName)) {
            var refused = assertInstanceOf(Opening.Refused.class, JournalFile.open(name, RESERVE));
            assertTrue(refused.why().contains("already open"), refused.why());
        }
        assertEquals(new Result.Durable(1), first.append(APPENDS.get(0)));
        first.close();
        opened(otherName).journal().close();
    }

    @Test
    void aPlaceThatCannotBeWrittenIsRefusedWithItsName() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        var refused =
                assertInstanceOf(
                        Opening.Refused.class, JournalFile.open(file.resolve("journal"), RESERVE));
        assertTrue(refused.why().contains("file/journal"), refused.why());
    }

    @Test
    void anotherFileIsNeverTakenForAJournal() throws IOException {
        for (String text : List.of("site: pangyo\n", "bulkhead-journal 2\nwhatever\n")) {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            var foreign = new FaultyDisk(content);
            Opening.Opened opened = opened(foreign);
            assertTrue(opened.damage().isPresent(), text);
            assertInstanceOf(Result.Failed.class, opened.journal().append(APPENDS.get(0)));
            assertTrue(Arrays.equals(content, foreign.content()), "not a byte of it is touched");
        }
    }

    @Test
    void aCrashWhileTheFileIsMadeLeavesAFileThatCanBeBegun() throws IOException {
        for (int length = 0; length < Scan.HEADER.length(); length++) {
            byte[] begun =
                    Arrays.copyOf(
                            Scan.HEADER.substring(0, length).getBytes(StandardCharsets.US_ASCII),
                            length + 7);
            Opening.Opened opened = opened(new FaultyDisk(begun));
            assertEquals(List.of(), opened.findings());
            assertEquals(new Result.Durable(1), opened.journal().append(APPENDS.get(0)));
        }
    }

    @Test
    void aLastWriteCutAtAnyByteIsDroppedAndSaid() throws IOException {
        Sample sample = new Sample(APPENDS);
        List<Event> before = all(APPENDS.subList(0, 2));
        for (int cut = sample.lastStart(); cut < sample.end(); cut++) {
            byte[] file = Arrays.copyOf(sample.content(), cut);
            byte[] zeros = Arrays.copyOf(file, sample.content().length);
            for (byte[] content : List.of(file, zeros)) {
                var disk = new FaultyDisk(content);
                Opening.Opened opened = opened(disk);
                assertEquals(before, opened.past(), "cut at " + cut);
                assertEquals(cut > sample.lastStart() ? 1 : 0, opened.findings().size());
                assertTrue(opened.damage().isEmpty(), "cut at " + cut);
                assertEquals(new Result.Durable(6), opened.journal().append(APPENDS.get(2)));
                Opening.Opened again = opened(disk);
                assertEquals(all(APPENDS), again.past(), "cut at " + cut);
                assertEquals(List.of(), again.findings());
            }
        }
    }

    @Test
    void aByteThatChangedIsNeverOverlookedAndNothingBehindItIsRead() throws IOException {
        Sample sample = new Sample(APPENDS);
        var random = new SplittableRandom(7);
        for (int at = 0; at < sample.end(); at++) {
            byte[] content = sample.content();
            byte[] flipped = content.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(7));
            var disk = new FaultyDisk(flipped);
            Opening.Opened opened = opened(disk);
            assertEquals(
                    all(APPENDS).subList(0, opened.past().size()), opened.past(), "byte " + at);
            assertTrue(opened.past().size() < 6, "byte " + at);
            if (flipped[at] != 0) {
                assertTrue(opened.damage().isPresent(), "byte " + at + ": " + opened.findings());
                assertInstanceOf(Result.Failed.class, opened.journal().append(APPENDS.get(0)));
                assertTrue(Arrays.equals(flipped, disk.content()), "byte " + at + ": touched");
            }
        }
    }

    @Test
    void aSectorLostInTheMiddleStopsRecoveryThereAndSaysWhatFollows() throws IOException {
        Sample sample = new Sample(APPENDS);
        byte[] content = sample.content();
        int middle = written(new Sample(APPENDS.subList(0, 1)).content());
        Arrays.fill(content, middle, middle + 60, (byte) 0);
        Opening.Opened opened = opened(new FaultyDisk(content));
        assertEquals(APPENDS.get(0), opened.past());
        String damage = opened.damage().orElse("");
        assertTrue(damage.contains("entry 2 at byte " + middle), damage);
        assertTrue(damage.contains("from entry 5 on"), damage);
    }

    @Test
    void anEntryThatIsMissingIsNoticedThoughEveryChecksumIsRight() throws IOException {
        byte[] content = new Sample(APPENDS).content();
        int second = written(new Sample(APPENDS.subList(0, 1)).content());
        int third = written(new Sample(APPENDS.subList(0, 2)).content());
        System.arraycopy(content, third, content, second, content.length - third);
        Opening.Opened opened = opened(new FaultyDisk(content));
        assertEquals(APPENDS.get(0), opened.past());
        String damage = opened.damage().orElse("");
        assertTrue(damage.contains("comes entry 5 where entry 2 was expected"), damage);
    }

    @Test
    void anEventOfANewerProgramStopsRecoveryWithItsNumber() throws IOException {
        var disk = new FaultyDisk();
        opened(disk).journal().append(APPENDS.get(1));
        byte[] newer = Frame.encode(4, "[{\"is\":\"Ventilated\",\"at\":\"2022-10-15T06:19:00Z\"}]");
        disk.write(written(disk.content()), newer);
        Opening.Opened opened = opened(disk);
        assertEquals(APPENDS.get(1), opened.past());
        String damage = opened.damage().orElse("");
        assertTrue(damage.contains("entry 4: 'Ventilated'"), damage);
    }

    @Test
    void theReserveCarriesTheJournalOnAfterOthersFilledTheDisk() throws IOException {
        var disk = new FaultyDisk();
        JournalFile journal = opened(disk).journal();
        disk.fillUpAt((int) disk.size());
        List<Event> acknowledged = new ArrayList<>();
        List<Event> events = APPENDS.get(0);
        while (journal.append(events) instanceof Result.Durable) {
            acknowledged.addAll(events);
        }
        int used = written(disk.content());
        assertTrue(used > RESERVE - 4096, used + " of " + RESERVE + " bytes used");
        assertEquals(acknowledged, opened(disk).past());

        disk.mend();
        assertInstanceOf(Result.Durable.class, journal.append(events));
        acknowledged.addAll(events);
        assertEquals(acknowledged, opened(disk).past());
    }

    @Test
    void aReserveThatCannotBeSetAsideIsSaidAtStart() throws IOException {
        var disk = new FaultyDisk();
        disk.fillUpAt(1000);
        Opening.Opened opened = opened(disk);
        assertTrue(
                opened.findings().getFirst().contains("981 of 65536"), opened.findings()::toString);
    }

    @Test
    void anAppendWhoseSyncFailedIsNotAcknowledgedAndLeavesNoTrace() throws IOException {
        var disk = new FaultyDisk();
        JournalFile journal = opened(disk).journal();
        journal.append(APPENDS.get(0));
        disk.failAfterSyncs(0);
        assertInstanceOf(Result.Failed.class, journal.append(APPENDS.get(1)));
        disk.mend();
        assertEquals(new Result.Durable(3), journal.append(APPENDS.get(2)));
        Opening.Opened again = opened(disk);
        assertEquals(all(List.of(APPENDS.get(0), APPENDS.get(2))), again.past());
        assertEquals(List.of(), again.findings());
    }
}
