package dev.bulkhead.agent;

import dev.bulkhead.agent.modbus.LinkTimings;
import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.rules.site.BreakerId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * How one agent runs: {@code agent.yaml} as understood.
 *
 * @param site the facility's file
 * @param endpoints where its gateways are reached, if not where the site says
 * @param profiles folders with register maps beside those of the program
 * @param packs folders with conditions beside those of the program
 * @param control where the command line reaches the agent
 * @param cycle from one judgement to the next
 * @param armed breakers that may be opened without a person; the others are proposed to one
 * @param telemetry where samples go; empty: nowhere
 */
public record AgentSettings(
        Path site,
        Optional<Path> endpoints,
        List<Path> profiles,
        List<Path> packs,
        JournalSettings journal,
        Path control,
        Polls polls,
        Duration cycle,
        SequencedSet<BreakerId> armed,
        Optional<TelemetrySettings> telemetry) {
    public AgentSettings {
        profiles = List.copyOf(profiles);
        packs = List.copyOf(packs);
        armed = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(armed));
    }

    /**
     * Where the journal is.
     *
     * @param reserveBytes set aside ahead of its end, so that others who fill the disk don't stop
     *     it
     */
    public record JournalSettings(Path file, long reserveBytes) {}

    /**
     * Where samples go.
     *
     * @param spool folder they lie in until the broker has them
     * @param quotaBytes what they may take there; past it the oldest are dropped
     */
    public record TelemetrySettings(Broker broker, Path spool, long quotaBytes) {}

    /**
     * How devices are polled.
     *
     * @param fast between polls of what votes, proves or interlocks
     * @param slow between polls of the rest
     * @param request from sending a request to its whole answer
     * @param connect from asking for a connection to having it
     */
    public record Polls(Duration fast, Duration slow, Duration request, Duration connect) {}

    /** How every link is timed. */
    public LinkTimings timings() {
        return LinkTimings.proposed(polls.fast(), polls.slow())
                .within(polls.request(), polls.connect());
    }
}
