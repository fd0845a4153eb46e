package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.modbus.HostileSlave.Line;
import dev.bulkhead.agent.modbus.HostileSlave.Manner;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A slave that misbehaves, over real sockets: whatever it does, no wrong value comes of it, its
 * neighbours are read on, and it is believed again soon after it behaves.
 */
@Timeout(60)
final class HostileSlaveTest {
    private static final int LINKS = 10;
    private static final int HOSTILE = 1;
    private static final int NEIGHBOUR = 2;

    /** The unit that misbehaves, unless the whole slave does. */
    private static final int BAD_UNIT = 1;

    private static final int GOOD_UNIT = 2;

    private static final Duration FAST = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration CAP = Duration.ofSeconds(4);
    private static final LinkTimings TIMINGS =
            new LinkTimings(
                    FAST,
                    Duration.ofSeconds(5),
                    TIMEOUT,
                    Duration.ofSeconds(3),
                    Duration.ofMillis(500),
                    CAP,
                    Duration.ofSeconds(3));

    private record Heard(Instant at, Observation observation) {}

    /** What links find, one of them to the hostile slave. */
    private static final class Found {
        private final SteppedTime time;
        private final List<Heard> heard = new CopyOnWriteArrayList<>();
        private final List<Sample> samples = new CopyOnWriteArrayList<>();

        private final AtomicIntegerArray asked = new AtomicIntegerArray(LINKS);
        private final AtomicIntegerArray counts = new AtomicIntegerArray(LINKS);

        private Found(SteppedTime time) {
            this.time = time;
        }

        private LinkDriver.Findings of(int link) {
            return new LinkDriver.Findings() {
                @Override
                public void sent(Instant at, Bytes bytes) {
                    asked.incrementAndGet(link);
                }

                @Override
                public void sampled(Sample sample) {
                    silenced(sample.observations());
                    samples.add(sample);
                    counts.incrementAndGet(link);
                }

                @Override
                public void silenced(List<Observation> observations) {
                    observations.forEach(each -> heard.add(new Heard(time.now(), each)));
                }

                @Override
                public void news(LinkNews news) {}
            };
        }

        /** Whether a link whose slave is well is connected, and each request came to a sample. */
        private boolean isAtRest(int link) {
            return asked.get(link) > 0 && counts.get(link) >= asked.get(link);
        }

        private int count(int link) {
            return counts.get(link);
        }

        private List<Instant> polls(int link, int unit) {
            return samples.stream()
                    .filter(sample -> sample.device().equals(Banks.device(link, unit)))
                    .map(Sample::at)
                    .toList();
        }

        private Stream<Reading> readings(int signal) {
            return heard.stream()
                    .map(Heard::observation)
                    .filter(each -> each.signal() == signal)
                    .map(Observation::reading);
        }
    }

    private final SteppedTime time = new SteppedTime();
    private final Found found = new Found(time);

    static Stream<Arguments> whatOneUnitDoes() {
        Stream<Arguments> exceptions =
                IntStream.of(1, 2, 3, 4, 5, 6, 8, 10, 11, 99)
                        .mapToObj(
                                code ->
                                        named(
                                                "answers exception " + code,
                                                line ->
                                                        line.write(
                                                                BenchUnits.exception(
                                                                        line.request(), code))));
        return Stream.concat(
                Stream.of(
                        named(
                                "is slow",
                                line -> {
                                    line.pause(Duration.ofMillis(700));
                                    line.write(line.right());
                                }),
                        named("answers one byte at a time", HostileSlaveTest::oneByteAtATime),
                        named(
                                "answers one byte at a time for too long",
                                HostileSlaveTest::oneByteAtATimeForTooLong),
                        named(
                                "answers another transaction",
                                line -> line.write(with(line.right(), 1, line.right().at(1) + 1))),
                        named("answers what was asked before", line -> line.write(line.before())),
                        named(
                                "answers the old value first",
                                line -> line.write(line.before().plus(line.right()))),
                        named(
                                "answers after the deadline",
                                line -> {
                                    line.pause(TIMEOUT.plus(SteppedTime.STEP));
                                    line.write(line.right());
                                }),
                        named(
                                "answers as another unit",
                                line -> line.write(with(line.right(), 6, GOOD_UNIT))),
                        named(
                                "answers another function",
                                line -> line.write(with(line.right(), 7, 4))),
                        named(
                                "leaves half of the answer out",
                                line -> line.write(line.right().slice(0, 100))),
                        named(
                                "says that it answers less",
                                line -> line.write(shortened(line.right()))),
                        named(
                                "answers too much",
                                line -> line.write(line.right().plus(Bytes.ofHex("0000")))),
                        named("answers 60 000 bytes", line -> line.write(oversize(line.right()))),
                        named(
                                "answers as a web server",
                                line ->
                                        line.write(
                                                Bytes.ofHex("485454502f312e31203430302042616420"))),
                        named("never answers", _ -> {})),
                exceptions);
    }

