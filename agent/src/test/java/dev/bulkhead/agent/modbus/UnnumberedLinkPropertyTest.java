package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.SerialLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Laws of a link whose answers carry no number, whatever happens on the line short of what nobody
 * can tell: an answer later than two deadlines, or a repeat of one before the last.
 */
final class UnnumberedLinkPropertyTest {
    private static final int SEEDS = 120;
    private static final Duration FAULTY = Duration.ofSeconds(25);
    private static final Duration TIMEOUT = Bench.TIMINGS.requestTimeout();
    private static final SerialLine LINE =
            new SerialLine("/dev/line", 19_200, SerialLine.Parity.EVEN, 8, 1);
    private static final Duration DEADLINE = TIMEOUT.plus(LINE.time(512));

    /** The panel's number; the register after it holds something else. */
    private static final int NUMBER = 100;

    /** Tickets of reads are from here on: even of the number, odd of what is after it. */
    private static final long READS = 1_000_000;

    private static final Bench BENCH = new Bench(502);
    private static final int TEMPERATURE = BENCH.signal("loops.ai1");
    private static final int HUMIDITY = BENCH.signal("loops.ai2");
    private static final int VOLTS = BENCH.signal("bms.V");
    private static final int CELL_VOLTS = BENCH.signal("bms.module[3].ModCellVMin");

    private static Rig rig(Dialect dialect, Rig.Peer peer) {
        Link link = dialect == Dialect.RTU ? new Link.Rtu(LINE) : new Link.AsciiOverTcp("h", 1);
        return Bench.rig(link, Courtesy.NONE, dialect, peer);
    }

    /** A line that disturbs at random. */
    private record Disturbed(Dialect dialect, SplittableRandom random, double badness)
            implements Rig.Peer {
        @Override
        public void asked(Bytes request, Rig rig) {
            Bytes right = dialect.answer(rig.units.answer(request, rig.now));
            if (random.nextDouble() >= badness) {
                rig.replyRaw(Rig.QUICK, right);
                return;
            }
            switch (random.nextInt(10)) {
                case 0 -> {}
                case 1 -> rig.replyRaw(Rig.QUICK, flipped(right));
                case 2 -> rig.replyRaw(Rig.QUICK, right.slice(0, random.nextInt(right.length())));
                case 3 -> rig.replyRaw(Rig.QUICK, right.plus(Bytes.ofByte(random.nextInt(256))));
                case 4 -> rig.replyRaw(Rig.QUICK, noise());
                case 5 -> rig.reply(Rig.QUICK, BenchUnits.exception(request, random.nextInt(14)));
                case 6 -> rig.close(Duration.ofMillis(random.nextInt(1, 3000)));
                // Too late, or just not: whatever has become of the connection.
                case 7 ->
                        rig.replyEver(
                                Duration.ofMillis(random.nextInt(1, 2 * (int) TIMEOUT.toMillis())),
                                right);
                // Once more: at once, in the pause, or in the middle of what follows.
                case 8 -> {
                    rig.replyRaw(Rig.QUICK, right);
                    rig.replyRaw(
                            Rig.QUICK.plusNanos(random.nextLong(1, Rig.QUICK.toNanos())), right);
                }
                default -> rig.isReachable = random.nextInt(4) > 0;
            }
        }

        private Bytes flipped(Bytes right) {
            byte[] bytes = right.toArray();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            return Bytes.of(bytes);
        }

        private Bytes noise() {
            var bytes = new byte[random.nextInt(1, 300)];
            random.nextBytes(bytes);
            return Bytes.of(bytes);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Dialect.class,
            names = {"RTU", "ASCII"})
    void neverAWrongValueAndEveryWriteAtMostOnceAndEverybodyIsBack(Dialect dialect) {
        int reads = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            var random = new SplittableRandom(seed);
            var line = new Disturbed(dialect, random.split(), random.nextDouble(0.02, 0.5));
            Rig rig = rig(dialect, line);
            long tickets = submitWhileFaulty(rig, random);
            rig.isReachable = true;
            rig.peer = Rig::good;
            rig.run(
                    Bench.TIMINGS
                            .backoffCap()
                            .plus(TIMEOUT.multipliedBy(3))
                            .plus(Bench.TIMINGS.slowInterval()));
            checkReadings(rig, seed);
            reads += checkReads(rig, seed);
            checkWrites(rig, tickets, seed);
            checkRecovery(rig, seed);
        }
        assertTrue(reads > 5 * SEEDS, reads + " reads were answered");
    }

