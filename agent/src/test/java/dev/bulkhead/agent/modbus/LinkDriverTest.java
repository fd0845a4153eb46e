package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.ScaledTime;
import dev.bulkhead.agent.modbus.LoopbackUnits.Manner;
import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.Link;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LinkDriverTest {
    private static final Exchange STATUS =
            new Exchange.ReadRegisters(Bench.PANEL, Table.HOLDING, 0, 1);

    private static final LinkTimings TIMINGS =
            new LinkTimings(
                    Duration.ofMillis(100),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(20),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(2));

    private final BlockingQueue<Reading> readings = new LinkedBlockingQueue<>();
    private final BlockingQueue<LinkNews> news = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final AgentTime time = AgentTime.system();
    private final Queue<WeakReference<Thread>> wires = new ConcurrentLinkedQueue<>();
    private volatile boolean hasBug;

    private LinkDriver drive(int port) {
        return drive(port, time);
    }

    private LinkDriver drive(int port, AgentTime agentTime) {
        var bench = new Bench(port);
        return LinkDriver.start(
                bench.session(TIMINGS.onWall(agentTime), agentTime.now()),
                bench.gateway(),
                agentTime,
                findings);
    }

    private final LinkDriver.Findings findings =
            new LinkDriver.Findings() {
                // What goes out first on a connection is sent by the thread that made it.
                @Override
                public void sent(Instant at, Bytes bytes) {
                    if (Thread.currentThread().getName().startsWith("wire-")) {
                        wires.add(new WeakReference<>(Thread.currentThread()));
                    }
                }

                @Override
                public void sampled(Sample sample) {
                    if (hasBug) {
                        throw new IllegalStateException("a bug, as this test wants it");
                    }
                    silenced(sample.observations());
                }

                @Override
                public void silenced(List<Observation> observations) {
                    observations.forEach(each -> readings.add(each.reading()));
                }

                @Override
                public void news(LinkNews edge) {
                    news.add(edge);
                }
            };

    /** How many of the connections' threads something still holds. */
    private long wiresInMemory() {
        System.gc();
        return wires.stream().map(WeakReference::get).filter(Objects::nonNull).distinct().count();
    }

    private static <T> T await(BlockingQueue<T> queue, Predicate<T> wanted)
            throws InterruptedException {
        while (true) {
            T next = queue.poll(30, TimeUnit.SECONDS);
            assertTrue(next != null, "nothing came for 30 s");
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    /** Waits for readings, which come all the time, until the condition holds. */
    private void awaitReadingsUntil(BooleanSupplier condition) throws InterruptedException {
        await(readings, _ -> condition.getAsBoolean());
    }

    @Test
    void readingsComeAndAnActIsAnswered() throws InterruptedException {
        try (var units = new LoopbackUnits(0, (_, _) -> Manner.ANSWER);
                LinkDriver link = drive(units.port())) {
            await(readings, Reading.Measured.class::isInstance);
            link.submit(
                    new Exchange.WriteCoil(
                            Bench.PANEL, 0, Bench.breaker(1), Leaves.leave("Q1", time.now())),
                    answers::add);
            assertInstanceOf(Answer.Written.class, await(answers, _ -> true));
            link.submit(STATUS, answers::add);
            assertInstanceOf(Answer.Values.class, await(answers, _ -> true));
        }
    }

    /** Who reads the connection deals with what it reads: a bug there must not go unseen. */
    @Test
    void aBugOnTheConnectionsThreadEndsTheLink() throws InterruptedException {
        try (var units = new LoopbackUnits(0, (_, _) -> Manner.ANSWER);
                LinkDriver link = drive(units.port())) {
            await(readings, Reading.Measured.class::isInstance);
            hasBug = true;
            link.awaitEnd(Duration.ofSeconds(30));
            assertFalse(link.isRunning());
            link.submit(STATUS, answers::add);
            assertInstanceOf(Answer.NotSent.class, await(answers, _ -> true));
        }
    }

    @Test
    void aGatewayThatIsDownIsTriedUntilItIsUp() throws InterruptedException {
        int port;
        try (var units = new LoopbackUnits(0, (_, _) -> Manner.ANSWER)) {
            port = units.port();
        }
        try (LinkDriver link = drive(port)) {
            await(news, LinkNews.LinkLost.class::isInstance);
            link.submit(STATUS, answers::add);
            assertInstanceOf(Answer.NotSent.class, await(answers, _ -> true));
            try (var units = new LoopbackUnits(port, (_, _) -> Manner.ANSWER)) {
                await(news, LinkNews.LinkBack.class::isInstance);
                await(readings, Reading.Measured.class::isInstance);
                assertEquals(1, units.open());
            }
        }
    }

    /** As of a disk that hangs. Else each try would hold a thread more, and at last all of them. */
    @Test
    void aCertificateThatCannotBeReadHoldsUpItsOwnConnectionOnly(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path trust = folder.resolve("ca.pem");
        assertEquals(0, new ProcessBuilder("mkfifo", trust.toString()).start().waitFor());
        try (var units = new LoopbackUnits(0, (_, _) -> Manner.ANSWER);
                LinkDriver good = drive(units.port())) {
            var link =
                    new Link.Tls(
                            "127.0.0.1", units.port(), "bench", trust.toString(), Optional.empty());
            var bench =
                    new Bench(
                            new Gateway(
                                    Bench.GATEWAY,
                                    link,
                                    new Courtesy(false, Duration.ZERO, Duration.ZERO)));
            LinkDriver hung =
                    LinkDriver.start(
                            bench.session(TIMINGS.onWall(time), time.now()),
                            bench.gateway(),
                            time,
                            findings);
            try {
                Instant begun = time.now();
                awaitReadingsUntil(() -> time.now().isAfter(begun.plusSeconds(4)));
                assertTrue(good.isRunning());
                assertEquals(2, units.accepted(), "one connection each");
            } finally {
                // Who opens the other end of a pipe lets go of the one that waits.
                Files.writeString(trust, "not PEM");
                hung.close();
            }
        }
    }

    @Test
    void aPeerThatKeepsClosingCostsNoSocketNoThreadAndNoMemory() throws InterruptedException {
        try (var units =
                new LoopbackUnits(
                        0, (n, _) -> n % 5 == 0 ? Manner.ANSWER_AND_CLOSE : Manner.ANSWER)) {
            try (LinkDriver link = drive(units.port())) {
                awaitReadingsUntil(() -> units.accepted() > 20 && wires.size() > 5);
                assertTrue(units.open() <= 1, units.open() + " open");
                assertTrue(link.isRunning());
                awaitReadingsUntil(() -> wiresInMemory() <= 2);
            }
        }
    }

    @Test
    void aSilentUnitDelaysAnActByItsOwnDeadlineAtMost() throws InterruptedException {
        try (var units =
                        new LoopbackUnits(
                                0,
                                (_, r) ->
                                        r.at(6) == Bench.LOOPS
                                                ? Manner.SAY_NOTHING
                                                : Manner.ANSWER);
                LinkDriver link = drive(units.port())) {
            await(readings, Reading.Measured.class::isInstance);
            long start = System.nanoTime();
            link.submit(STATUS, answers::add);
            await(answers, _ -> true);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(TIMINGS.requestTimeout().multipliedBy(3)) < 0, "" + took);
        }
    }

    @Test
    void closingAnswersWhatIsUnderWayAndRefusesWhatComesAfter() throws InterruptedException {
        try (var units =
                new LoopbackUnits(
                        0,
                        (_, r) ->
                                r.word(10) == 1 && r.word(8) == 0
                                        ? Manner.SAY_NOTHING
                                        : Manner.ANSWER)) {
            LinkDriver link = drive(units.port());
            await(readings, Reading.Measured.class::isInstance);
            link.submit(STATUS, answers::add);
            link.close();

            Answer answer = await(answers, _ -> true);
            assertTrue(
                    answer instanceof Answer.Lost || answer instanceof Answer.NotSent, "" + answer);
            assertFalse(link.isRunning());
            link.submit(STATUS, answers::add);
            assertInstanceOf(Answer.NotSent.class, await(answers, _ -> true));
            link.close();
        }
    }

    @Test
    void atTenTimesTheSpeedSocketsStillGetTheirTimeOnTheWall() throws InterruptedException {
        var fast = new ScaledTime(Bench.START, 10);
        assertEquals(Duration.ofSeconds(10), TIMINGS.onWall(fast).requestTimeout());
        assertEquals(Duration.ofMillis(100), TIMINGS.onWall(fast).fastInterval());
        assertEquals(Duration.ofMillis(100), fast.wall(Duration.ofSeconds(1)));
        try (var units = new LoopbackUnits(0, (_, _) -> Manner.ANSWER);
                LinkDriver _ = drive(units.port(), fast)) {
            Reading reading = await(readings, Reading.Measured.class::isInstance);
            assertFalse(reading.at().isBefore(Bench.START));
        }
    }
}
