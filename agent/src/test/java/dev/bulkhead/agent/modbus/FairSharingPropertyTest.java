package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A slow link is shared by turns. If one unit could push the others back, a room could go unwatched
 * because of a talkative meter.
 */
final class FairSharingPropertyTest {
    private static final int SEEDS = 50;
    private static final Bench BENCH = new Bench(502);

    /** The block that proves who a device is: asked when it must be, and not in turn. */
    private static final int NUMBER = 100;

    /** What is asked: a block, or two registers on the way to a device's models. */
    private record Block(int unit, int address, int count) {
        private static Block of(Rig.Sent sent) {
            return new Block(sent.unit(), sent.bytes().word(8), sent.bytes().word(10));
        }
    }

    /**
     * Between two turns of a block lie its interval and one turn of every other block, and what was
     * under way when it became due.
     */
    @Test
    void everyBlockGetsItsTurnHoweverSlowTheLinkIs() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var random = new SplittableRandom(seed);
            Map<Integer, Duration> slowness = new HashMap<>();
            for (int unit : new int[] {Bench.PANEL, Bench.LOOPS, Bench.CONTACTS, Bench.STRING}) {
                slowness.put(unit, Duration.ofMillis(random.nextInt(1, 1900)));
            }
            var rig =
                    new Rig(
                            BENCH.session(),
                            (request, peer) ->
                                    peer.reply(
                                            slowness.getOrDefault(request.at(6), Rig.QUICK),
                                            peer.units.answer(request, peer.now)));
            rig.run(Duration.ofMinutes(3));
            check(rig, slowness, seed);
        }
    }

    private static void check(Rig rig, Map<Integer, Duration> slowness, long seed) {
        var last = new HashMap<Block, Instant>();
        var longest = new HashMap<Block, Duration>();
        for (Rig.Sent sent : rig.sent) {
            Block block = Block.of(sent);
            Instant before = last.put(block, sent.at());
            if (before != null && block.address() != NUMBER) {
                longest.merge(
                        block,
                        Duration.between(before, sent.at()),
                        (one, other) -> one.compareTo(other) > 0 ? one : other);
            }
        }
        Duration round = Duration.ofSeconds(2);
        for (Block block : last.keySet()) {
            round = round.plus(slowness.getOrDefault(block.unit(), Rig.QUICK));
        }
        Duration limit = round.plus(Bench.TIMINGS.slowInterval());
        longest.forEach(
                (block, gap) ->
                        assertTrue(
                                gap.compareTo(limit) <= 0,
                                "seed " + seed + " " + block + " waited " + gap + " of " + limit));
        assertTrue(longest.size() >= 5, "seed " + seed + ": asked " + longest.keySet());
    }

    /**
     * Who has been due longer is asked first: another block may have its turn before this one is
     * due, and once more when it was due before.
     */
    @Test
    void nobodyWhoWaitsSeesAnotherBlockTakeAThirdTurn() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Duration slow = Duration.ofMillis(new SplittableRandom(seed).nextInt(400, 1900));
            var rig =
                    new Rig(
                            BENCH.session(),
                            (request, peer) ->
                                    peer.reply(slow, peer.units.answer(request, peer.now)));
            rig.run(Duration.ofMinutes(2));
            var turns = new ArrayList<Block>();
            rig.sent.forEach(sent -> turns.add(Block.of(sent)));
            for (int i = 0; i < turns.size(); i++) {
                var seen = new HashMap<Block, Integer>();
                for (int j = i + 1; j < turns.size() && !turns.get(j).equals(turns.get(i)); j++) {
                    int count = seen.merge(turns.get(j), 1, Integer::sum);
                    // Blocks that are asked once per connection, or seldom, wait for nothing.
                    boolean isFast = turns.get(i).address() == 0;
                    assertTrue(
                            !isFast || count <= 2,
                            "seed " + seed + " turn " + i + " " + turns.get(i) + ": " + seen);
                }
            }
        }
    }

    /**
     * A dead unit is asked less often with each failure, and its neighbours lose no more than that.
     */
    @Test
    void aDeadUnitTakesALesserShareOfTheLinkWithEachFailure() {
        for (int dead : new int[] {Bench.PANEL, Bench.LOOPS, Bench.CONTACTS, Bench.STRING}) {
            var rig =
                    new Rig(
                            BENCH.session(),
                            (request, peer) -> {
                                if (request.at(6) != dead) {
                                    Rig.good(request, peer);
                                }
                            });
            rig.run(Duration.ofMinutes(2));
            var asked =
                    rig.sent.stream()
                            .filter(sent -> sent.unit() == dead)
                            .map(Rig.Sent::at)
                            .toList();
            Duration before = Duration.ZERO;
            for (int i = 1; i < asked.size(); i++) {
                Duration gap = Duration.between(asked.get(i - 1), asked.get(i));
                Duration cap = Bench.TIMINGS.backoffCap().plus(Bench.TIMINGS.requestTimeout());
                assertTrue(
                        gap.compareTo(before) > 0
                                || gap.compareTo(cap.multipliedBy(3).dividedBy(4)) > 0,
                        "unit " + dead + ": " + asked);
                assertTrue(gap.compareTo(cap.plusSeconds(1)) <= 0, "unit " + dead + ": " + gap);
                before = gap;
            }
            assertTrue(asked.size() > 8, "unit " + dead + ": " + asked);
        }
    }
}
