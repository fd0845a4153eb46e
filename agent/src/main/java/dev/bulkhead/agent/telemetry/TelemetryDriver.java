package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the world what the agent sees: samples by way of the spool, alarms and rooms ahead of them.
 * Whoever hands something in waits for neither disk nor broker, and alarms don't wait for the disk.
 *
 * <pre>
 *   link-… ──sample──► queue ──► spool ──► outbox ──► publish ──► broker
 *                                 ▲ │                    │
 *                                 │ ▼   acknowledged     │
 *                                 │disk ◄────────────────┤
 *   cycle ──event────► standing ─────────────────────────┘
 * </pre>
 */
public final class TelemetryDriver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TelemetryDriver.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final AgentTime time;
    private final Standing standing;
    private final SpoolDriver spool;
    private final PublishDriver publish;
    private boolean isClosed;

    /**
     * Nothing is read, written or sent before {@link #start}.
     *
     * @param folder of the spool; while it can't be used samples are lost, and nothing else is
     */
    public TelemetryDriver(
            Broker broker,
            Path folder,
            long quotaBytes,
            Site site,
            SignalTable signals,
            AgentTime time) {
        var topics = new Topics(site.name());
        this.time = time;
        this.standing = new Standing(topics);
        this.spool =
                new SpoolDriver(
                        new SpoolFolder.OnDisk(folder), quotaBytes, new Lines(site, signals), time);
        this.publish = new PublishDriver(broker, topics, standing, spool);
    }

    /**
     * A thread that tells. A bug in telling ends telling and nothing else; a disk that hangs must
     * not keep the process from ending.
     */
    static Thread telling(String name, Runnable task) {
        return Thread.ofPlatform()
                .name(name)
                .daemon()
                .uncaughtExceptionHandler(
                        (thread, bug) ->
                                LOG.error(
                                        "a bug ended thread {}: telemetry is off until the next"
                                                + " start; watching and deciding go on",
                                        thread.getName(),
                                        bug))
                .unstarted(task);
    }

    /** Where the ledger of a spool's folder is, for whoever reads it from outside. */
    public static Path ledger(Path folder) {
        return folder.resolve(Spool.LEDGER);
    }

    public void start() {
        spool.start();
        publish.start();
    }

    /** Takes a sample; returns at once. */
    public void take(Sample sample) {
        spool.take(sample);
    }

    /** What happened, to be told; returns at once. */
    public void tell(List<Event> events) {
        Duration offset = time.wallOffset();
        events.forEach(event -> standing.tell(event, offset));
    }

    /** What had happened before the agent started. */
    public void found(List<Event> past) {
        Instant now = wallNow();
        past.forEach(event -> standing.found(event, now));
    }

    private Instant wallNow() {
        return time.now().plus(time.wallOffset());
    }

    /** An alarm as the agent found it when it started. */
    public void alarm(AlarmId id, RoomId room, AlarmState state, Instant since, String why) {
        standing.alarm(id, room, state, since, why, wallNow());
    }

    /**
     * A room as the agent found it when it started.
     *
     * @param isolation how far its isolation has come, if there is one
     */
    public void room(RoomId room, Level level, List<Vote> votes, Optional<String> isolation) {
        standing.room(room, level, votes, isolation, time.now(), time.wallOffset());
    }

    /** By how many devices a room is watched, and how many of them measure nothing. */
    public void seen(RoomId room, int devices, int silent) {
        standing.seen(room, devices, silent);
    }

    /**
     * Stops when all that was taken has been acknowledged, or after this long; the rest stays in
     * the spool for the next start.
     */
    public void finish(Duration limit) throws InterruptedException {
        if (!isClosed) {
            spool.awaitEmpty(limit);
            close();
        }
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            publish.stop();
            spool.stop(CLOSE_WITHIN);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
