package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An hour with one of ten devices dead: how often it is tried, what it costs the nine others, and
 * that nothing is asked of anybody that need not be. A card in a dead UPS that is hammered with
 * connections often needs a person to go there and restart it.
 */
final class DeadDevicesTest {
    private static final int DEVICES = 10;
    private static final int DEAD = 4;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration FAST = Bench.TIMINGS.fastInterval();

    /** Five more than the back-off's cap allows, while it still doubles up to there. */
    private static final int FIRST_MINUTE = 11;

    private static final Banks ON_LINKS = new Banks(Collections.nCopies(DEVICES, 1), 1, 10);
    private static final Banks ON_ONE_LINK = new Banks(List.of(Banks.NOWHERE), DEVICES, 10);

    /** A kind of dead link, and how often it may be tried in a minute: each 7.5 s at most. */
    static Stream<Arguments> deadLinks() {
        return Stream.of(
                link("refuses connections", rig -> rig.isReachable = false, 9),
                link("lets attempts to connect go unanswered", rig -> rig.isSwallowed = true, 6),
                link("accepts and never answers", rig -> rig.peer = (_, _) -> {}, 7),
                link(
                        "accepts and closes",
                        rig -> rig.peer = (_, wire) -> wire.close(Rig.QUICK),
                        9));
    }

    private static Arguments link(String name, Consumer<Rig> fault, int mostInAMinute) {
        return Arguments.argumentSet(name, fault, mostInAMinute);
    }

    @ParameterizedTest
    @MethodSource("deadLinks")
    void aDeadLinkIsTriedAFewTimesAMinuteAndItsNeighboursAreReadOn(
            Consumer<Rig> fault, int mostInAMinute) {
        for (int link = 0; link < DEVICES; link++) {
            Rig rig = rig(ON_LINKS, link);
            if (link == DEAD) {
                fault.accept(rig);
            }
            rig.run(HOUR);

            checkReadsOnly(rig);
            if (link == DEAD) {
                checkRate(rig.connects, mostInAMinute);
                checkRate(rig.sent.stream().map(Rig.Sent::at).toList(), mostInAMinute);
                assertTrue(rig.connects.size() > 200, "it is tried on: " + rig.connects.size());
            } else {
                assertEquals(3600, rig.samples.size(), 1);
                assertEquals(1, rig.connects.size());
            }
        }
    }

    static Stream<Arguments> deadUnits() {
        return Stream.of(
                unit("never answers", (_, _) -> {}, 7, 7),
                unit("is half-open: answers half", DeadDevicesTest::half, 7, 7),
                unit(
                        "is missed by its gateway",
                        (request, rig) -> rig.reply(Rig.QUICK, BenchUnits.exception(request, 11)),
                        9,
                        0),
                unit(
                        "is slow",
                        (request, rig) -> right(Duration.ofMillis(600), request, rig),
                        60,
                        0));
    }

    private static Arguments unit(
            String name, Rig.Peer peer, int mostAskedInAMinute, int mostConnectsInAMinute) {
        return Arguments.argumentSet(name, peer, mostAskedInAMinute, mostConnectsInAMinute);
    }

    @ParameterizedTest
    @MethodSource("deadUnits")
    void aDeadUnitIsAskedAFewTimesAMinuteAndItsNeighboursLoseNoMoreTurnsThanThat(
            Rig.Peer peer, int mostAskedInAMinute, int mostConnectsInAMinute) {
        Rig rig = rig(ON_ONE_LINK, 0);
        Rig.Peer good = rig.peer;
        rig.peer = (request, wire) -> (request.at(6) == DEAD ? peer : good).asked(request, wire);
        rig.run(HOUR);

        checkReadsOnly(rig);
        List<Instant> asked =
                rig.sent.stream().filter(sent -> sent.unit() == DEAD).map(Rig.Sent::at).toList();
        checkRate(asked, mostAskedInAMinute);
        assertTrue(asked.size() > 200, "it is asked on: " + asked.size());
        checkRate(rig.connects.subList(1, rig.connects.size()), mostConnectsInAMinute);
        int lost = 2 * asked.size();
        for (int unit : IntStream.rangeClosed(1, DEVICES).filter(each -> each != DEAD).toArray()) {
            long polls =
                    rig.samples.stream()
                            .filter(sample -> sample.device().equals(Banks.device(0, unit)))
                            .count();
            assertTrue(polls >= HOUR.dividedBy(FAST) - lost, "unit " + unit + " has " + polls);
        }
    }

    /** It proves who is there, again and again, and no reading comes; or a reading each time. */
    @ParameterizedTest
    @CsvSource({"1, false, 9", "1, true, 9", "3, false, 160", "3, true, 160"})
    void aPeerThatHangsUpAfterEachAnswerIsNotConnectedToAsFastAsItAnswers(
            int answers, boolean isClosedAfterPoll, int mostInAMinute) {
        var left = new AtomicInteger(answers);
        Rig rig =
                Bench.rig(
                        new Link.Tcp("h", 502),
                        new Courtesy(isClosedAfterPoll, Duration.ZERO, Rig.QUICK),
                        Dialect.MBAP,
                        (request, wire) -> {
                            Rig.good(request, wire);
                            if (left.decrementAndGet() == 0) {
                                left.set(answers);
                                wire.close(Rig.QUICK);
                            }
                        });
        rig.run(Duration.ofMinutes(10));

        checkRate(rig.connects, mostInAMinute);
    }

    private static Rig rig(Banks banks, int link) {
        return new Rig(
                banks.session(link, Bench.TIMINGS, Bench.START),
                (request, wire) ->
                        wire.reply(
                                Rig.QUICK, banks.answer(link, request.at(6), request, wire.now)));
    }

    private static void right(Duration after, Bytes request, Rig rig) {
        rig.reply(after, ON_ONE_LINK.answer(0, request.at(6), request, rig.now));
    }

    private static void half(Bytes request, Rig rig) {
        rig.reply(Rig.QUICK, ON_ONE_LINK.answer(0, request.at(6), request, rig.now).slice(0, 14));
    }

    private static void checkReadsOnly(Rig rig) {
        assertTrue(
                rig.sent.stream().allMatch(sent -> sent.function() == 3), "something is written");
    }

    /** No minute has more than this, but for the first, and there is no burst. */
    private static void checkRate(List<Instant> times, int mostInAMinute) {
        var minutes = new TreeMap<Long, Integer>();
        times.forEach(
                at ->
                        minutes.merge(
                                Duration.between(Bench.START, at).toMinutes(), 1, Integer::sum));
        minutes.forEach(
                (minute, count) ->
                        assertTrue(
                                count
                                        <= (minute == 0
                                                ? Math.max(FIRST_MINUTE, mostInAMinute)
                                                : mostInAMinute),
                                count + " in minute " + minute));
    }
}
