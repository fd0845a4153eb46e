package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Player;
import dev.bulkhead.simulator.scenario.ScenarioFile;
import dev.bulkhead.simulator.scenario.ShippedScenarios;
import dev.bulkhead.simulator.score.Policy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** What a person at a test bench is told while a scenario is served. */
class FaultLogTest {
    private final StringWriter err = new StringWriter();

    @Test
    void faultsAreToldAsTheyBeginAndEndAndTheScenariosEndOnce() {
        Facility facility =
                Facility.read(ShippedScenarios.sites().resolve("two-rooms/plant.yaml"))
                        .orElseThrow();
        var scenario =
                ScenarioFile.parse(
                                "s.yaml",
                                """
                                title: a sensor drifts
                                source: {assumed: for a test}
                                plant: plant.yaml
                                start: 2026-01-15T06:00:00Z
                                horizon: 40 s
                                timeline:
                                  - {at: 10 s, broken: {fault: drift, device: A1-climate, point: ai1}}
                                  - {at: 20 s, broken: {fault: link-cut, gateway: A1-air}}
                                  - {at: 30 s, mended: {fault: link-cut, gateway: A1-air}}
                                stop: {at: 40 s}
                                """,
                                facility.site(),
                                facility.profiles())
                        .orElseThrow();
        var plant = new Plant(facility.site(), facility.settings(), 1, scenario.start());
        var player =
                new Player(
                        scenario,
                        plant,
                        facility.gateways(plant),
                        Policy.NONE,
                        new FaultLog(new PrintWriter(err), InstantSource.fixed(scenario.start())));
        for (int seconds = 15; seconds <= 60; seconds += 15) {
            player.advanceTo(scenario.start().plus(Duration.ofSeconds(seconds)));
        }
        assertEquals(
                """
                2026-01-15T06:00:00Z drift of A1-climate, point ai1 begins
                2026-01-15T06:00:00Z link-cut of gateway A1-air begins
                2026-01-15T06:00:00Z link-cut of gateway A1-air ends
                2026-01-15T06:00:00Z the scenario has ended; the plant goes on, and what is broken stays so
                """,
                err.toString());
    }
}
