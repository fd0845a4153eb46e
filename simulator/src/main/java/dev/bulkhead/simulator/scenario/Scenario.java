package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.plant.Happening;
import dev.bulkhead.simulator.score.Expectation;
import dev.bulkhead.simulator.score.Expectation.ToIsolate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * What happens to a facility, and when. Times are plant time, counted from the start.
 *
 * @param plant the plant's file, as written: relative to the scenario's
 * @param agent the agent's file, likewise; empty where nothing can be read, so that none can act
 * @param recordings files of devices that answer as they were recorded, likewise
 * @param start plant time at the beginning
 * @param horizon how long the plant is played under every policy
 * @param timeline in order of time; what happens at the same instant, in the order of the file
 * @param waterAfterIgnition when the fire service needs water, counted from the first flame; empty
 *     if it never does
 * @param bmsCycle between two looks of a battery management system at its racks
 * @param expectation what must come of it, where the file says it
 */
public record Scenario(
        String title,
        Source source,
        String plant,
        Optional<String> agent,
        List<String> recordings,
        Instant start,
        Duration horizon,
        List<Timed> timeline,
        Optional<Duration> waterAfterIgnition,
        Duration bmsCycle,
        Stop stop,
        Optional<Expectation> expectation) {
    /** Assumption; of Pangyo up to ten minutes are reported. */
    public static final Duration BMS_CYCLE = Duration.ofSeconds(10);

    /** Where a course of events is taken from. */
    public sealed interface Source {
        String text();

        /** From a real event; {@code text} says which, and who reports it. */
        record History(String text) implements Source {}

        /** From nobody's record; {@code text} says what was assumed. */
        record Assumed(String text) implements Source {}
    }

    /** An incident and its time since the start. */
    public record Timed(Duration at, Incident incident) {}

    /**
     * When nobody need watch any longer. The plant is played on to the horizon all the same.
     *
     * @param afterOutcome this long after the failing room was isolated, found not to be provable,
     *     or given up
     * @param at at the latest
     */
    public record Stop(Optional<Duration> afterOutcome, Duration at) {}

    public Scenario {
        recordings = List.copyOf(recordings);
        timeline = timeline.stream().sorted(Comparator.comparing(Timed::at)).toList();
    }

    public Instant end() {
        return start.plus(horizon);
    }

    public Instant at(Timed timed) {
        return start.plus(timed.at());
    }

    /** Calls for every process that is killed, in order, with when: since the start. */
    public void forEachDeath(BiConsumer<Duration, Incident.Dies> then) {
        for (Timed timed : timeline) {
            if (timed.incident() instanceof Incident.Dies death) {
                then.accept(timed.at(), death);
            }
        }
    }

    /** The cells that are shorted, in order. */
    public Stream<Happening.InternalShort> shorts() {
        return timeline.stream()
                .map(Timed::incident)
                .mapMulti(
                        (incident, found) -> {
                            if (incident
                                    instanceof Incident.Befalls(Happening.InternalShort fault)) {
                                found.accept(fault);
                            }
                        });
    }

    /** The same without all else that happens. */
    Scenario shortsAlone() {
        return new Scenario(
                title,
                source,
                plant,
                agent,
                recordings,
                start,
                horizon,
                timeline.stream().filter(timed -> isShort(timed.incident())).toList(),
                waterAfterIgnition,
                bmsCycle,
                stop,
                expectation);
    }

    private static boolean isShort(Incident incident) {
        return incident instanceof Incident.Befalls(Happening.InternalShort _);
    }

    /**
     * What must come of it; where the file doesn't say, that the room of the first short is dead.
     */
    public Expectation expected(Site site) {
        return expectation.orElseGet(
                () ->
                        new Expectation(
                                firstShorted()
                                        .map(string -> Site.known(site.strings(), string).room())
                                        .map(room -> new ToIsolate(room, Optional.empty(), false))
                                        .stream()
                                        .toList(),
                                List.of()));
    }

    /** The first string whose cell is shorted: where a fire begins. */
    public Optional<NodeId> firstShorted() {
        return shorts().map(Happening.InternalShort::string).findFirst();
    }
}