    static Stream<Arguments> whatTheWholeSlaveDoes() {
        return Stream.of(
                named(
                        "closes after three requests",
                        line -> {
                            line.write(line.right());
                            if (line.number() == 3) {
                                line.close();
                            }
                        }),
                named("closes instead of answering", Line::close),
                named(
                        "closes in the middle of an answer",
                        line -> {
                            line.write(line.right().slice(0, 100));
                            line.close();
                        }),
                named("accepts and never answers", _ -> {}),
                named(
                        "answers twice",
                        line -> {
                            line.write(line.right());
                            line.pause(Duration.ofMillis(100));
                            line.write(line.right());
                        }));
    }

    private static Arguments named(String name, Manner manner) {
        return Arguments.argumentSet(name, manner);
    }

    private static void oneByteAtATime(Line line) throws IOException {
        for (int i = 0; i < line.right().length(); i++) {
            line.write(line.right().slice(i, i + 1));
        }
        line.wasAnsweredRightly();
    }

    private static void oneByteAtATimeForTooLong(Line line)
            throws IOException, InterruptedException {
        for (int i = 0; i < line.right().length(); i++) {
            line.pause(SteppedTime.STEP);
            line.write(line.right().slice(i, i + 1));
        }
    }

    private static Bytes with(Bytes right, int index, int value) {
        byte[] bytes = right.toArray();
        bytes[index] = (byte) value;
        return Bytes.of(bytes);
    }

    /** A whole frame with two registers less. */
    private static Bytes shortened(Bytes right) {
        Bytes less = right.slice(0, right.length() - 4);
        return with(with(less, 5, less.length() - 6), 8, less.length() - 9);
    }

    private static Bytes oversize(Bytes right) {
        return with(right, 4, 0xEA).plus(Bytes.of(new byte[60_000]));
    }

    private static Bytes swapped(Line line) {
        return line.ofUnit(line.unit() == BAD_UNIT ? GOOD_UNIT : BAD_UNIT);
    }

    /** Two links; the slave of one misbehaves for a while, and then no more. */
    private Banks suffer(Manner manner, boolean isOneUnit) throws InterruptedException {
        try (var hostile = new HostileSlave(HOSTILE, time);
                var good = new HostileSlave(NEIGHBOUR, time)) {
            var banks = new Banks(List.of(Banks.NOWHERE, hostile.port(), good.port()), 2, 100);
            hostile.serve(banks);
            good.serve(banks);
            time.stepsOnlyWhile(() -> found.count(HOSTILE) > 0);
            time.stepsOnlyWhile(() -> found.isAtRest(NEIGHBOUR));
            if (isOneUnit) {
                time.stepsOnlyWhile(() -> hasSampledAllOf(hostile));
            }
            try (LinkDriver _ = drive(banks, HOSTILE);
                    LinkDriver _ = drive(banks, NEIGHBOUR)) {
                time.run(Duration.ofSeconds(2));
                hostile.behave(manner);
                time.run(Duration.ofSeconds(12));
                hostile.behave(HostileSlave::good);
                Instant end = time.now();
                time.run(TIMEOUT.plus(CAP).plus(SteppedTime.STEP.multipliedBy(4)));
                checkRecovered(banks, end);
            }
            found.heard.forEach(each -> checkOwn(banks, each));
            checkUntouched(NEIGHBOUR);
            return banks;
        }
    }

    private boolean hasSampledAllOf(HostileSlave slave) {
        return IntStream.of(BAD_UNIT, GOOD_UNIT)
                .allMatch(unit -> found.polls(HOSTILE, unit).size() >= slave.rightly(unit));
    }

    private LinkDriver drive(Banks banks, int link) {
        return LinkDriver.start(
                banks.session(link, TIMINGS, time.now()),
                banks.gateway(link),
                time.view(),
                found.of(link));
    }

    private static void checkOwn(Banks banks, Heard heard) {
        if (heard.observation().reading() instanceof Reading.Measured measured) {
            banks.check(heard.observation().signal(), measured, heard.at(), "hostile slave");
        }
    }

