package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.simulator.scenario.ShippedScenarios;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedAgentFilesTest {
    @ParameterizedTest
    @ValueSource(strings = {"two-rooms", "two-rooms-vrla", "pangyo-rebuilt"})
    void aShippedAgentFileHasNoMistake(String site) {
        var loaded = AgentFile.load(ShippedScenarios.sites().resolve(site).resolve("agent.yaml"));

        assertEquals(List.of(), loaded.lines());
    }
}
