package dev.bulkhead.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.Facility;
import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.agent.peer.FakeBroker;
import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.site.RoomId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PublishDriverTest {
    private static final Path SITE = Path.of("../simulator/src/main/sites/two-rooms/site.yaml");
    private static final String TOPIC = "bulkhead/two-rooms/alarm/";

    /** As many as may be under way at once. */
    private static final int MOST_UNDER_WAY = 1000;

    @TempDir private Path folder;
    private final CountDownLatch hang = new CountDownLatch(1);
    private final FakeBroker broker = new FakeBroker();
    private Optional<SpoolDriver> hanging = Optional.empty();
    private final Topics topics = new Topics("two-rooms");
    private final Standing standing = new Standing(topics);

    PublishDriverTest() throws IOException {}

    @AfterEach
    void end() throws IOException, InterruptedException {
        hang.countDown();
        broker.close();
        // It goes on writing to the folder, which is about to be deleted.
        if (hanging.isPresent()) {
            hanging.get().stop(Duration.ofSeconds(30));
        }
    }

    private void alarm(String id) {
        standing.alarm(
                new AlarmId(id),
                new RoomId("A1"),
                AlarmState.UNACKNOWLEDGED,
                Instant.EPOCH,
                "why",
                Instant.EPOCH);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private boolean isTaken(String start) {
        return broker.taken().stream().anyMatch(one -> one.startsWith(start));
    }

    private long alarmsTaken() {
        return broker.taken().stream().filter(one -> one.startsWith(TOPIC)).count();
    }

    private SpoolDriver spool(SpoolFolder on) {
        Facility facility = Facility.load(SITE).orElseThrow();
        var lines = new Lines(facility.site(), facility.signals());
        return new SpoolDriver(on, 1 << 20, lines, AgentTime.system());
    }

    private PublishDriver publisher(SpoolDriver spool) {
        var to =
                new Broker(
                        "tcp://127.0.0.1:" + broker.port(),
                        "bulkhead",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        return new PublishDriver(to, topics, standing, spool);
    }

    /** In a fire the alarm counts, whatever has become of the disk that samples go to. */
    @Test
    void anAlarmGoesOutWhileTheDiskHangs() throws Exception {
        SpoolDriver spool = spool(new HangingFolder(new SpoolFolder.OnDisk(folder), hang));
        PublishDriver publisher = publisher(spool);
        hanging = Optional.of(spool);
        spool.start();
        publisher.start();
        await(() -> isTaken("bulkhead/two-rooms/agent {\"agent\":\"online\"}"));
        alarm("late");
        await(() -> isTaken(TOPIC + "late"));
        publisher.stop();
        assertTrue(isTaken("bulkhead/two-rooms/agent {\"agent\":\"offline\"}"));
    }

    @Test
    void whatChangedLastIsToldBeforeTheGoodBye() throws Exception {
        PublishDriver publisher = publisher(spool(new SpoolFolder.OnDisk(folder)));
        publisher.start();
        await(() -> isTaken("bulkhead/two-rooms/agent"));
        alarm("last");
        publisher.stop();
        assertTrue(isTaken(TOPIC + "last"), () -> "" + broker.taken());
    }

    /** A client takes only so many under way, and fails on the next one. */
    @Test
    void moreAlarmsThanMayBeUnderWayGoOutOneAfterTheOther() throws Exception {
        for (int i = 0; i < 3 * MOST_UNDER_WAY; i++) {
            alarm("a" + i);
        }
        PublishDriver publisher = publisher(spool(new SpoolFolder.OnDisk(folder)));
        publisher.start();
        await(() -> alarmsTaken() == 3 * MOST_UNDER_WAY);
        publisher.stop();
        assertEquals(1, broker.connections().size());
    }
}