    private static long submitWhileFaulty(Rig rig, SplittableRandom random) {
        long tickets = 0;
        long reads = READS;
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
            for (int i = 0; i < 3; i++) {
                int address = NUMBER + random.nextInt(2);
                reads += 2;
                rig.submit(
                        reads + address - NUMBER,
                        new Exchange.ReadRegisters(Bench.PANEL, Table.HOLDING, address, 1));
            }
            rig.isReachable |= random.nextInt(3) == 0;
        }
        return tickets;
    }

    /** Reads of one form and two contents, in any order, between each other and other polls. */
    private static int checkReads(Rig rig, long seed) {
        int checked = 0;
        for (Map.Entry<Long, Answer> each : rig.answers.entrySet()) {
            if (each.getKey() >= READS && each.getValue() instanceof Answer.Values values) {
                Image right = each.getKey() % 2 == 0 ? Image.of(7) : Image.of(0b1110001);
                assertEquals(right, values.image(), "seed " + seed + " read " + each);
                checked++;
            }
        }
        return checked;
    }

    private static void checkReadings(Rig rig, long seed) {
        for (Rig.Heard each : rig.heard) {
            if (each.observation().reading()
                    instanceof Reading.Measured(var at, var _, Value.Quantity(double number))) {
                String what = "seed " + seed + " " + each;
                int signal = each.observation().signal();
                if (signal == TEMPERATURE) {
                    // An answer asked for twice is of the second time, and dated of the first.
                    double oldest = (BenchUnits.microamperes(at) - 4000) / 80.0;
                    double newest = (BenchUnits.microamperes(each.at()) - 4000) / 80.0;
                    assertTrue(number >= oldest - 1e-9 && number <= newest + 1e-9, what);
                } else if (signal == HUMIDITY) {
                    assertEquals(50.0, number, 1e-9, what);
                } else if (signal == VOLTS) {
                    assertEquals(557.6, number, what);
                } else if (signal == CELL_VOLTS) {
                    assertEquals(4.1, number, what);
                }
            }
        }
    }

    private static void checkWrites(Rig rig, long tickets, long seed) {
        for (long ticket = 0; ticket < tickets; ticket++) {
            int coil = (int) ticket;
            long sent =
                    rig.sent.stream()
                            .filter(s -> s.function() == 5 && s.bytes().word(8) == coil)
                            .count();
            Answer answer = rig.answers.get(ticket);
            String what = "seed " + seed + " ticket " + ticket + ": " + answer;
            assertEquals(answer instanceof Answer.NotSent ? 0 : 1, sent, what);
            if (answer instanceof Answer.Written) {
                assertTrue(rig.units.wasWritten(coil), what);
            }
        }
        long writes = rig.answers.keySet().stream().filter(ticket -> ticket < READS).count();
        assertEquals(tickets, writes, "seed " + seed);
    }

    private static void checkRecovery(Rig rig, long seed) {
        var latest = new HashMap<Integer, Reading>();
        rig.heard.forEach(
                each -> latest.put(each.observation().signal(), each.observation().reading()));
        for (int signal = 0; signal < BENCH.signals.size(); signal++) {
            assertInstanceOf(
                    Reading.Measured.class,
                    latest.get(signal),
                    "seed " + seed + " " + BENCH.signals.get(signal).id());
        }
    }

    /** The status of before the trip must not be taken for what was read after it. */
    @Test
    void aUnitThatOwesAnAnswerIsAskedNothingUntilItComesTooLateTwice() {
        var late = new ArrayList<Instant>();
        Rig rig = rig(Dialect.RTU, Rig::good);
        rig.run(Duration.ofMillis(2500));
        rig.peer =
                (request, peer) -> {
                    if (request.at(6) == Bench.PANEL && late.isEmpty()) {
                        late.add(peer.now);
                        Bytes answer = Dialect.RTU.answer(peer.units.answer(request, peer.now));
                        peer.replyEver(TIMEOUT.multipliedBy(2), answer);
                    } else {
                        Rig.good(request, peer);
                    }
                };
        rig.run(Duration.ofSeconds(4));
        Instant owed = late.getFirst().plus(DEADLINE);
        List<Rig.Sent> meanwhile =
                rig.sent.stream()
                        .filter(s -> s.unit() == Bench.PANEL)
                        .filter(s -> s.at().isAfter(late.getFirst()))
                        .filter(s -> s.at().isBefore(owed.plus(DEADLINE)))
                        .toList();
        assertEquals(List.of(), meanwhile);
        assertTrue(
                rig.sent.stream().anyMatch(s -> s.unit() != Bench.PANEL && s.at().isAfter(owed)),
                "its neighbours wait too");
    }

    @Test
    void anActOnAUnitThatOwesAnAnswerIsNotSentAndSaysWhy() {
        Rig rig = rig(Dialect.RTU, Rig::good);
        rig.run(Duration.ofMillis(2500));
        rig.peer =
                (request, peer) -> {
                    if (request.at(6) != Bench.PANEL) {
                        Rig.good(request, peer);
                    }
                };
        rig.run(Bench.TIMINGS.fastInterval().plus(DEADLINE).plusMillis(100));
        rig.submit(1, new Exchange.ReadRegisters(Bench.PANEL, Table.HOLDING, 0, 1));
        rig.run(Duration.ofMillis(500));

        assertEquals(
                "the unit may still answer an earlier request",
                assertInstanceOf(Answer.NotSent.class, rig.answers.get(1L)).reason());
    }

    /** A repeat that falls into the next request of the same form. */
    @Test
    void anAnswerThatIsTheOneBeforeAgainIsAskedForOnceMore() {
        Rig rig = rig(Dialect.RTU, Rig::good);
        rig.run(Duration.ofMillis(2500));
        var answers = new ArrayList<Bytes>();
        rig.peer =
                (request, peer) -> {
                    Bytes right = peer.units.answer(request, peer.now);
                    boolean isSecond = request.word(8) == 101;
                    if (isSecond && answers.size() == 1) {
                        peer.reply(Rig.QUICK, answers.getFirst());
                    } else {
                        peer.reply(Rig.QUICK, right);
                    }
                    answers.add(right);
                };
        rig.run(Duration.ZERO);
        answers.clear();
        rig.submit(1, new Exchange.ReadRegisters(Bench.PANEL, Table.HOLDING, 100, 1));
        rig.submit(2, new Exchange.ReadRegisters(Bench.PANEL, Table.HOLDING, 101, 1));
        rig.run(Duration.ofMillis(200));

        assertEquals(
                Image.of(7), assertInstanceOf(Answer.Values.class, rig.answers.get(1L)).image());
        assertEquals(
                Image.of(0b1110001),
                assertInstanceOf(Answer.Values.class, rig.answers.get(2L)).image());
    }

    /** Nothing is asked again after the end, and the end comes all the same. */
    @Test
    @Timeout(30)
    void aLinkThatDoubtsAnAnswerEndsAtItsDeadline() {
        Rig rig = rig(Dialect.RTU, Rig::good);
        rig.run(Duration.ofMillis(2600));
        rig.peer =
                (request, peer) ->
                        peer.reply(
                                Rig.QUICK,
                                BenchUnits.frame(request.word(0), Bench.PANEL, "03020007"));
        rig.submit(1, new Exchange.ReadRegisters(Bench.PANEL, Table.HOLDING, NUMBER, 1));
        rig.submit(2, new Exchange.ReadRegisters(Bench.PANEL, Table.HOLDING, NUMBER + 1, 1));
        rig.run(Duration.ofMillis(13));
        int sent = rig.sent.size();
        rig.finish();
        assertFalse(rig.session.isFinished(), "an answer was awaited");
        rig.run(DEADLINE);

        assertTrue(rig.session.isFinished());
        assertEquals(sent, rig.sent.size());
        assertInstanceOf(Answer.Values.class, rig.answers.get(1L));
        assertInstanceOf(Answer.Lost.class, rig.answers.get(2L));
    }

    @Test
    void whatIsLeftOnTheLineIsThrownAwayBeforeTheFirstRequest() {
        Rig rig = rig(Dialect.RTU, Rig::good);
        rig.run(Rig.QUICK);
        for (int i = 0; i < 5; i++) {
            rig.replyRaw(Duration.ofMillis(10L * i), Bytes.ofHex("1103020005"));
        }
        rig.run(Duration.ofSeconds(5));

        assertEquals(1, rig.connects.size());
        assertTrue(
                rig.sent.getFirst().at().isAfter(Bench.START.plus(Duration.ofMillis(60))),
                () -> "first asked at " + rig.sent.getFirst().at());
        assertInstanceOf(Reading.Measured.class, rig.latest(TEMPERATURE));
    }

    @Test
    void aLineThatNeverFallsSilentIsNoLink() {
        Rig rig = rig(Dialect.RTU, Rig::good);
        rig.run(Rig.QUICK);
        for (int i = 0; i < 1000; i++) {
            rig.replyRaw(Duration.ofMillis(10L * i), Bytes.ofHex("ff"));
        }
        rig.run(Duration.ofSeconds(3).plusMillis(20));

        assertEquals(List.of(), rig.sent);
        assertEquals(
                "something talks on the line all the time",
                assertInstanceOf(LinkNews.LinkLost.class, rig.news.getFirst()).reason());
    }
}
