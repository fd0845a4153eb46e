package dev.bulkhead.agent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.agent.peer.FakeBroker;
import dev.bulkhead.agent.peer.FakeBroker.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bridge between a broker and a store that fail it: each line ends in the store or in the dead
 * letter, once, and only then is it acknowledged.
 */
@Timeout(60)
class BridgeDriverTest {
    private static final String BAD = "room,room=A1 hydrogen=\"high\" 9";
    private static final int MESSAGES = 8;

    /** More than the bridge lets wait and what the sockets between it and the broker hold. */
    private static final int MEBIBYTES = 48;

    @TempDir private Path folder;
    private final FakeStore store = new FakeStore();
    private final FakeBroker broker = new FakeBroker();
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private Optional<BridgeDriver> driver = Optional.empty();
    private Optional<Thread> running = Optional.empty();

    BridgeDriverTest() throws IOException {}

    @AfterEach
    void stop() throws IOException, InterruptedException {
        driver.ifPresent(BridgeDriver::stop);
        store.close();
        broker.close();
        if (running.isPresent()) {
            running.get().join();
        }
    }

    private Path deadLetter() {
        return folder.resolve("dead-letter.jsonl");
    }

    /** Starts a bridge that holds messages so long for a store that breaks over them. */
    private BridgeDriver bridge(Duration hold) {
        var settings =
                new BridgeSettings(
                        new Broker(
                                "tcp://127.0.0.1:" + broker.port(),
                                "a-bridge",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        "#",
                        Optional.empty(),
                        new Store(
                                Store.Kind.INFLUXDB2,
                                "http://127.0.0.1:" + store.port(),
                                "telemetry",
                                Optional.of("ops"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Duration.ofSeconds(50)),
                        deadLetter(),
                        1 << 20,
                        100,
                        Duration.ofMillis(250));
        var made =
                new BridgeDriver(
                        settings, InstantSource.fixed(Instant.EPOCH), subscribed::countDown, hold);
        driver = Optional.of(made);
        running = Optional.of(Thread.ofVirtual().start(() -> run(made)));
        return made;
    }

    private static void run(BridgeDriver driver) {
        try {
            driver.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static String good(int number) {
        return "room,room=A1 hydrogen=0.%d %d".formatted(number, number);
    }

    /** Messages of two lines, one of which in all of them is bad. */
    private void send() throws IOException {
        for (int number = 1; number <= MESSAGES; number++) {
            broker.send(1, "a", good(number) + "\n" + (number == 3 ? BAD : good(number + 10)));
        }
    }

    private static List<String> allGood() {
        return IntStream.rangeClosed(1, MESSAGES)
                .boxed()
                .flatMap(n -> n == 3 ? Stream.of(good(n)) : Stream.of(good(n), good(n + 10)))
                .sorted()
                .toList();
    }

    private List<String> stored() {
        return store.stored().stream()
                .filter(line -> !line.startsWith("bridge,"))
                .sorted()
                .toList();
    }

    private List<Integer> acknowledged() {
        return broker.connections().stream()
                .flatMap(connection -> connection.acknowledged().stream())
                .toList();
    }

    /**
     * Whether the store says that a line is to blame, or only breaks over the batch it is in: the
     * line must neither take its neighbours with it nor stand in the way for ever.
     */
    @ParameterizedTest
    @ValueSource(ints = {400, 500})
    void oneLineTheStoreBreaksOverIsPutAsideAndEveryOtherIsStoredOnce(int status)
            throws IOException, InterruptedException {
        store.breaksOver(BAD, status);
        send();
        bridge(Duration.ofMillis(100));
        await(() -> acknowledged().size() == MESSAGES);
        assertEquals(allGood(), stored());
        List<String> put = Files.readAllLines(deadLetter());
        assertEquals(1, put.size(), put::toString);
        assertTrue(put.getFirst().contains("\"reason\":\"" + status + " broken\""), put::toString);
        assertTrue(put.getFirst().contains("hydrogen=\\\"high\\\""), put::toString);
    }

    /** Else an hour of a broken store would be an hour of samples in the dead letter. */
    @ParameterizedTest
    @ValueSource(ints = {400, 500})
    void aStoreThatBreaksOverEveryLineIsAwayAndNoLineIsToBlame(int status)
            throws IOException, InterruptedException {
        bridge(Duration.ofMillis(100));
        subscribed.await();
        store.breaksOver("", status);
        send();
        Connection first = broker.connections().getFirst();
        await(first::isOver);
        assertEquals(List.of(), first.acknowledged());
        assertFalse(Files.exists(deadLetter()));

        store.breaksOver(BAD, 400);
        await(() -> acknowledged().size() == MESSAGES);
        assertEquals(allGood(), stored());
    }

    /** A bridge of 128 MB must not end by what a broker has for it. */
    @Test
    void aBrokerThatSendsMoreThanMayWaitIsHungUpOnAndKeepsIt()
            throws IOException, InterruptedException {
        bridge(Duration.ofSeconds(50));
        subscribed.await();
        var release = new CountDownLatch(1);
        store.waitsFor(release);
        broker.send(1, "a", good(1));
        await(() -> store.asked().stream().anyMatch(asked -> asked.body().contains(good(1))));
        for (int each = 0; each < MEBIBYTES; each++) {
            broker.send(1, "a", "x".repeat(1 << 20));
        }
        release.countDown();
        Connection first = broker.connections().getFirst();
        await(first::isOver);
        assertEquals(List.of(1), first.acknowledged());
    }

    /** Else one long night is paid for at every short outage of the years after. */
    @Test
    void afterItHasWorkedTheNextOutageBeginsWithTheShortestRest() throws InterruptedException {
        for (int each = 0; each < 2; each++) {
            store.answers(503, "", Map.of());
        }
        BridgeDriver bridge = bridge(Duration.ofSeconds(50));
        Duration shortest = bridge.retry();
        await(() -> bridge.retry().compareTo(shortest) > 0);
        await(() -> bridge.retry().equals(shortest));
        assertEquals(0, subscribed.getCount(), "it rests less because it works");
    }
}
