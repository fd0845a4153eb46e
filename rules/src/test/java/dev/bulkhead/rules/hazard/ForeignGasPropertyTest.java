package dev.bulkhead.rules.hazard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestBrain;
import dev.bulkhead.rules.condition.Verdict;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Promise 2, of gas: what comes from outside is one cause, however it goes again. And its other
 * side: what a rack shows by itself counts, whatever was in the air before or comes there later.
 */
final class ForeignGasPropertyTest {
    private static final int SEEDS = 20;
    private static final String VOTE = "rack-off-gas-vote";

    private final TestBrain brain = new TestBrain("two-rooms");
    private final List<Signal> references = ofA1(Role.ROOM_OFF_GAS_REFERENCE);
    private final List<Signal> racks = ofA1(Role.RACK_OFF_GAS);
    private final TestBrain.Image rested;

    ForeignGasPropertyTest() {
        brain.rest(Duration.ofMinutes(11));
        rested = brain.image();
    }

    private List<Signal> ofA1(Role role) {
        return brain.board.signals().with(role).stream()
                .filter(signal -> signal.room().value().equals("A1"))
                .toList();
    }

    /**
     * A reference sees it first. Racks report, air minutes later than the room or latch, flutter at
     * their limit and fall silent, as the references do; smoke of the same is latched all the time.
     */
    @Test
    void gasFromOutsideIsNoRacksOwnHoweverItGoesAgain() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            brain.restore(rested, brain.board.now());
            var random = new SplittableRandom(seed);
            int goes = random.nextInt(60, 1800);
            List<Integer> clearing =
                    racks.stream().map(_ -> goes + random.nextInt(-30, 900)).toList();
            say(references, true, random, 0);
            brain.turn();
            for (int second = 0; second < goes + 1200; second++) {
                brain.board.measure("A1-smoke1.fire1", true);
                brain.board.measure("A1-smoke2.fire1", true);
                say(references, second < goes, random, 10);
                for (int rack = 0; rack < racks.size(); rack++) {
                    boolean isLatched = rack == seed % 4;
                    boolean isThere = isLatched || second < clearing.get(rack);
                    // At its limit a detector flutters for some minutes more, off and on.
                    boolean isFluttering =
                            second < Math.min(clearing.get(rack), goes) + 500 && second % 90 < 30;
                    say(List.of(racks.get(rack)), isThere || isFluttering, random, 10);
                }
                brain.turn();
                assertTrue(
                        brain.level("A1").compareTo(Level.FAILING) < 0,
                        "seed " + seed + " at " + second + " s: " + brain.hazards.of(room()));
            }
        }
    }

    /**
     * Exhaust passes while nobody hears one of the references, from before it to any time after. It
     * was clear when it was last heard, and is when it is heard again.
     */
    @Test
    void gasThatAReferenceMayNotHaveToldOfIsNoRacksOwn() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            brain.restore(rested, brain.board.now());
            var random = new SplittableRandom(seed);
            int lost = random.nextInt(0, 300);
            int found = lost + random.nextInt(31, 1200);
            int comes = random.nextInt(lost, found);
            int goes = Math.min(comes + random.nextInt(60, 900), found);
            Signal unheard = references.get(random.nextInt(references.size()));
            int reporting = random.nextInt(comes, found + 590);
            for (int second = 0; second < found + 1200; second++) {
                brain.board.measure("A1-smoke1.fire1", second >= comes);
                brain.board.measure("A1-smoke2.fire1", second >= comes);
                for (Signal reference : references) {
                    if (!reference.equals(unheard)) {
                        say(List.of(reference), false, random, 10);
                    } else if (second < lost || second >= found) {
                        say(List.of(reference), false, random, 0);
                    } else if (random.nextBoolean()) {
                        brain.board.silence(reference);
                    }
                }
                say(racks, second >= reporting && second < goes + 1000, random, 10);
                brain.turn();
                assertTrue(
                        brain.level("A1").compareTo(Level.FAILING) < 0,
                        "seed " + seed + " at " + second + " s: " + brain.hazards.of(room()));
            }
        }
    }

    private RoomId room() {
        return racks.getFirst().room();
    }

    private void say(List<Signal> signals, boolean isSet, SplittableRandom random, int oneIn) {
        for (Signal signal : signals) {
            if (oneIn > 0 && random.nextInt(oneIn) == 0) {
                brain.board.silence(signal);
            } else {
                brain.board.measure(signal, new Value.Flag(isSet));
            }
        }
    }

    /** The references spoke long ago, if at all; then one rack does, and later they do too. */
    @Test
    void gasOfARackVotesAndStaysSoWhateverTheReferencesSaidBeforeOrSayLater() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            brain.restore(rested, brain.board.now());
            var random = new SplittableRandom(seed);
            Signal venting = racks.get(random.nextInt(racks.size()));
            say(references, random.nextBoolean(), random, 0);
            say(racks, random.nextBoolean(), random, 0);
            brain.turn();
            say(references, false, random, 0);
            say(racks, false, random, 0);
            brain.turn();
            brain.rest(Duration.ofSeconds(random.nextInt(601, 7200)));
            brain.judged.clear();
            for (int second = 0; second < 8; second++) {
                brain.board.measure(venting, new Value.Flag(true));
                say(references, false, random, 0);
                brain.turn();
            }
            assertEquals(
                    List.of(venting),
                    brain.judged.stream()
                            .filter(judged -> judged.condition().id().value().equals(VOTE))
                            .filter(judged -> judged.verdict() == Verdict.BREACHED)
                            .map(judged -> judged.signal())
                            .distinct()
                            .toList(),
                    "seed " + seed);
            say(references, true, random, 0);
            brain.turn();
            brain.board.measure("A1-smoke1.fire1", true);
            brain.board.measure("A1-smoke2.fire1", true);
            brain.turn();
            assertEquals(Level.FAILING, brain.level("A1"), "seed " + seed);
        }
    }
}