    private void checkRecovered(Banks banks, Instant since) {
        for (int unit : List.of(BAD_UNIT, GOOD_UNIT)) {
            Reading latest =
                    found.readings(banks.signal(HOSTILE, unit))
                            .reduce((_, last) -> last)
                            .orElseThrow();
            assertInstanceOf(Reading.Measured.class, latest, "unit " + unit);
            assertTrue(latest.at().isAfter(since), "unit " + unit + " was last read at " + latest);
        }
    }

    private void checkUntouched(int link) {
        for (int unit : List.of(BAD_UNIT, GOOD_UNIT)) {
            List<Duration> intervals = intervals(found.polls(link, unit));
            assertTrue(intervals.size() >= 17, intervals.size() + " polls");
            for (Duration extreme : List.of(intervals.getFirst(), intervals.getLast())) {
                assertTrue(
                        extreme.minus(FAST).abs().multipliedBy(10).compareTo(FAST) <= 0,
                        "the neighbour's interval is " + extreme);
            }
        }
    }

    /** Between polls, shortest first. */
    private static List<Duration> intervals(List<Instant> polls) {
        return IntStream.range(1, polls.size())
                .mapToObj(i -> Duration.between(polls.get(i - 1), polls.get(i)))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("whatOneUnitDoes")
    void aHostileUnitGivesNoWrongValueCostsItsNeighboursADeadlineAtMostAndComesBack(Manner manner)
            throws InterruptedException {
        Manner good = HostileSlave::good;
        suffer(line -> (line.unit() == BAD_UNIT ? manner : good).answer(line), true);

        Duration longest = intervals(found.polls(HOSTILE, GOOD_UNIT)).getLast();
        assertTrue(
                longest.compareTo(FAST.plus(TIMEOUT).plus(SteppedTime.STEP.multipliedBy(2))) <= 0,
                "behind the same gateway the neighbour waited " + longest);
    }

    @ParameterizedTest
    @MethodSource("whatTheWholeSlaveDoes")
    void aHostileSlaveGivesNoWrongValueDoesntTouchOtherLinksAndComesBack(Manner manner)
            throws InterruptedException {
        suffer(manner, false);
    }

    /** Two devices that answer in each other's place show who they are in every answer. */
    @Test
    void swappedDevicesAreNotBelieved() throws InterruptedException {
        Banks banks = suffer(line -> line.write(swapped(line)), false);

        for (int unit : List.of(BAD_UNIT, GOOD_UNIT)) {
            assertTrue(
                    found.readings(banks.signal(HOSTILE, unit))
                            .anyMatch(
                                    reading ->
                                            reading instanceof Reading.Invalid invalid
                                                    && invalid.reason().startsWith("identity")),
                    "unit " + unit);
        }
    }

    /** Nine links are well; to the tenth a connection stands and nothing is ever said. */
    @Test
    void oneOfTenThatNeverAnswersIsConnectedToFewTimesAndOnceAtATime() throws InterruptedException {
        List<HostileSlave> slaves =
                IntStream.range(0, LINKS).mapToObj(link -> new HostileSlave(link, time)).toList();
        var banks = new Banks(slaves.stream().map(HostileSlave::port).toList(), 2, 10);
        slaves.forEach(slave -> slave.serve(banks));
        HostileSlave silent = slaves.get(HOSTILE);
        silent.behave(_ -> {});
        var links = new ArrayList<LinkDriver>();
        try {
            for (int link = 0; link < LINKS; link++) {
                int each = link;
                time.stepsOnlyWhile(() -> each == HOSTILE || found.isAtRest(each));
                links.add(drive(banks, link));
            }
            time.run(Duration.ofSeconds(30));

            for (int link = 0; link < LINKS; link++) {
                if (link == HOSTILE) {
                    assertEquals(0, found.count(link));
                } else {
                    assertEquals(60, found.count(link), 4, "polls of link " + link);
                    assertEquals(1, slaves.get(link).accepted().size(), "connections of " + link);
                }
            }
            // Each of two units after 1, 2 and then every 4 s, each time for one deadline.
            assertEquals(silent.requests().size(), silent.accepted().size(), 1);
            assertTrue(silent.accepted().size() <= 18, silent.accepted().size() + " connections");
            assertTrue(silent.requests().stream().allMatch(each -> each.at(7) == 3), "a write");
        } finally {
            links.forEach(LinkDriver::close);
            slaves.forEach(HostileSlave::close);
        }
    }
}
