package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.bridge.StoreReader;
import dev.bulkhead.agent.ledger.Account;
import dev.bulkhead.agent.ledger.Keys;
import dev.bulkhead.agent.ledger.Ledger;
import dev.bulkhead.agent.ledger.Series;
import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.agent.peer.MqttConnection;
import dev.bulkhead.rules.site.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ledger that always says "none missing" would be worth nothing: one sample is lost on the way
 * and one comes twice, through a real broker and bridge into a real store that keeps what it is
 * given.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LossIT {
    private static final long RUN = 1_768_457_000_000L;
    private static final int SAMPLES = 50;
    private static final int LOST = 17;
    private static final int REPEATED = 31;
    private static final Series SERIES = new Series(RUN, new DeviceId("A1-S01-bms"));

    @TempDir private Path work;

    /**
     * The bridge has taken samples, the store has none of them, and the bridge dies: a bridge that
     * had told the broker that it may forget them would have lost them.
     */
    @Test
    void whatTheStoreHasNotTakenStaysWithTheBroker() throws IOException, InterruptedException {
        try (var telling = Telling.start(work, work.resolve("spool"), true)) {
            telling.kill(Telling.Part.STORE);
            publish(telling, new Ledger(), _ -> 1);
            while (!Files.readString(work.resolve("bridge.log")).contains("nobody listens")) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            telling.kill(Telling.Part.BRIDGE);
            telling.again(Telling.Part.STORE);
            telling.again(Telling.Part.BRIDGE);

            Account.Stored stored = stored(telling);

            assertEquals(SAMPLES, stored.keys().count());
            assertEquals(0, stored.duplicated());
        }
    }

    @Test
    void oneLostAndOneRepeatedAreSeenAsJustThat() throws IOException, InterruptedException {
        try (var telling = Telling.start(work, work.resolve("spool"), false)) {
            var ledger = new Ledger();
            publish(telling, ledger, LossIT::times);

            Account account = Account.of(ledger, stored(telling));

            var lost = new Keys();
            lost.add(SERIES, LOST);
            assertEquals(lost, account.missing());
            assertEquals(1, account.duplicated());
            assertEquals(SAMPLES - 1, account.stored());
            assertFalse(account.isWhole());
            var reader = new StoreReader(telling.store());
            assertTrue(reader.has("s", SERIES, REPEATED));
            assertFalse(reader.has("s", SERIES, LOST));
        }
    }

    /** Publishes each sample so many times; returns when the broker has them all. */
    private static void publish(Telling telling, Ledger ledger, IntUnaryOperator times)
            throws IOException, InterruptedException {
        try (var connection =
                MqttConnection.open(
                        new Broker(
                                telling.brokerUrl(),
                                "loses-one",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        false,
                        Optional.empty(),
                        new Deaf())) {
            var acknowledged = new CountDownLatch(SAMPLES);
            for (int sequence = 1; sequence <= SAMPLES; sequence++) {
                ledger.spooled(SERIES, sequence);
                ledger.acknowledged(SERIES, sequence);
                for (int time = 0; time < times.applyAsInt(sequence); time++) {
                    connection.publish(
                            "bulkhead/s/sample/" + SERIES.device(),
                            line(sequence),
                            false,
                            acknowledged::countDown);
                }
            }
            assertTrue(acknowledged.await(30, TimeUnit.SECONDS));
        }
    }

    private static int times(int sequence) {
        return switch (sequence) {
            case LOST -> 0;
            case REPEATED -> 2;
            default -> 1;
        };
    }

    private static String line(int sequence) {
        return "poll,site=s,gateway=g,device=%s run=%di,sequence=%di %d"
                .formatted(SERIES.device(), RUN, sequence, (RUN + sequence) * 1_000_000L);
    }

    /**
     * What the store has, when it has as many rows as were sent: rows show a moment after a write.
     */
    private static Account.Stored stored(Telling telling) throws IOException, InterruptedException {
        var reader = new StoreReader(telling.store());
        while (true) {
            try {
                Account.Stored stored = reader.samples("s", Set.of(RUN), Instant.EPOCH);
                if (stored.keys().count() + stored.duplicated() >= SAMPLES) {
                    return stored;
                }
            } catch (IOException _) {
                // It is still coming up.
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static final class Deaf implements MqttConnection.Listener {
        @Override
        public void arrived(MqttConnection.Arrived message) {}

        @Override
        public void lost(String reason) {}
    }
}
