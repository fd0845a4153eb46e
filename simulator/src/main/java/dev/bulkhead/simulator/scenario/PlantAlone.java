package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.plant.PlantSettings;
import dev.bulkhead.simulator.score.Conduct;
import dev.bulkhead.simulator.score.Policy;
import dev.bulkhead.simulator.score.RunRecord;
import dev.bulkhead.simulator.score.RunRecord.OfRoom;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.stream.Stream;

/** Plays a policy that needs no agent: in process, in virtual time, to the scenario's end. */
public final class PlantAlone {
    private PlantAlone() {}

    /**
     * Plays a scenario.
     *
     * @param policy any but {@link Policy#BULKHEAD}
     * @param seed the plant's, so that every policy meets the same plant
     */
    public static RunRecord play(
            Scenario scenario, Site site, PlantSettings settings, Policy policy, long seed) {
        if (policy == Policy.BULKHEAD) {
            throw new IllegalArgumentException("policy bulkhead needs an agent");
        }
        var plant = new Plant(site, settings, seed, scenario.start());
        var player = new Player(scenario, plant, new LinkedHashMap<>(), policy);
        player.playOut();
        Course course = player.course();
        return new RunRecord(
                policy,
                Conduct.plantAlone(seed),
                Stream.concat(course.rooms().stream(), player.tripped().stream())
                        .distinct()
                        .map(room -> OfRoom.without(room, player.outcome(room)))
                        .toList(),
                scenario.start(),
                scenario.end(),
                course.truth(),
                player.decisions(),
                course.supply(),
                course.traces(),
                course.ledger(),
                Optional.empty(),
                Optional.empty(),
                course.film());
    }
}
