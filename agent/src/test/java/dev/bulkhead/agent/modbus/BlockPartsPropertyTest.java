package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Laws of dividing, for devices that lack registers at random. A failing seed is said. */
final class BlockPartsPropertyTest {
    private static final int SEEDS = 2000;

    /** A device that refuses what touches certain registers, or asks for too many. */
    private static final class Device {
        private final List<Extent> values = new ArrayList<>();
        private final Set<Integer> lacking = new HashSet<>();
        private final Block whole;
        private int most = 125;
        private int asked;

        Device(SplittableRandom random) {
            int address = 1000;
            // At most 120 registers, so that one request could have all of them.
            for (int i = random.nextInt(2, 21); i > 0; i--) {
                int count = random.nextInt(1, 5);
                values.add(new Extent(Table.HOLDING, address, count));
                address += count + random.nextInt(0, 3);
            }
            whole = new Block(Table.HOLDING, 1000, address - 1000, Rate.FAST);
        }

        boolean gives(Extent extent) {
            return extent.count() <= most
                    && lacking.stream()
                            .noneMatch(each -> each >= extent.address() && each < extent.end());
        }

        void ask(BlockParts parts, Block block) {
            asked++;
            if (gives(block.extent())) {
                parts.answered(block);
            } else {
                parts.refused(block);
            }
        }

        /** Asks for all, and then for what is looked for, until nothing is. */
        void settle(BlockParts parts, String seed) {
            asked = 0;
            parts.blocks().forEach(block -> ask(parts, block));
            while (!parts.isSettled()) {
                assertTrue(asked < 4000, "never ends: " + seed);
                parts.blocks().stream()
                        .filter(parts::isSuspect)
                        .findFirst()
                        .ifPresent(block -> ask(parts, block));
            }
        }

        List<Extent> given() {
            return values.stream().filter(this::gives).toList();
        }

        void check(BlockParts parts, String seed) {
            List<Extent> given = given();
            for (Extent value : given) {
                assertEquals(
                        1,
                        parts.blocks().stream()
                                .filter(value::isIn)
                                .filter(block -> gives(block.extent()))
                                .count(),
                        value + " of " + seed);
            }
            List<Extent> missing = parts.missing().stream().map(Block::extent).toList();
            assertEquals(
                    given.isEmpty()
                            ? List.of(whole.extent())
                            : values.stream().filter(value -> !gives(value)).toList(),
                    missing,
                    seed);
        }
    }

    @Test
    void whatADeviceGivesIsReadAndWhatItLacksIsNamed() {
        for (long number = 0; number < SEEDS; number++) {
            String seed = "seed " + number;
            var random = new SplittableRandom(number);
            var device = new Device(random);
            if (random.nextInt(3) == 0) {
                device.most = random.nextInt(5, 40);
            }
            for (int i = random.nextInt(0, 5); i > 0; i--) {
                device.lacking.add(device.whole.address() + random.nextInt(device.whole.count()));
            }
            var parts = new BlockParts(device.whole, device.values);
            device.settle(parts, seed);
            device.check(parts, seed);
            device.lacking.clear();
            device.most = 125;
            device.settle(parts, seed);
            device.check(parts, seed);
        }
    }

    /** One missing value of n costs some 2·log2(n) requests, once. */
    @Test
    void oneMissingValueLeavesTwoRequestsAndIsFoundInFew() {
        for (long number = 0; number < SEEDS; number++) {
            String seed = "seed " + number;
            var random = new SplittableRandom(number);
            var device = new Device(random);
            int bad = random.nextInt(device.values.size());
            device.lacking.add(device.values.get(bad).address());
            var parts = new BlockParts(device.whole, device.values);
            device.settle(parts, seed);

            boolean isAtAnEnd = bad == 0 || bad == device.values.size() - 1;
            assertEquals(isAtAnEnd ? 1 : 2, parts.blocks().size() - parts.missing().size(), seed);
            int halvings = 32 - Integer.numberOfLeadingZeros(device.values.size() - 1);
            assertTrue(device.asked <= 2 * halvings + 3, device.asked + " requests, " + seed);
            device.lacking.clear();
            device.settle(parts, seed);
            assertEquals(1, parts.blocks().size(), seed);
        }
    }

    @Test
    void aBlockOfOneValueIsNeverTakenApart() {
        var whole = new Block(Table.INPUT, 10, 6, Rate.FAST);
        var parts = new BlockParts(whole, List.of(new Extent(Table.INPUT, 11, 4)));

        parts.refused(whole);
        assertEquals(List.of(whole), parts.blocks());
        assertEquals(List.of(whole), parts.missing());
        assertEquals(1, parts.refusals(whole));
        parts.refused(whole);
        assertEquals(2, parts.refusals(whole));
        parts.answered(whole);
        assertEquals(List.of(), parts.missing());
        assertEquals(0, parts.refusals(whole));
    }
}
