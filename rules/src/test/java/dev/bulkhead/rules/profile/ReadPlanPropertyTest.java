package dev.bulkhead.rules.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.profile.ReadPlan.Limits;
import dev.bulkhead.rules.profile.ReadPlan.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Laws of a plan over maps at random. A seed that fails is in the message. */
final class ReadPlanPropertyTest {
    private static final int SEEDS = 3000;

    private record Map(List<Wanted> values, Limits limits) {
        /** Few enough values that every division can be tried. */
        static Map random(SplittableRandom random, Rate... rates) {
            Table table = random.nextBoolean() ? Table.HOLDING : Table.DISCRETE;
            int bridge = random.nextInt(0, 12);
            int perRegister = table == Table.DISCRETE ? 16 : 1;
            var values = new ArrayList<Wanted>();
            var unreadable = new ArrayList<Extent>();
            var borders = new ArrayList<Integer>();
            int address = random.nextInt(100);
            for (int i = random.nextInt(1, 10); i > 0; i--) {
                int count = table == Table.DISCRETE ? 1 : random.nextInt(1, 5);
                Rate rate = rates[random.nextInt(rates.length)];
                values.add(new Wanted(new Extent(table, address, count), rate));
                if (random.nextInt(5) == 0) {
                    borders.add(address);
                }
                int gap = random.nextInt(0, 15) * perRegister;
                if (gap > 0 && random.nextInt(4) == 0) {
                    unreadable.add(new Extent(table, address + count + random.nextInt(gap), 1));
                }
                address += count + gap;
            }
            int most = random.nextInt(4, 40);
            return new Map(
                    values, new Limits(most, most * perRegister, bridge, unreadable, borders));
        }

        boolean allows(List<Wanted> together) {
            Extent first = together.getFirst().extent();
            Extent whole = first;
            int bridge = first.table() == Table.DISCRETE ? 16 * limits.bridge() : limits.bridge();
            for (Wanted next : together) {
                if (next.extent().address() - whole.end() > bridge) {
                    return false;
                }
                whole = whole.with(next.extent());
            }
            return whole.count() <= limits.most(first.table())
                    && limits.isReadable(whole)
                    && limits.isWithin(whole);
        }

        /** The fewest requests of all 2^(n-1) ways to cut the values, in their order, into some. */
        int fewest() {
            int fewest = Integer.MAX_VALUE;
            for (int cuts = 0; cuts < 1 << (values.size() - 1); cuts++) {
                if (isAllowed(cuts)) {
                    fewest = Math.min(fewest, 1 + Integer.bitCount(cuts));
                }
            }
            return fewest;
        }

        private boolean isAllowed(int cuts) {
            int begin = 0;
            for (int i = 1; i <= values.size(); i++) {
                if (i == values.size() || (cuts >> (i - 1) & 1) == 1) {
                    if (!allows(values.subList(begin, i))) {
                        return false;
                    }
                    begin = i;
                }
            }
            return true;
        }
    }

    @Test
    void noDivisionHasFewerRequests() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Map map = Map.random(new SplittableRandom(seed), Rate.FAST);
            List<Block> blocks = ReadPlan.blocks(ReadPlan.joined(map.values()), map.limits());
            assertEquals(map.fewest(), blocks.size(), "seed " + seed);
        }
    }

    @Test
    void everyValueIsReadWholeOftenEnoughAndNothingUnreadableIsTouched() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Map map = Map.random(new SplittableRandom(seed), Rate.values());
            List<Block> blocks = ReadPlan.blocks(ReadPlan.joined(map.values()), map.limits());
            for (Wanted value : map.values()) {
                assertTrue(
                        blocks.stream()
                                .filter(block -> block.rate().compareTo(value.rate()) <= 0)
                                .anyMatch(value.extent()::isIn),
                        value + " of seed " + seed);
            }
            for (Block block : blocks) {
                assertTrue(map.limits().isReadable(block.extent()), block + " of seed " + seed);
                assertTrue(map.limits().isWithin(block.extent()), block + " of seed " + seed);
                assertTrue(
                        block.count() <= map.limits().most(block.table()),
                        block + " of seed " + seed);
                assertTrue(
                        map.values().stream()
                                .filter(value -> value.rate() == block.rate())
                                .anyMatch(value -> value.extent().isIn(block)),
                        block + " reads nothing at its rate: seed " + seed);
            }
        }
    }

    @Test
    void whatSharesARegisterIsReadTogetherAtTheFasterRate() {
        var one = new Wanted(new Extent(Table.INPUT, 10, 4), Rate.SLOW);
        var other = new Wanted(new Extent(Table.INPUT, 13, 2), Rate.FAST);
        var beside = new Wanted(new Extent(Table.INPUT, 15, 2), Rate.ONCE);

        assertEquals(
                List.of(new Wanted(new Extent(Table.INPUT, 10, 5), Rate.FAST), beside),
                ReadPlan.joined(List.of(beside, other, one)));
    }
}
