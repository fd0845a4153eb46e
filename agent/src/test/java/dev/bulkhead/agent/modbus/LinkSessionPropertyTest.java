package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
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

    /** The longest a faulty answer is delayed. */
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(6);

    /** One back-off after the failure of what was under way when the fault ended. */
    private static final Duration BACK_WITHIN =
            Bench.TIMINGS
                    .requestTimeout()
                    .plus(Bench.TIMINGS.backoffCap())
                    .plus(Rig.QUICK.multipliedBy(10));

    /** The interval, one deadline of another unit, and what the wire takes. */
    private static final Duration LONGEST_WAIT =
            Bench.TIMINGS
                    .fastInterval()
                    .plus(Bench.TIMINGS.requestTimeout())
                    .plus(Rig.QUICK.multipliedBy(10));

    private static final int SEQUENCES = 10_000;
    private static final int ROGUE = 1;
    private static final List<Integer> NEIGHBOURS = List.of(2, 3);
    private static final Banks BANKS = new Banks(List.of(Banks.NOWHERE), 3, 10);

    private static final Bench BENCH = new Bench(502);
    private static final int TEMPERATURE = BENCH.signal("loops.ai1");
    private static final int VOLTS = BENCH.signal("bms.V");
    private static final int CELL_VOLTS = BENCH.signal("bms.module[3].ModCellVMin");

    /** What is rightly answered to a request. */
    private interface Answering {
        Bytes answer(Bytes request, Instant at);
    }

    /** A peer that answers badly at random. */
    private static final class Rogue implements Rig.Peer {
        private final SplittableRandom random;
        private final Answering answering;
        private final boolean isWholeLink;
        private final List<Bytes> said = new ArrayList<>();
        private final double badness;

        Rogue(SplittableRandom random, Answering answering, boolean isWholeLink) {
            this.random = random;
            this.answering = answering;
            this.isWholeLink = isWholeLink;
            this.badness = random.nextDouble(0.02, 0.7);
        }

        @Override
        public void asked(Bytes request, Rig rig) {
            Bytes right = answering.answer(request, rig.now);
            said.add(right);
            if (random.nextDouble() >= badness) {
                rig.reply(Rig.QUICK, right);
                return;
            }
            Duration some = Duration.ofMillis(random.nextLong(1, LONGEST_DELAY.toMillis()));
            Bytes before = said.get(random.nextInt(said.size()));
            switch (random.nextInt(isWholeLink ? 14 : 9)) {
                case 0 -> {}
                case 1 -> rig.reply(some, right);
                case 2 -> rig.reply(Rig.QUICK, before);
                case 3 -> rig.reply(Rig.QUICK, flipped(right, random.nextInt(8)));
                case 4 -> rig.reply(Rig.QUICK, right.slice(0, random.nextInt(right.length())));
                case 5 -> rig.reply(Rig.QUICK, right.plus(before));
                case 6 -> rig.reply(Rig.QUICK, noise());
                case 7 -> rig.reply(Rig.QUICK, BenchUnits.exception(request, code()));
                case 8 -> {
                    int cut = random.nextInt(right.length());
                    rig.reply(Rig.QUICK, right.slice(0, cut));
                    rig.reply(some, right.slice(cut, right.length()));
                }
                // What follows is not one unit's doing.
                case 9 -> rig.close(some);
                case 10 -> {
                    rig.reply(Rig.QUICK, right.slice(0, right.length() / 2));
                    rig.close(Rig.QUICK.multipliedBy(2));
                }
                case 11 -> rig.isReachable = false;
                // Whatever the state of the connection then: a gateway's buffer that empties late.
                case 12 -> rig.replyEver(some, right);
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

        /** For 1 to 3 one unit's bank would be divided, and neighbours wait for each slow part. */
        private int code() {
            return isWholeLink ? random.nextInt(14) : 4 + random.nextInt(10);
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
            var rig = new Rig(BENCH.session(), Rig::good);
            rig.peer = new Rogue(random.split(), rig.units::answer, true);
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

    /**
     * Over banks whose values tell whose they are: half of the time one unit misbehaves, and may
     * answer with its neighbour's bank; half of the time the whole link does.
     */
    @Test
    void noValueIsAnothersAndNeighboursWaitOneDeadlineAtMostAndEverybodyIsBackWithinABackOff() {
        for (long seed = 0; seed < SEQUENCES; seed++) {
            var random = new SplittableRandom(seed);
            boolean isWholeLink = random.nextBoolean();
            var rogue =
                    new Rogue(random.split(), answering(random.split(), isWholeLink), isWholeLink);
            var rig =
                    new Rig(
                            BANKS.session(0, Bench.TIMINGS, Bench.START),
                            (request, wire) -> {
                                if (isWholeLink || request.at(6) == ROGUE) {
                                    rogue.asked(request, wire);
                                } else {
                                    right(request, wire);
                                }
                            });
            rig.run(FAULTY.dividedBy(2));
            rig.isReachable = true;
            rig.peer = LinkSessionPropertyTest::right;
            // Bytes of the whole link's faults may still be under way: they don't end before.
            rig.run(isWholeLink ? LONGEST_DELAY : Duration.ZERO);
            Instant end = rig.now;
            rig.run(BACK_WITHIN);

            checkOwn(rig, seed);
            checkBack(rig, end, seed);
            if (!isWholeLink) {
                checkNeighbours(rig, seed);
            }
        }
    }

    private static void right(Bytes request, Rig rig) {
        rig.reply(Rig.QUICK, BANKS.answer(0, request.at(6), request, rig.now));
    }

    private static Answering answering(SplittableRandom random, boolean isWholeLink) {
        return (request, at) -> {
            // Of a block that was divided, a part without the bank's number can't tell whose it is.
            boolean isNumbered = request.word(8) == 0;
            boolean isSwapped = !isWholeLink && random.nextInt(4) == 0 && isNumbered;
            int unit = isSwapped ? NEIGHBOURS.getFirst() : request.at(6);
            return BANKS.answer(0, unit, request, at);
        };
    }

    private static void checkOwn(Rig rig, long seed) {
        for (Rig.Heard each : rig.heard) {
            if (each.observation().reading() instanceof Reading.Measured measured) {
                BANKS.check(each.observation().signal(), measured, each.at(), "seed " + seed);
            }
        }
    }

    private static void checkBack(Rig rig, Instant end, long seed) {
        for (int unit = 1; unit <= 3; unit++) {
            Reading latest = rig.latest(BANKS.signal(0, unit));
            String what = seed(seed, unit) + ": " + latest;
            assertInstanceOf(Reading.Measured.class, latest, what);
            assertTrue(latest.at().isAfter(end), what);
        }
    }

    private static void checkNeighbours(Rig rig, long seed) {
        for (int unit : NEIGHBOURS) {
            Instant before = Bench.START;
            for (Sample sample : rig.samples) {
                if (sample.device().equals(Banks.device(0, unit))) {
                    Duration waited = Duration.between(before, sample.at());
                    assertTrue(
                            waited.compareTo(LONGEST_WAIT) <= 0,
                            () -> seed(seed, unit) + " waited " + waited);
                    before = sample.at();
                }
            }
            assertTrue(before.isAfter(rig.now.minus(LONGEST_WAIT)), seed(seed, unit));
        }
    }

    private static String seed(long seed, int unit) {
        return "seed " + seed + " unit " + unit;
    }
}
