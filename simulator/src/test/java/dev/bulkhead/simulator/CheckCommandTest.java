package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.simulator.scenario.ShippedScenarios;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bulkhead-sim check}, on a copy of two-rooms. */
class CheckCommandTest {
    private static final Path SITE = ShippedScenarios.sites().resolve("two-rooms");
    private static final Path FIRE = Path.of("scenarios/cell-short.yaml");

    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int check(Path... files) {
        var all = new ArrayList<String>(List.of("check"));
        Stream.of(files).map(Path::toString).forEach(all::add);
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    @BeforeEach
    void copy() throws IOException {
        Files.createDirectory(folder.resolve("scenarios"));
        for (Path file :
                List.of(Path.of("plant.yaml"), Path.of("site.yaml"), Path.of("agent.yaml"), FIRE)) {
            Files.copy(SITE.resolve(file), folder.resolve(file));
        }
    }

    private Path edit(Path name, String before, String after) throws IOException {
        Path file = folder.resolve(name);
        String text = Files.readString(file);
        assertTrue(text.contains(before), () -> file + " has no " + before);
        return Files.writeString(file, text.replace(before, after));
    }

    private void assertSaid(StringWriter where, String what) {
        assertTrue(where.toString().contains(what), where::toString);
    }

    @Test
    void whatARightFileIsIsSaid() {
        assertEquals(0, check(folder.resolve(FIRE), folder.resolve("plant.yaml")), err::toString);

        assertSaid(out, "a scenario, One cell in battery room A1 shorts");
        assertSaid(out, "of site two-rooms, over 2 h 20 min; incidents: 1");
        assertSaid(out, "a plant, of site two-rooms");
        assertSaid(out, "it is as its documents say");
        assertEquals("", err.toString());
    }

    /** Otherwise each file that is mended shows the mistakes of the next. */
    @Test
    void theMistakesOfAllFilesComeAtOnce() throws IOException {
        edit(FIRE, "module: 9", "module: 99");
        edit(Path.of("plant.yaml"), "chemistry: nmc", "chemistry: nickel");
        edit(Path.of("agent.yaml"), "site: site.yaml", "site: site.yaml\ncycel: 1 s");

        assertEquals(78, check(folder.resolve(FIRE)), out::toString);

        assertSaid(err, "module is 99; expected 1 to 17");
        assertSaid(err, "plant.yaml:6:12: chemistry is 'nickel'");
        assertSaid(err, "unknown key 'cycel'; did you mean 'cycle'?");
    }

    @Test
    void aPlantThatDeviatesIsSaidToAndAMistakeInItIsFound() throws IOException {
        Path plant =
                edit(
                        Path.of("plant.yaml"),
                        "deviations: {}",
                        "deviations: {stuckBreakers: [QB-A1-1]}");
        assertEquals(0, check(plant), err::toString);
        assertSaid(out, "not as documented: breakers that stick: QB-A1-1");

        edit(Path.of("plant.yaml"), "QB-A1-1", "QB-A1-9");
        assertEquals(78, check(plant));
        assertSaid(err, "the site has no breaker QB-A1-9");
    }

    @Test
    void aNamedFileThatIsNotThereIsAMistakeOfWhoNamesIt() throws IOException {
        Path fire = edit(FIRE, "agent: ../agent.yaml", "agent: ../agnt.yaml");
        assertEquals(78, check(fire));
        assertEquals(
                fire + ":10:8: there is no file ../agnt.yaml; agent is relative to the scenario\n",
                err.toString());

        err.getBuffer().setLength(0);
        edit(FIRE, "plant: ../plant.yaml", "plant: plant.yaml");
        assertEquals(78, check(fire));
        assertEquals(
                fire + ":9:8: there is no file plant.yaml; plant is relative to the scenario\n",
                err.toString());
    }

    @Test
    void aFileOfTheAgentIsNoScenario() {
        assertEquals(78, check(folder.resolve("site.yaml")));
        assertSaid(err, "is for 'bulkhead check'");
    }
}
