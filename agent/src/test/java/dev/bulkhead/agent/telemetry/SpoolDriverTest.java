package dev.bulkhead.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.Facility;
import dev.bulkhead.agent.ledger.Ledger;
import dev.bulkhead.agent.ledger.LedgerText;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.site.DeviceId;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** If these fail, a disk that is slow at night keeps alarms from going out. */
@Timeout(60)
class SpoolDriverTest {
    private static final Path SITE = Path.of("../simulator/src/main/sites/two-rooms/site.yaml");
    private static final DeviceId DEVICE = new DeviceId("A1-lfl");
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final int WINDOW = 100;
    private static final int MOST_QUEUED = 10_000;

    @TempDir private Path folder;
    private final CountDownLatch hang = new CountDownLatch(1);
    private SpoolDriver driver = on(new FaultyFolder());

    private static SpoolDriver on(SpoolFolder folder) {
        Facility facility = Facility.load(SITE).orElseThrow();
        return new SpoolDriver(
                folder,
                1 << 30,
                new Lines(facility.site(), facility.signals()),
                AgentTime.system());
    }

    private void start(SpoolFolder folder) {
        driver = on(folder);
        driver.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        hang.countDown();
        driver.stop(LONG);
    }

    private void take(long first, long last) {
        for (long sequence = first; sequence <= last; sequence++) {
            driver.take(new Sample(DEVICE, sequence, Instant.EPOCH, Optional.empty(), List.of()));
        }
    }

    private static Spool.Outgoing next(BlockingQueue<Spool.Outgoing> outbox)
            throws InterruptedException {
        return Optional.ofNullable(outbox.poll(LONG.toSeconds(), TimeUnit.SECONDS)).orElseThrow();
    }

    private Ledger ledger() throws Exception {
        driver.stop(LONG);
        return LedgerText.read(new SpoolFolder.OnDisk(folder).text(Spool.LEDGER).orElseThrow());
    }

    @Test
    void whatIsTakenGoesOutOnceUntilItIsAcknowledged() throws Exception {
        start(new SpoolFolder.OnDisk(folder));
        take(1, WINDOW + 1);
        BlockingQueue<Spool.Outgoing> outbox = driver.connected();
        for (long sequence = 1; sequence <= WINDOW; sequence++) {
            Spool.Outgoing next = next(outbox);
            assertEquals(sequence, next.parcel().sequence());
            if (sequence == 7) {
                driver.acknowledged(next.number());
            }
        }
        assertEquals(WINDOW + 1, next(outbox).parcel().sequence());
        assertNull(outbox.poll());
        assertEquals(1, next(driver.connected()).parcel().sequence());
        assertEquals(WINDOW, ledger().waitingCount());
    }

    @Test
    void itIsEmptyWhenAllIsAcknowledged() throws Exception {
        start(new SpoolFolder.OnDisk(folder));
        take(1, 3);
        BlockingQueue<Spool.Outgoing> outbox = driver.connected();
        for (int i = 0; i < 3; i++) {
            driver.acknowledged(next(outbox).number());
        }
        driver.awaitEmpty(LONG);
        assertEquals(0, ledger().waitingCount());
    }

    /** What can't be laid down is counted, and nobody who hands it in is kept waiting. */
    @Test
    void aDiskThatHangsKeepsNobodyWaiting() throws Exception {
        start(new HangingFolder(new SpoolFolder.OnDisk(folder), hang));
        take(1, MOST_QUEUED + 100);
        BlockingQueue<Spool.Outgoing> outbox = driver.connected();
        driver.acknowledged(1);
        driver.awaitEmpty(Duration.ofMillis(1));
        driver.stop(Duration.ofMillis(1));
        assertNull(outbox.poll());

        hang.countDown();
        Ledger ledger = ledger();
        assertEquals(MOST_QUEUED + 100, ledger.sampledCount());
        assertEquals(100, ledger.dropped(Ledger.Reason.QUEUE).count());
    }

    /** One is a lock of somebody else's, one a disk that isn't there yet. */
    @Test
    void aFolderThatCannotBeUsedIsTriedAgain() throws Exception {
        var real = new SpoolFolder.OnDisk(folder);
        Closeable lock = real.lock();
        start(real);
        take(1, 1);
        BlockingQueue<Spool.Outgoing> outbox = driver.connected();
        lock.close();
        assertEquals(1, next(outbox).parcel().sequence());
    }

    @Test
    void itEndsThoughTheFolderCouldNeverBeUsed() throws Exception {
        try (Closeable _ = new SpoolFolder.OnDisk(folder).lock()) {
            start(new SpoolFolder.OnDisk(folder));
            take(1, 1);
            driver.stop(LONG);
        }
        assertFalse(new SpoolFolder.OnDisk(folder).text(Spool.LEDGER).isPresent());
    }
}
