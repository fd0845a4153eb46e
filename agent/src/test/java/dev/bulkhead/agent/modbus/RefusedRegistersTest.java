package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A device that lacks some registers loses what stands in them, and nobody loses anything else. */
final class RefusedRegistersTest {
    private static final Bench BENCH = new Bench(502);
    private static final DeviceId BMS = new DeviceId("bms");

    // Past the last turn of every slot, and before the next.
    private static final Duration SOME_TURNS = Duration.ofMillis(30_900);

    /** Values of the string's BMS, by their registers. */
    private static final Map<Integer, String> VALUES =
            Map.of(
                    40075,
                    "bms.Contactor",
                    40083,
                    "bms.A",
                    40084,
                    "bms.V",
                    40087,
                    "bms.CellVMin",
                    40094,
                    "bms.ModTmpAvg",
                    40123,
                    "bms.module[1].ModCellVMin",
                    40123 + 32,
                    "bms.module[3].ModCellVMin",
                    40126 + 16 * 16,
                    "bms.module[17].ModCellTmpMax");

    /** Refuses what is asked of the BMS and touches this register. */
    private static Rig.Peer lacking(int register, int code) {
        return refusing(
                (address, count) -> register >= address && register < address + count, code);
    }

    private static Rig.Peer refusing(BiPredicate<Integer, Integer> refused, int code) {
        return (request, rig) ->
                rig.reply(
                        Rig.QUICK,
                        request.at(6) == Bench.STRING
                                        && refused.test(request.word(8), request.word(10))
                                ? BenchUnits.exception(request, code)
                                : rig.units.answer(request, rig.now));
    }

    private static Rig run(Rig.Peer peer) {
        var rig = new Rig(BENCH.session(), peer);
        rig.run(SOME_TURNS);
        return rig;
    }

    private static long measured(Rig rig, Signal signal) {
        return rig.readings(signal.index()).filter(Reading.Measured.class::isInstance).count();
    }

    /** Mark, two headers and the end. */
    private static final int WALK = 4;

    /** Two registers at a time: where the models are. */
    private static boolean isOfWalk(Rig.Sent sent) {
        return sent.bytes().word(10) == 2;
    }

    private static List<Rig.Sent> sentToBms(Rig rig, Instant since) {
        return rig.sent.stream()
                .filter(sent -> sent.unit() == Bench.STRING && sent.at().isAfter(since))
                .toList();
    }

    @Test
    void oneMissingRegisterCostsNoOtherValueASample() {
        Rig whole = run(Rig::good);
        VALUES.forEach(
                (register, id) -> {
                    for (int code = 1; code <= 3; code++) {
                        Rig rig = run(lacking(register, code));
                        String which = id + ", exception " + code;
                        for (Signal signal : BENCH.signals.all()) {
                            if (signal.index() != BENCH.signal(id)) {
                                // What is read apart from its model's ID waits for it: the last.
                                long waits = signal.device().equals(BMS) ? 1 : 0;
                                assertTrue(
                                        measured(whole, signal) - waits <= measured(rig, signal),
                                        signal.id() + " without " + which);
                            }
                        }
                        checkMissing(rig, register, id, "exception " + code);
                    }
                });
    }

    private static void checkMissing(Rig rig, int register, String id, String reason) {
        assertEquals(0, measured(rig, BENCH.signals.get(BENCH.signal(id))), id);
        Reading latest = rig.latest(BENCH.signal(id));
        assertInstanceOf(Reading.Invalid.class, latest, id);
        assertTrue(latest.toString().contains(reason), latest::toString);
        Duration age = Duration.between(latest.at(), rig.now);
        assertTrue(age.compareTo(Duration.ofSeconds(6)) < 0, id + " was told " + age + " ago");
        assertEquals(1, rig.news.size(), rig.news::toString);
        var refused = assertInstanceOf(LinkNews.ValuesRefused.class, rig.news.getFirst());
        assertEquals(BMS, refused.device());
        assertEquals(new Extent(Table.HOLDING, register, 1), refused.extent());
        assertEquals(List.of(id.substring("bms.".length())), refused.points());
        assertTrue(refused.reason().startsWith(reason), refused.reason());
    }

    /** In the long run a missing register costs a request now and then and one more each turn. */
    @Test
    void aMissingRegisterIsAskedForAsOftenAsADeadDeviceIs() {
        Rig rig = run(lacking(40084, 2));
        rig.run(Duration.ofMinutes(20));
        Instant since = rig.now;
        rig.run(Duration.ofMinutes(10));

        long probes =
                sentToBms(rig, since).stream()
                        .filter(sent -> sent.bytes().word(8) == 40084)
                        .count();
        assertTrue(Math.abs(probes - 60) <= 1, probes + " probes");
        // 600 fast turns in two parts, 120 slow ones of three blocks.
        long turns = sentToBms(rig, since).size() - probes;
        assertTrue(Math.abs(turns - (2 * 600 + 3 * 120)) <= 3, turns + " requests");
    }

    @Test
    void aRegisterThatIsThereAgainIsFoundAgainAndReadWithItsNeighbours() {
        Rig rig = run(lacking(40084, 2));
        rig.run(Duration.ofMinutes(20));
        rig.peer = Rig::good;
        Instant healed = rig.now;
        rig.run(Duration.ofMinutes(5));

        assertInstanceOf(Reading.Measured.class, rig.latest(BENCH.signal("bms.V")));
        assertEquals(2, rig.news.size(), rig.news::toString);
        assertEquals(
                new LinkNews.ValuesBack(BMS, new Extent(Table.HOLDING, 40084, 1), List.of("V")),
                rig.news.getLast());
        rig.run(Duration.ofSeconds(2));
        Instant since = rig.now;
        rig.run(Duration.ofSeconds(10));
        int turns = sentToBms(rig, since).size();
        assertTrue(Math.abs(turns - (10 + 2 * 3)) <= 1, turns + " requests");
        assertTrue(healed.isBefore(since));
    }

