package dev.bulkhead.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.disk.FaultyDisk;
import dev.bulkhead.agent.journal.Journal.Result;
import dev.bulkhead.agent.journal.JournalFile.Opening;
import dev.bulkhead.rules.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JournalFilePropertyTest {
    private static final int RUNS = 6;
    private static final int RESERVE = 16 << 10;

    static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= 150; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    /**
     * If this fails, an agent that restarts in a fire doesn't know which breakers it has commanded.
     * A power cut may come at any moment, keep any sectors of the last write, and follow on a disk
     * that was full or failed; then what is recovered is what was acknowledged, followed at most by
     * one append that nobody was told of.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasAcknowledgedIsRecoveredInOrderWhateverTheDiskDid(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        List<Event> expected = List.of();
        var disk = new FaultyDisk();
        for (int run = 1; run <= RUNS; run++) {
            Opening.Opened opened = JournalFile.open("journal", disk, () -> {}, RESERVE);
            String context = "seed " + seed + " run " + run + " " + opened.findings();
            assertTrue(opened.damage().isEmpty(), context);
            assertEquals(expected, opened.past(), context);

            List<Event> acknowledged = new ArrayList<>(expected);
            List<Event> untold = List.of();
            for (int append = random.nextInt(12); append > 0; append--) {
                breakSomething(disk, random);
                List<Event> events =
                        new ExampleEvents(random.nextLong()).some(1 + random.nextInt(4));
                switch (opened.journal().append(events)) {
                    case Result.Durable(long sequence) -> {
                        acknowledged.addAll(events);
                        assertEquals(acknowledged.size(), sequence, context);
                        untold = List.of();
                    }
                    case Result.Failed _ -> untold = events;
                }
                disk.mend();
            }
            disk = disk.afterPowerCut(random);
            expected = recovered(disk, acknowledged, untold, context);
        }
    }

    private static void breakSomething(FaultyDisk disk, SplittableRandom random) {
        switch (random.nextInt(6)) {
            case 0 -> disk.failAfterWrites(random.nextInt(2));
            case 1 -> disk.failAfterSyncs(random.nextInt(2));
            case 2 -> disk.fillUpAt((int) disk.size());
            default -> disk.mend();
        }
    }

    private static List<Event> recovered(
            FaultyDisk disk, List<Event> acknowledged, List<Event> untold, String context)
            throws IOException {
        Scan scan = Scan.of(disk);
        assertTrue(scan.damage().isEmpty(), () -> context + scan.damage());
        List<Event> withUntold = new ArrayList<>(acknowledged);
        withUntold.addAll(untold);
        boolean isUntoldKept = scan.past().size() > acknowledged.size();
        assertEquals(isUntoldKept ? withUntold : acknowledged, scan.past(), context);
        return scan.past();
    }
}
