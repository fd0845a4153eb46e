package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.journal.MemoryJournal;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.IntentId;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.simulator.plant.Occurrence;
import dev.bulkhead.simulator.score.Outcome;
import dev.bulkhead.simulator.score.RunRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The agent dies at every record of its journal, just before and just after the record is durable.
 * It comes back, and no command is repeated blindly and none is forgotten (promise 7).
 */
class CrashFaultTest {
    private static final long SEED = 3;

    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    Stream<DynamicTest> aCrashAtAnyRecordRepeatsNoCommandAndForgetsNone() {
        var undisturbed = new MemoryJournal();
        Stages.campaign(Stages.brief("two-rooms/cell-short"), SEED, undisturbed).play();
        return LongStream.rangeClosed(1, undisturbed.lastSequence())
                .boxed()
                .flatMap(
                        entry ->
                                Stream.of(MemoryJournal.Moment.values())
                                        .map(
                                                moment ->
                                                        DynamicTest.dynamicTest(
                                                                entry + " " + moment,
                                                                () -> crash(entry, moment))));
    }

    private static void crash(long entry, MemoryJournal.Moment moment) {
        var journal = new MemoryJournal();
        journal.crashAt(entry, moment);
        Campaign campaign = Stages.campaign(Stages.brief("two-rooms/cell-short"), SEED, journal);

        RunRecord run = campaign.play();

        assertEquals(1, campaign.restarts(), "it died once");
        assertEquals(Outcome.ISOLATED, run.outcome(), () -> String.join("\n", journal.lines()));
        noActIsUsedTwice(journal.past());
        noBreakerIsCommandedAgainUnread(journal.past());
        eachBreakerOpenedOnce(campaign);
    }

    private static void noActIsUsedTwice(List<Event> past) {
        Set<IntentId> seen = new HashSet<>();
        for (Event event : past) {
            if (event instanceof Event.Intended intended) {
                assertTrue(seen.add(intended.intent()), "used twice: " + intended);
            }
        }
    }

    /**
     * Between two commands to one breaker its position was read, or the first surely never went.
     */
    private static void noBreakerIsCommandedAgainUnread(List<Event> past) {
        var unread = new TreeMap<BreakerId, Event>();
        for (Event event : past) {
            switch (event) {
                case Event.Intended intended ->
                        assertEquals(
                                null,
                                unread.put(intended.breaker(), intended),
                                "commanded again without having been read: " + intended);
                case Event.StepConfirmed read -> unread.remove(read.breaker());
                case Event.StepFound read -> unread.remove(read.breaker());
                case Event.StepFailed failed when !failed.mayHaveMoved() ->
                        unread.remove(failed.breaker());
                default -> {}
            }
        }
    }

    private static void eachBreakerOpenedOnce(Campaign campaign) {
        var opened = new TreeMap<String, Integer>();
        for (Occurrence occurrence : campaign.plant().occurrences()) {
            if (occurrence.kind() == Occurrence.Kind.BREAKER_OPENED) {
                opened.merge(occurrence.subject(), 1, Integer::sum);
            }
        }
        assertEquals(6, opened.size(), "" + opened);
        opened.forEach((breaker, times) -> assertEquals(1, times, breaker));
    }
}