    /** A gateway that is started anew forgets; the agent doesn't. */
    @Test
    void whatIsMissingIsRememberedOverAReconnect() {
        Rig rig = run(lacking(40084, 2));
        Instant before = rig.now;
        rig.close(Rig.QUICK);
        rig.run(Duration.ofSeconds(20));

        assertTrue(rig.connects.size() > 1);
        assertTrue(
                sentToBms(rig, before).stream()
                        .filter(sent -> sent.bytes().word(8) != 40084)
                        .noneMatch(
                                sent ->
                                        sent.bytes().word(8) < 40084
                                                && sent.bytes().word(8) + sent.bytes().word(10)
                                                        > 40084));
        assertEquals(1, rig.news.size(), rig.news::toString);
    }

    @Test
    void aDeviceThatIsBusyIsNotTakenApart() {
        for (int code : new int[] {4, 5, 6, 8, 10, 11}) {
            Rig rig = run(lacking(40084, code));
            assertTrue(
                    sentToBms(rig, Instant.MIN).stream()
                            .allMatch(sent -> isOfWalk(sent) || sent.bytes().word(10) >= 48),
                    "exception " + code);
        }
    }

    @Test
    void aDeviceThatGivesLittleAtATimeIsAskedForLittleAtATime() {
        Rig whole = run(Rig::good);
        Rig rig = run(refusing((_, count) -> count > 26, 3));

        for (Signal signal : BENCH.signals.all()) {
            assertTrue(measured(whole, signal) <= measured(rig, signal), signal.id().toString());
        }
        // The five blocks of the string, each said once.
        assertEquals(5, rig.news.size(), rig.news::toString);
        rig.news.forEach(news -> assertInstanceOf(LinkNews.ReadInParts.class, news));
    }

    /** It may be starting: it is asked as before, and looked into more and more seldom. */
    @Test
    void aDeviceThatRefusesAllIsAskedAsBefore() {
        Rig whole = run(Rig::good);
        int[] steps = {0};
        Rig rig = run(refusing((address, _) -> ++steps[0] > WALK && address >= 40070, 2));
        for (Signal signal : BENCH.signals.all()) {
            long expected = signal.device().equals(BMS) ? 0 : measured(whole, signal);
            assertEquals(expected, measured(rig, signal), signal.id().toString());
        }
        assertEquals(4, rig.news.size(), rig.news::toString);
        rig.run(Duration.ofMinutes(10));
        Instant since = rig.now;
        rig.run(Duration.ofSeconds(60));
        assertTrue(sentToBms(rig, since).size() < 60 + 3 * 12 + 250);
        rig.peer = Rig::good;
        rig.run(Duration.ofSeconds(6));
        assertInstanceOf(Reading.Measured.class, rig.latest(BENCH.signal("bms.V")));
        assertEquals(8, rig.news.size(), rig.news::toString);
    }

    /** While parts are looked for, units that are due are asked first. */
    @Test
    void lookingForPartsDelaysNobodyByMoreThanOneRequest() {
        Duration slow = Duration.ofMillis(40);
        Duration usual = latestPoll(slowAndLacking(slow, new int[0]));
        for (long seed = 0; seed < 50; seed++) {
            var random = new SplittableRandom(seed);
            // In one piece, so that what is left is read in no more than two requests a block.
            int first = random.nextInt(40118, 40300);
            int[] lacking = IntStream.range(first, random.nextInt(first + 16, 40391)).toArray();
            Duration late = latestPoll(slowAndLacking(slow, lacking));
            assertTrue(
                    late.compareTo(usual.plus(slow)) <= 0,
                    "late by " + late + ", usually " + usual + ", seed " + seed);
        }
    }

    /** A string's BMS that takes its time and lacks registers, and neighbours that do neither. */
    private static Rig.Peer slowAndLacking(Duration slow, int[] lacking) {
        return (request, rig) -> {
            if (request.at(6) != Bench.STRING) {
                Rig.good(request, rig);
                return;
            }
            int address = request.word(8);
            int end = address + request.word(10);
            boolean isRefused =
                    IntStream.of(lacking).anyMatch(each -> each >= address && each < end);
            rig.reply(
                    slow,
                    isRefused
                            ? BenchUnits.exception(request, 2)
                            : rig.units.answer(request, rig.now));
        };
    }

    /** How much later than one interval after the one before a poll of the panel came at most. */
    private static Duration latestPoll(Rig.Peer peer) {
        var rig = new Rig(BENCH.session(), peer);
        rig.run(Duration.ofSeconds(10));
        List<Instant> polls =
                rig.sent.stream()
                        .filter(sent -> sent.unit() == Bench.PANEL)
                        .filter(sent -> sent.bytes().word(8) == 0)
                        .map(Rig.Sent::at)
                        .toList();
        return IntStream.range(1, polls.size())
                .mapToObj(i -> Duration.between(polls.get(i - 1), polls.get(i)))
                .map(gap -> gap.minus(Bench.TIMINGS.fastInterval()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
