package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.simulator.scenario.ShippedScenarios;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bulkhead-sim run} says before it plays anything. */
class RunCommandTest {
    private static final Path SITE = ShippedScenarios.sites().resolve("two-rooms");
    private static final Path FIRE = SITE.resolve("scenarios/cell-short.yaml");

    @TempDir private Path folder;
    private final StringWriter err = new StringWriter();

    private int run(Object... arguments) {
        var all = new ArrayList<String>(List.of("run"));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        return Main.commandLine().setErr(new PrintWriter(err)).execute(all.toArray(String[]::new));
    }

    /** A lab run of minutes, and then nowhere to write its report, is minutes lost. */
    @Test
    void aReportThatCannotBeWrittenIsSaidBeforeThePlay() throws IOException {
        Path file = Files.writeString(folder.resolve("taken"), "");

        assertEquals(64, run(FIRE, "--policy", "none", "--report", file));
        assertTrue(err.toString().contains("--report " + file + " is a file"), err::toString);
    }

    @Test
    void whyAFolderCannotBeMadeIsSaid() throws IOException {
        Path below = Files.writeString(folder.resolve("taken"), "").resolve("below");

        assertEquals(64, run(FIRE, "--policy", "none", "--report", below));
        assertTrue(
                err.toString().contains("--report " + below + " can't be written: Not a directory"),
                err::toString);
    }

    @Test
    void aFileOfAnotherKindIsNoScenario() {
        for (String kind : List.of("plant.yaml", "site.yaml", "agent.yaml")) {
            Path file = SITE.resolve(kind);

            assertEquals(78, run(file, "--report", folder.resolve("out")));
            assertTrue(
                    err.toString().contains(file + ":") && err.toString().contains("no scenario"),
                    err::toString);
            err.getBuffer().setLength(0);
        }
        assertFalse(Files.exists(folder.resolve("out")), "nothing was made for nothing");
    }

    /** Else it is found only by whoever plays the agent. */
    @Test
    void anAgentThatIsNotThereIsAMistakeUnderEveryPolicy() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("fire.yaml"),
                        Files.readString(FIRE)
                                .replace(
                                        "../plant.yaml",
                                        SITE.resolve("plant.yaml").toAbsolutePath().toString())
                                .replace("../agent.yaml", "agnt.yaml"));

        assertEquals(78, run(file, "--policy", "none", "--report", folder.resolve("out")));
        assertTrue(err.toString().contains("there is no file agnt.yaml"), err::toString);
    }

    @Test
    void aScenarioWithoutATitleIsStillOne() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("short.yaml"), "timeline: []\nplant: /no/plant.yaml\n");

        assertEquals(78, run(file, "--report", folder.resolve("out")));
        assertFalse(err.toString().contains("no scenario"), err::toString);
    }

    @Test
    void aSpeedForARunInVirtualTimeIsAWrongCommandLine() {
        assertEquals(
                64, run(FIRE, "--mode", "campaign", "--speed", 3, "--report", folder.resolve("a")));
        assertTrue(err.toString().contains("virtual time"), err::toString);
        assertEquals(
                64, run(FIRE, "--policy", "none", "--speed", 3, "--report", folder.resolve("a")));
        assertEquals(64, run(FIRE, "--speed", 0, "--report", folder.resolve("a")));
    }
}
