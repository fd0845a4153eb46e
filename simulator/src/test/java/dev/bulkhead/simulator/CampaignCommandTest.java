package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.simulator.scenario.ShippedScenarios;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code bulkhead-sim campaign} refuses before it plays anything. */
class CampaignCommandTest {
    private static final Path SITE = ShippedScenarios.sites().resolve("two-rooms-24");
    private final StringWriter err = new StringWriter();

    private int campaign(Object... arguments) {
        return Main.commandLine()
                .setErr(new PrintWriter(err))
                .execute(
                        Stream.concat(Stream.of("campaign"), Stream.of(arguments))
                                .map(Object::toString)
                                .toArray(String[]::new));
    }

    @Test
    void aLifeThatNoCampaignPlaysIsAWrongCommandLine() {
        assertEquals(64, campaign("--site", SITE, "--life", -1));
        assertTrue(err.toString().contains("--life is -1; lives are numbered from 0"), "" + err);

        assertEquals(64, campaign("--site", SITE, "--life", 1, "--hours", 1));
        assertTrue(err.toString().contains("leave --hours out"), "" + err);
    }

    @Test
    void aSiteIsAFolder() {
        Path plant = SITE.resolve("plant.yaml");

        assertEquals(64, campaign("--site", plant, "--life", 0));
        assertTrue(err.toString().contains("--site " + plant + " is no folder"), err::toString);
    }
}
