package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Laws of a link whatever the other side does. A seed that fails is in the message. */
final class LinkSessionPropertyTest {
    private static final int SEEDS = 2000;
    private static final Duration FAULTY = Duration.ofSeconds(25);
    private static final Duration RECOVERY =
            Bench.TIMINGS
                    .backoffCap()
                    .plus(Bench.TIMINGS.requestTimeout())
                    .plus(Bench.TIMINGS.slowInterval())
                    .plusSeconds(1);

    private static final Bench BENCH = new Bench(502);
    private static final int TEMPERATURE = BENCH.signal("loops.ai1");
    private static final int VOLTS = BENCH.signal("bms.V");
    private static final int CELL_VOLTS = BENCH.signal("bms.module[3].ModCellVMin");

    /** A peer that answers badly at random. */
    private static final class Rogue implements Rig.Peer {
        private final SplittableRandom random;
        private final List<Bytes> said = new ArrayList<>();
        private final double badness;

        Rogue(SplittableRandom random) {
            this.random = random;
            this.badness = random.nextDouble(0.02, 0.7);
        }

        @Override
        public void asked(Bytes request, Rig rig) {
            Bytes right = rig.units.answer(request, rig.now);
            said.add(right);
            if (random.nextDouble() >= badness) {
                rig.reply(Rig.QUICK, right);
                return;
            }
            Duration some = Duration.ofMillis(random.nextInt(1, 6000));
            Bytes before = said.get(random.nextInt(said.size()));
            switch (random.nextInt(14)) {
                case 0 -> {}
                case 1 -> rig.reply(some, right);
                // Whatever the state of the connection then: a gateway's buffer that empties late.
                case 2 -> rig.replyEver(some, right);
                case 3 -> rig.reply(Rig.QUICK, before);
                case 4 -> rig.reply(Rig.QUICK, flipped(right, random.nextInt(8)));
                case 5 -> rig.reply(Rig.QUICK, right.slice(0, random.nextInt(right.length())));
                case 6 -> rig.reply(Rig.QUICK, right.plus(before));
                case 7 -> rig.reply(Rig.QUICK, noise());
                case 8 -> rig.reply(Rig.QUICK, BenchUnits.exception(request, random.nextInt(14)));
                case 9 -> rig.close(some);
                case 10 -> {
                    rig.reply(Rig.QUICK, right.slice(0, right.length() / 2));
                    rig.close(Rig.QUICK.multipliedBy(2));
                }
                case 11 -> {
                    int cut = random.nextInt(right.length());
                    rig.reply(Rig.QUICK, right.slice(0, cut));
                    rig.reply(some, right.slice(cut, right.length()));
                }
                case 12 -> rig.isReachable = false;
                default -> rig.replyEver(Rig.QUICK, right.plus(right));
            }
            if (random.nextInt(4) == 0) {
                rig.isReachable = true;
            }
        }

        /** In the header and the function every byte counts; of data, no protocol can tell. */
        private Bytes flipped(Bytes right, int index) {
            byte[] bytes = right.toArray();
            bytes[index] ^= (byte) (1 << random.nextInt(8));
            return Bytes.of(bytes);
        }

        private Bytes noise() {
            var bytes = new byte[random.nextInt(1, 300)];
            random.nextBytes(bytes);
            return Bytes.of(bytes);
        }
    }

    @Test
    void neverAWrongValueAndEveryWriteAtMostOnceAndEverybodyIsBack() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var random = new SplittableRandom(seed);
            var rig = new Rig(BENCH.session(), new Rogue(random.split()));
            long tickets = submitWhileFaulty(rig, random);
            checkReadings(rig, seed);
            checkWrites(rig, tickets, seed);
            checkRecovery(rig, seed);
        }
    }

    private static long submitWhileFaulty(Rig rig, SplittableRandom random) {
        long tickets = 0;
        while (rig.now.isBefore(Bench.START.plus(FAULTY))) {
            rig.run(Duration.ofMillis(random.nextInt(1, 4000)));
            if (tickets < 36) {
                int coil = (int) tickets;
                int breaker = coil / 2 + 1;
                rig.submit(
                        tickets++,
                        new Exchange.WriteCoil(
                                Bench.PANEL,
                                coil,
                                Bench.breaker(breaker),
                                Leaves.leave("Q" + breaker, rig.now)));
            }
            if (random.nextInt(3) == 0) {
                rig.isReachable = true;
            }
        }
        return tickets;
    }

    private static void checkReadings(Rig rig, long seed) {
        Set<Instant> requests = rig.sent.stream().map(Rig.Sent::at).collect(Collectors.toSet());
        for (Rig.Heard each : rig.heard) {
            Observation observation = each.observation();
            if (observation.reading() instanceof Reading.Measured measured) {
                double number =
                        measured.value() instanceof Value.Quantity(double value) ? value : 0;
                Supplier<@Nullable String> what = () -> "seed " + seed + " " + observation;
                assertTrue(requests.contains(measured.at()), what);
                if (observation.signal() == TEMPERATURE) {
                    double celsius = (BenchUnits.microamperes(measured.at()) - 4000) / 80.0;
                    assertEquals(celsius, number, 1e-9, what);
                } else if (observation.signal() == VOLTS) {
                    assertEquals(557.6, number, what);
                } else if (observation.signal() == CELL_VOLTS) {
                    assertEquals(4.1, number, what);
                }
            }
        }
    }

    private static void checkWrites(Rig rig, long tickets, long seed) {
        rig.isReachable = true;
        rig.peer = Rig::good;
        rig.run(RECOVERY);
        for (long ticket = 0; ticket < tickets; ticket++) {
            int coil = (int) ticket;
            long sent =
                    rig.sent.stream()
                            .filter(s -> s.function() == 5 && s.bytes().word(8) == coil)
                            .count();
            String what = "seed " + seed + " ticket " + ticket + ": " + rig.answers.get(ticket);
            int expected = rig.answers.get(ticket) instanceof Answer.NotSent ? 0 : 1;
            assertEquals(expected, sent, what);
            if (rig.answers.get(ticket) instanceof Answer.Written) {
                assertTrue(rig.units.wasWritten(coil), what);
            }
        }
        assertEquals(tickets, rig.answers.size(), "seed " + seed);
    }

    private static void checkRecovery(Rig rig, long seed) {
        var latests = new HashMap<Integer, Reading>();
        rig.heard.forEach(
                each -> latests.put(each.observation().signal(), each.observation().reading()));
        for (int signal = 0; signal < BENCH.signals.size(); signal++) {
            String what = "seed " + seed + " " + BENCH.signals.get(signal).id();
            Reading latest = latests.get(signal);
            assertInstanceOf(Reading.Measured.class, latest, what);
            assertTrue(
                    latest.at()
                            .isAfter(rig.now.minus(Bench.TIMINGS.slowInterval()).minusSeconds(1)),
                    what);
        }
    }
}
