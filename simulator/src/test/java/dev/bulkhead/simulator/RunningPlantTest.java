package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Player;
import dev.bulkhead.simulator.scenario.ScenarioFile;
import dev.bulkhead.simulator.scenario.ShippedScenarios;
import dev.bulkhead.simulator.score.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A plant that moves by itself. */
@Timeout(60)
class RunningPlantTest {

    @Test
    void whatAScenarioHasInStoreBefallsItAndAfterItsEndItGoesOn() throws InterruptedException {
        Facility facility =
                Facility.read(ShippedScenarios.sites().resolve("two-rooms/plant.yaml"))
                        .orElseThrow();
        var scenario =
                ScenarioFile.parse(
                                "s.yaml",
                                """
                                title: a breaker is opened
                                source: {assumed: for a test}
                                plant: plant.yaml
                                start: 2026-01-15T06:00:00Z
                                horizon: 2 min
                                timeline:
                                  - {at: 1 min, open-by-hand: {breaker: QB-A1-1}}
                                stop: {at: 2 min}
                                """,
                                facility.site(),
                                facility.profiles())
                        .orElseThrow();
        var plant = new Plant(facility.site(), facility.settings(), 1, scenario.start());
        var player = new Player(scenario, plant, facility.gateways(plant), Policy.NONE);
        var breaker = new Subject.OfBreaker(new BreakerId("QB-A1-1"));
        assertEquals(new Value.At(Position.CLOSED), plant.sense(Role.BREAKER_POSITION, breaker));

        try (var running = new RunningPlant(plant, Optional.of(player), 1000)) {
            running.start();
            Value shown = new Value.At(Position.CLOSED);
            for (boolean isOver = false; !isOver; ) {
                TimeUnit.MILLISECONDS.sleep(5);
                running.lock().lock();
                try {
                    isOver = running.now().isAfter(scenario.end());
                    shown = plant.sense(Role.BREAKER_POSITION, breaker);
                } finally {
                    running.lock().unlock();
                }
            }
            assertEquals(new Value.At(Position.OPEN), shown);
        }
    }

    /** After a pause of the machine, or where it is too slow for such a speed. */
    @Test
    void whoeverWaitsHasATurnBeforeThePlantHasCaughtUp() throws InterruptedException {
        Facility facility =
                Facility.read(ShippedScenarios.sites().resolve("two-rooms/plant.yaml"))
                        .orElseThrow();
        var plant =
                new Plant(
                        facility.site(),
                        facility.settings(),
                        1,
                        Instant.parse("2026-01-15T06:00:00Z"));
        try (var running = new RunningPlant(plant, 1000)) {
            running.start();
            Instant before;
            var seen = new CompletableFuture<Instant>();
            running.lock().lock();
            try {
                before = running.now();
                TimeUnit.MILLISECONDS.sleep(500);
                Thread waiting = Thread.ofPlatform().start(() -> seen.complete(look(running)));
                while (waiting.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            } finally {
                running.lock().unlock();
            }
            Duration stride = Duration.between(before, seen.join());
            assertTrue(stride.compareTo(Duration.ofSeconds(1)) <= 0, "" + stride);
        }
    }

    private static Instant look(RunningPlant running) {
        running.lock().lock();
        try {
            return running.now();
        } finally {
            running.lock().unlock();
        }
    }
}
