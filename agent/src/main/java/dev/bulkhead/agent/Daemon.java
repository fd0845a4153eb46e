package dev.bulkhead.agent;

import dev.bulkhead.agent.control.ControlSocket;
import dev.bulkhead.agent.journal.EntryText;
import dev.bulkhead.agent.journal.JournalFile;
import dev.bulkhead.rules.Event;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent on real time, real sockets and a real disk, until it is told to stop. */
final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private Daemon() {}

    /**
     * Runs until SIGTERM or Ctrl-C.
     *
     * @return the exit code: 0 if it was told to stop, 1 if it can't start
     */
    static int run(AgentFile.Configuration configuration) {
        AgentSettings.JournalSettings journal = configuration.settings().journal();
        return switch (JournalFile.open(journal.file(), journal.reserveBytes())) {
            case JournalFile.Opening.Refused(String why) -> {
                LOG.error("{}", why);
                yield 1;
            }
            case JournalFile.Opening.Opened opened -> {
                opened.findings().forEach(LOG::warn);
                yield run(configuration, opened);
            }
        };
    }

    private static int run(
            AgentFile.Configuration configuration, JournalFile.Opening.Opened opened) {
        var agent = new Agent(configuration, timeAfter(opened.past()), opened, Daemon::log);
        return switch (ControlSocket.open(
                configuration.settings().control(), agent, agent::order)) {
            case ControlSocket.Opening.Refused(String why) -> {
                LOG.error("{}", why);
                opened.journal().close();
                yield 1;
            }
            case ControlSocket.Opening.Opened(ControlSocket control) -> {
                serve(configuration, agent, control, opened.past().size());
                yield 0;
            }
        };
    }

    private static AgentTime timeAfter(List<Event> past) {
        Instant last =
                past.stream().map(Event::at).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
        Instant wall = Instant.now();
        if (wall.isBefore(last)) {
            LOG.warn(
                    "this host's clock says {}, but the journal ends at {}: the clock was set back, or was ahead"
                            + " before. The agent's own time goes on from there, and what it publishes carries"
                            + " the clock's. Look at the host's time source (timedatectl)",
                    wall.truncatedTo(ChronoUnit.SECONDS),
                    last.truncatedTo(ChronoUnit.SECONDS));
        }
        return AgentTime.systemFrom(last);
    }

    private static void serve(
            AgentFile.Configuration configuration, Agent agent, ControlSocket control, int past) {
        LastWords.onAnyBug();
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stop, stopped), "stop"));
        try (control;
                agent) {
            agent.start();
            Thread.ofVirtual().name("control").start(control);
            LOG.info(
                    "{}: {} devices on {} gateways; {} breakers armed, the others are proposed to people;"
                            + " {} entries in the journal",
                    configuration.facility().site().name(),
                    configuration.facility().site().devices().size(),
                    configuration.facility().site().gateways().size(),
                    configuration.settings().armed().size(),
                    past);
            stop.await();
            LOG.info("told to stop");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
    }

    /**
     * The process may end only when everything has stopped in its order. To be told to stop is how
     * it is meant to end: exit code 0, not the 143 that a signal leaves.
     */
    private static void stop(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await();
            LastWords.halt(0);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void log(List<Event> events) {
        for (Event event : events) {
            String line = EntryText.sentence(event);
            if (event instanceof Event.AlarmChanged alarm && !alarm.to().isActive()) {
                LOG.info("{}", line);
            } else {
                LOG.warn("{}", line);
            }
        }
    }
}
