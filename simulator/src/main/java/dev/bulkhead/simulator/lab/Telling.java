package dev.bulkhead.simulator.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bulkhead.agent.BridgeFile;
import dev.bulkhead.agent.bridge.Store;
import dev.bulkhead.agent.bridge.StoreReader;
import dev.bulkhead.agent.ledger.Account;
import dev.bulkhead.agent.ledger.Ledger;
import dev.bulkhead.agent.ledger.LedgerText;
import dev.bulkhead.agent.telemetry.TelemetryDriver;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.score.RunRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * The way from the agent to a store in a laboratory: a broker, a bridge and a store, each a process
 * of its own on loopback.
 */
final class Telling implements AutoCloseable {
    /** A part of the way that can be killed. */
    enum Part {
        BROKER,
        BRIDGE,
        STORE
    }

    /** How often a store is asked whether it has everything by now. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Path work;
    private final Path spool;
    private final int brokerPort;
    private final Store store;
    private final Servant broker;
    private final Servant storing;
    private final Servant bridge;

    private Telling(
            Path work,
            Path spool,
            int brokerPort,
            Store store,
            Servant broker,
            Servant storing,
            Servant bridge) {
        this.work = work;
        this.spool = spool;
        this.brokerPort = brokerPort;
        this.store = store;
        this.broker = broker;
        this.storing = storing;
        this.bridge = bridge;
    }

    /**
     * Starts all of it, and waits until a sample that is published would be stored.
     *
     * @param work a folder, for what they keep and say
     * @param spool a folder, for the agent's samples
     * @param keepsOnce whether a point that is written twice is one point in the store
     */
    static Telling start(Path work, Path spool, boolean keepsOnce) throws IOException {
        int brokerPort = freePort();
        int storePort = freePort();
        Path bridgeFile = work.resolve("bridge.yaml");
        Files.writeString(
                bridgeFile,
                """
                broker: {url: "tcp://127.0.0.1:%d"}
                share: lab
                batch: {linger: 1 s}
                store: {kind: questdb, url: "http://127.0.0.1:%d", bucket: lab}
                """
                        .formatted(brokerPort, storePort));
        var store = BridgeFile.load(bridgeFile).orElseThrow().store();
        var broker =
                new Servant(
                        LabBroker.class,
                        "192m",
                        work.resolve("broker.log"),
                        List.of(work.resolve("broker").toString(), Integer.toString(brokerPort)));
        var storing =
                new Servant(
                        LabStore.class,
                        "256m",
                        work.resolve("store.log"),
                        List.of(
                                work.resolve("store").toString(),
                                Integer.toString(storePort),
                                Boolean.toString(keepsOnce)));
        broker.awaitReady(LabBroker.READY);
        storing.awaitReady(LabStore.READY);
        var bridge =
                new Servant(
                        LabBridge.class,
                        "128m",
                        work.resolve("bridge.log"),
                        List.of(bridgeFile.toString()));
        bridge.awaitReady(LabBridge.READY);
        return new Telling(
                work, spool.toAbsolutePath(), brokerPort, store, broker, storing, bridge);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String brokerUrl() {
        return "tcp://127.0.0.1:" + brokerPort;
    }

    Store store() {
        return store;
    }

    String storeUrl() {
        return store.url();
    }

    /** What the agent's file says of it. */
    String agentYaml() {
        return """

               telemetry:
                 broker: {url: "%s"}
                 spool: {folder: "%s"}
               """
                .formatted(brokerUrl(), spool);
    }

    private Servant servant(Part part) {
        return switch (part) {
            case BROKER -> broker;
            case BRIDGE -> bridge;
            case STORE -> storing;
        };
    }

    /** As kill -9. */
    void kill(Part part) throws InterruptedException {
        servant(part).kill();
    }

    /** Starts a part again that was killed; it takes a while to be of use. */
    void again(Part part) throws IOException {
        servant(part).again();
    }

    /**
     * Holds the agent's ledger against the store, until every sample is accounted for or the time
     * is over. The agent must have stopped.
     */
    Account account(Site site, Duration within) throws IOException, InterruptedException {
        Ledger ledger;
        try {
            ledger = LedgerText.read(Files.readString(TelemetryDriver.ledger(spool)));
        } catch (LedgerText.Unreadable bug) {
            throw new IOException("the agent's ledger", bug);
        }
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            Account account =
                    Account.of(
                            ledger,
                            new StoreReader(store)
                                    .samples(site.name(), ledger.runs(), Instant.EPOCH));
            boolean isLast = System.nanoTime() - deadline >= 0;
            if (isLast || account.missing().count() == 0) {
                return account;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
        }
    }

    /** How many lines the store refused. */
    long refused() throws IOException {
        Path file = work.resolve("dead-letter.jsonl");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    /** What the store has of a signal that voted. */
    Optional<RunRecord.Trace> trace(Voted voted, Instant from, Instant to)
            throws IOException, InterruptedException {
        JsonNode rows =
                new StoreQuestions(store.url())
                        .ask(
                                "SELECT timestamp, \"%s\" FROM %s WHERE subject = '%s' AND device = '%s' AND timestamp BETWEEN '%s' AND '%s' AND \"%s\" IS NOT NULL ORDER BY timestamp"
                                        .formatted(
                                                voted.field(),
                                                voted.measurement(),
                                                voted.of(),
                                                voted.device(),
                                                from,
                                                to,
                                                voted.field()));
        var samples = new ArrayList<RunRecord.Sample>();
        for (JsonNode row : rows) {
            JsonNode value = row.get(1);
            samples.add(
                    new RunRecord.Sample(
                            Instant.parse(row.get(0).asText()),
                            value.isBoolean() ? (value.asBoolean() ? 1 : 0) : value.asDouble()));
        }
        return samples.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new RunRecord.Trace(
                                voted.label(),
                                voted.unit(),
                                RunRecord.Origin.STORE,
                                OptionalDouble.empty(),
                                samples));
    }

    @Override
    public void close() {
        bridge.close();
        broker.close();
        storing.close();
    }
}
