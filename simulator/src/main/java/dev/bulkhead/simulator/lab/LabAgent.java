package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.Agent;
import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.agent.LastWords;
import dev.bulkhead.agent.journal.EntryCodec;
import dev.bulkhead.agent.journal.JournalFile;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.site.Document;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The agent as a laboratory runs it: a process of its own, the daemon's parts on a plant's time. It
 * tells its events on standard output, a line each, and stops when its standard input ends.
 *
 * <pre>
 *   event {…}            an event, as the journal has it
 *   late POLLS CYCLES    at the end: polls and cycles that came too late
 * </pre>
 *
 * On its standard input it is told what its host's time does.
 *
 * <pre>
 *   begin                plant time has begun: what was late before, while everything was still
 *                        being loaded and compiled, doesn't count
 *   clock DURATION       the wall clock was set so far ahead of plant time
 * </pre>
 */
final class LabAgent {
    static final String EVENT = "event ";
    static final String LATE = "late ";
    static final String BEGIN = "begin";
    static final String CLOCK = "clock ";

    private LabAgent() {}

    /**
     * Arguments: agent.yaml, start of plant time, wall time at that start, speed, how far the
     * host's wall clock is ahead of plant time.
     */
    static void main(String... arguments) throws IOException {
        LastWords.onAnyBug();
        Document.Parsed<AgentFile.Configuration> configuration =
                AgentFile.load(Path.of(arguments[0]));
        if (configuration.value().isEmpty()) {
            configuration.lines().forEach(System.err::println);
            System.exit(78);
        }
        var time =
                new LabTime(
                        Instant.parse(arguments[1]),
                        Instant.parse(arguments[2]),
                        Integer.parseInt(arguments[3]));
        run(configuration.orElseThrow(), new HostTime(time.begin(), Duration.parse(arguments[4])));
    }

    private static void run(AgentFile.Configuration configuration, HostTime time)
            throws IOException {
        var settings = configuration.settings().journal();
        switch (JournalFile.open(settings.file(), settings.reserveBytes())) {
            case JournalFile.Opening.Refused(String why) -> {
                System.err.println(why);
                System.exit(1);
            }
            case JournalFile.Opening.Opened opened -> run(configuration, time, opened);
        }
    }

    private static void run(
            AgentFile.Configuration configuration, HostTime time, JournalFile.Opening.Opened opened)
            throws IOException {
        var codec = new EntryCodec();
        var agent = new Agent(configuration, time, opened, events -> tell(codec, events));
        agent.start();
        Agent.Punctuality before = agent.punctuality();
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            if (order.startsWith(CLOCK)) {
                time.set(Duration.parse(order.substring(CLOCK.length())));
            } else {
                before = agent.punctuality();
            }
        }
        Agent.Punctuality late = agent.punctuality();
        System.out.println(
                LATE
                        + (late.skippedPolls() - before.skippedPolls())
                        + " "
                        + (late.lateCycles() - before.lateCycles()));
        agent.stop(Lab.DRAIN);
    }

    private static void tell(EntryCodec codec, List<Event> events) {
        events.forEach(event -> System.out.println(EVENT + codec.write(event)));
        System.out.flush();
    }
}
