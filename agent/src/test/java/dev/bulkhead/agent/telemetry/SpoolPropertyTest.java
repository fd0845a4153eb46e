package dev.bulkhead.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.ledger.Account;
import dev.bulkhead.agent.ledger.Keys;
import dev.bulkhead.agent.ledger.Ledger;
import dev.bulkhead.agent.ledger.Ledger.Reason;
import dev.bulkhead.agent.ledger.LedgerText;
import dev.bulkhead.agent.ledger.Series;
import dev.bulkhead.rules.site.DeviceId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpoolPropertyTest {
    private static final int STEPS = 400;
    private static final int WINDOW = 12;
    private static final long QUOTA = 16 * 700;
    private static final List<DeviceId> DEVICES =
            List.of(new DeviceId("A1-lfl"), new DeviceId("A1-smoke1"), new DeviceId("B1-S02-bms"));

    private record Key(Series series, long sequence) {}

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 300);
    }

    /**
     * If this fails, the record of a fire has a hole nobody is told of. Samples come, go out and
     * are acknowledged or not, connections are lost, the disk fills up and fails, the process is
     * killed and the power is cut; then everything that lies there is sent. By then the broker has
     * had each sample, or it was dropped for a reason that is written down. Only what came after
     * the ledger was written last may be unknown, where a power cut, damage, or a drop that could
     * not be written down any more took the end of what a device had to say.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostSilently(long seed) throws Exception {
        new Course(seed).run();
    }

    /** One course of events, and what should be true of it. */
    private static final class Course {
        private final long seed;
        private final SplittableRandom random;
        private final List<String> findings = new ArrayList<>();
        private final Map<Series, Long> last = new HashMap<>();
        private final Set<Key> appended = new LinkedHashSet<>();
        private final Set<Key> brokerHad = new HashSet<>();

        /** Acknowledged, and the spool knows it for good. */
        private final Set<Key> settled = new HashSet<>();

        /** Acknowledged since the ledger was written last. */
        private final Set<Key> acknowledged = new HashSet<>();

        /** Appended since the ledger was written last. */
        private final Set<Key> unsettled = new LinkedHashSet<>();

        private final Set<Key> unknown = new HashSet<>();
        private final Map<Long, Key> underWay = new LinkedHashMap<>();
        private final Map<Long, Key> overOldConnections = new LinkedHashMap<>();
        private FaultyFolder folder = new FaultyFolder();
        private Spool spool;
        private long run = 1;
        private int step;

        /** While the ledger knows less than what is damaged, a kill may leave that unknown. */
        private boolean isDamaged;

        Course(long seed) throws IOException {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.spool = Spool.open(folder, QUOTA, findings);
        }

        private String context() {
            return "seed " + seed + " step " + step;
        }

        void run() throws Exception {
            for (step = 0; step < STEPS; step++) {
                switch (random.nextInt(41)) {
                    case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 -> append();
                    case 16, 17, 18, 19, 20, 21, 22, 23 -> take();
                    case 24, 25, 26, 27, 28 -> acknowledge(underWay);
                    case 29 -> acknowledge(overOldConnections);
                    case 30, 31 -> again();
                    case 32, 33 -> settle();
                    case 34 -> folder.fillUpAt(folder.used() + random.nextInt(1500));
                    case 35 -> folder.fail();
                    case 36, 37 -> folder.mend();
                    case 38 -> drop();
                    case 39 -> isDamaged |= damage();
                    default -> die();
                }
            }
            drain();
            judge();
        }

        private Key next() {
            var series = new Series(run, DEVICES.get(random.nextInt(DEVICES.size())));
            return new Key(series, last.merge(series, 1L, Long::sum));
        }

        private void append() {
            for (int count = 1 + random.nextInt(4); count > 0; count--) {
                Key key = next();
                appended.add(key);
                unsettled.add(key);
                spool.append(
                        new Parcel(
                                key.series(),
                                key.sequence(),
                                "x".repeat(random.nextBoolean() ? 60 : random.nextInt(300))));
            }
        }

        /** What a queue had no room for. */
        private void drop() {
            Key key = next();
            appended.add(key);
            unsettled.add(key);
            var keys = new Keys();
            keys.add(key.series(), key.sequence());
            spool.dropped(Reason.QUEUE, keys);
        }

        private boolean take() {
            Optional<Spool.Outgoing> taken = spool.take(WINDOW);
            taken.ifPresent(
                    one -> {
                        var key = new Key(one.parcel().series(), one.parcel().sequence());
                        assertTrue(appended.contains(key), context() + " invented " + key);
                        assertFalse(settled.contains(key), context() + " again " + key);
                        assertFalse(acknowledged.contains(key), context() + " again " + key);
                        underWay.put(one.number(), key);
                        brokerHad.add(key);
                    });
            assertTrue(spool.sent() <= WINDOW, context());
            return taken.isPresent();
        }

        private void acknowledge(Map<Long, Key> some) {
            some.entrySet().stream()
                    .skip(some.isEmpty() ? 0 : random.nextInt(some.size()))
                    .findFirst()
                    .ifPresent(
                            one -> {
                                some.remove(one.getKey());
                                long before = spool.waiting();
                                spool.acknowledged(one.getKey());
                                if (spool.waiting() < before) {
                                    acknowledged.add(one.getValue());
                                }
                            });
        }

        private void again() {
            spool.again();
            overOldConnections.putAll(underWay);
            underWay.clear();
        }

        private void settle() {
            int before = folder.replaced();
            spool.settle(Instant.EPOCH);
            if (folder.replaced() > before) {
                settled.addAll(acknowledged);
                acknowledged.clear();
                unsettled.clear();
            }
        }

        private void die() throws IOException, LedgerText.Unreadable {
            long droppedInFile =
                    folder.text(Spool.LEDGER).isPresent() ? ledger().droppedCount() : 0;
            boolean mayBeUnknown = isDamaged || spool.dropped() > droppedInFile;
            isDamaged = false;
            switch (random.nextInt(4)) {
                case 0 -> {
                    folder = folder.afterPowerCut(random);
                    mayBeUnknown = true;
                }
                case 1 -> {
                    folder = folder.afterKill();
                    mayBeUnknown |= damage();
                }
                default -> folder = folder.afterKill();
            }
            spool = Spool.open(folder, QUOTA, findings);
            run++;
            underWay.clear();
            overOldConnections.clear();
            acknowledged.clear();
            settle();
            Map<Series, Long> sampled = ledger().sampled();
            for (Key key : appended) {
                boolean isKnown = key.sequence() <= sampled.getOrDefault(key.series(), 0L);
                if (!isKnown && unknown.add(key)) {
                    assertTrue(mayBeUnknown, context() + " unknown " + key);
                }
            }
            unsettled.clear();
        }

        private boolean damage() {
            List<String> files =
                    folder.names().stream()
                            .filter(name -> name.endsWith(".spool"))
                            .filter(name -> folder.content(name).length > 0)
                            .toList();
            if (files.isEmpty()) {
                return false;
            }
            String file = files.get(random.nextInt(files.size()));
            byte[] bytes = folder.content(file);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            folder.put(file, bytes);
            return true;
        }

        private void drain() {
            folder.mend();
            again();
            while (take()) {
                acknowledge(underWay);
            }
            while (!underWay.isEmpty()) {
                acknowledge(underWay);
            }
            assertEquals(0, spool.waiting(), context());
            assertEquals(0, spool.sent(), context());
            settle();
        }

        private Ledger ledger() throws LedgerText.Unreadable {
            return LedgerText.read(folder.text(Spool.LEDGER).orElseThrow());
        }

        private void judge() throws LedgerText.Unreadable {
            assertEquals(List.of(), findings, context());
            Ledger ledger = ledger();
            var dropped = new Keys();
            for (Reason reason : Reason.values()) {
                dropped.addAll(ledger.dropped(reason));
            }
            assertEquals(dropped.count(), ledger.droppedCount(), context() + " dropped twice");
            for (Key key : appended) {
                boolean isDropped = dropped.contains(key.series(), key.sequence());
                assertTrue(
                        brokerHad.contains(key) || isDropped || unknown.contains(key),
                        () -> context() + " lost " + key);
                assertFalse(
                        isDropped && settled.contains(key),
                        () -> context() + " acknowledged and dropped " + key);
            }
            var stored = new Keys();
            brokerHad.forEach(key -> stored.add(key.series(), key.sequence()));
            Account account = Account.of(ledger, new Account.Stored(stored, 0));
            assertTrue(account.isWhole(), () -> context() + " " + account);
        }
    }
}
