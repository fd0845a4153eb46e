package dev.bulkhead.rules.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestBoard;
import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.signal.SignalTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ConditionsPropertyTest {
    private static final SignalTable SIGNALS = TestSites.signals("two-rooms");
    private static final Conditions CONDITIONS =
            Conditions.compile(
                    PackFile.parse("p", pack()).orElseThrow(),
                    TestSites.site("two-rooms"),
                    SIGNALS);

    private static String pack() {
        var text = new StringBuilder("pack: p\nconditions:\n");
        for (String limit : List.of("20.0", "30.0", "40.0")) {
            text.append(
                    """
                      - id: over-%s
                        of: room
                        when: room.lfl >= %s
                        samples: 2
                        priority: low
                        latching: false
                        title: T
                        guidance: G
                    """
                            .formatted(limit, limit));
        }
        return text.toString();
    }

    /** One step of a gas detector that may fall silent. */
    private static void wander(TestBoard board, SplittableRandom random) {
        board.pass(Duration.ofSeconds(random.nextInt(1, 40)));
        switch (random.nextInt(6)) {
            case 0 -> board.silence("A1-lfl.reading");
            case 1 -> board.invalidate(board.signal("A1-lfl.reading"));
            default -> board.measure("A1-lfl.reading", random.nextInt(10, 50));
        }
    }

    @Test
    void aHigherLimitIsNeverBreachedWhileALowerOneIsClear() {
        for (long seed = 1; seed <= 200; seed++) {
            var random = new SplittableRandom(seed);
            var board = new TestBoard(SIGNALS);
            Memory memory = CONDITIONS.memory();
            Map<String, Verdict> verdicts = new TreeMap<>();
            for (int turn = 0; turn < 60; turn++) {
                wander(board, random);
                CONDITIONS
                        .judge(memory, board, board.turn())
                        .forEach(
                                judged ->
                                        verdicts.put(
                                                judged.condition().id().value(), judged.verdict()));
                List<Verdict> byLimit = List.copyOf(verdicts.values());
                for (int limit = 1; limit < byLimit.size(); limit++) {
                    var pair = List.of(byLimit.get(limit - 1), byLimit.get(limit));
                    long with = seed;
                    assertTrue(
                            !pair.equals(List.of(Verdict.CLEAR, Verdict.BREACHED)),
                            () -> "seed " + with + ": " + verdicts);
                }
            }
        }
    }

    @Test
    void aMemoryTakenOutAndPutBackGoesOnAsIfNothingHadBeen() {
        for (long seed = 1; seed <= 50; seed++) {
            var random = new SplittableRandom(seed);
            var board = new TestBoard(SIGNALS);
            Memory memory = CONDITIONS.memory();
            for (int turn = 0; turn < 30; turn++) {
                wander(board, random);
                CONDITIONS.judge(memory, board, board.turn());
            }
            Memory.Image image = memory.image();

            assertEquals(image, CONDITIONS.memory(image).image(), "seed " + seed);
        }
    }

    @Test
    void everyVerdictIsReachedSoTheseLawsSaySomething() {
        var random = new SplittableRandom(1);
        var board = new TestBoard(SIGNALS);
        Memory memory = CONDITIONS.memory();
        var seen = EnumSet.noneOf(Verdict.class);
        List<Judged> all = new ArrayList<>();
        for (int turn = 0; turn < 200; turn++) {
            wander(board, random);
            all.addAll(CONDITIONS.judge(memory, board, board.turn()));
        }
        all.forEach(judged -> seen.add(judged.verdict()));

        assertEquals(EnumSet.allOf(Verdict.class), seen);
    }
}
