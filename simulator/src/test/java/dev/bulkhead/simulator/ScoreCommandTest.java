package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.bulkhead.simulator.lab.Stage;
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

/** {@code bulkhead-sim score} on a library of two scenarios. */
class ScoreCommandTest {
    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int score(Object... arguments) {
        var all = new ArrayList<String>(List.of("score"));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    /** Two short scenarios of two-rooms. */
    private Path library(String expected) throws IOException {
        Path site = ShippedScenarios.sites().resolve("two-rooms");
        Path library = Files.createDirectories(folder.resolve("mine/library"));
        for (String name : List.of("plant.yaml", "site.yaml", "agent.yaml")) {
            Files.copy(site.resolve(name), library.resolveSibling(name));
        }
        String text = ShippedScenarios.text("two-rooms", "cell-short");
        Files.writeString(
                library.resolve("fire.yaml"),
                text.substring(0, text.indexOf("expect:"))
                                .replace("140 min", "30 min")
                                .replace("after-ignition: 93 min", "after-ignition: 10 min")
                        + expected);
        Files.writeString(
                library.resolve("quiet.yaml"),
                """
                title: Nothing happens
                source: {assumed: for a test}
                plant: ../plant.yaml
                start: 2026-01-15T06:00:00Z
                horizon: 10 min
                timeline: []
                stop: {at: 10 min}
                """);
        return folder.resolve("mine");
    }

    @Test
    void everyScenarioIsPlayedUnderEveryPolicyAndToldThreeTimes() throws IOException {
        Path library = library("expect: {isolated: [{room: A1, before: first-flame}]}\n");

        int exit = score(library, "--report", folder.resolve("out"), "--jobs", 2, "--seed", 3);

        assertEquals(0, exit, out + "\n" + err);
        JsonNode json =
                JsonMapper.builder().build().readTree(folder.resolve("out/score.json").toFile());
        assertEquals(
                List.of("fire.yaml", "quiet.yaml"), json.at("/scenarios").findValuesAsText("file"));
        JsonNode fire = json.at("/scenarios/0/policies");
        assertEquals(5, fire.size());
        assertTrue(fire.at("/bulkhead/asExpected").booleanValue());
        assertTrue(fire.at("/bulkhead/leadBeforeFlameSeconds").doubleValue() > 0);
        assertTrue(fire.at("/bulkhead/alarms").intValue() > 0);
        assertEquals(1, fire.at("/bulkhead/telemetryCompleteness").doubleValue(), 0.01);
        assertEquals(0, fire.at("/bulkhead/missedTrips").size());
        assertEquals(1, fire.at("/none/missedTrips").size());
        assertTrue(fire.at("/none/secondsToIsolate").isNull());
        JsonNode quiet = json.at("/scenarios/1/policies");
        assertTrue(quiet.at("/panel-interlock/asExpected").booleanValue());
        assertEquals(RunCommand.NO_AGENT, quiet.at("/bulkhead/notPlayed").textValue());
        String file = library.resolve("library/fire.yaml").toString();
        assertEquals(
                "bulkhead-sim run "
                        + file
                        + " --policy none --mode campaign --seed 3 --report fire-none",
                fire.at("/none/command").textValue());
        assertTrue(out.toString().contains("[10/10]"), out::toString);
        assertTrue(out.toString().contains("✓ quiet"), out::toString);
        String page = Files.readString(folder.resolve("out/score.html"));
        assertTrue(page.contains("</html>") && page.contains("One cell in battery room A1 shorts"));
    }

    /** The expectation can't be met: a room that nobody saves within a minute. */
    @Test
    void anExpectationThatBulkheadMissesIsExitCodeOne() throws IOException {
        Path library = library("expect: {isolated: [{room: A1, by: 6 min}]}\n");

        int exit =
                score(
                        library.resolve("library/fire.yaml"),
                        "--policy",
                        "bulkhead",
                        "--report",
                        folder.resolve("out"));

        assertEquals(1, exit, out + "\n" + err);
        assertTrue(out.toString().contains("wanted by +06:00"), out::toString);
    }

    /** Else a card that says nothing of the agent would read as praise of it. */
    @Test
    void whereBulkheadWasNotPlayedNothingIsSaidOfIt() throws IOException {
        Path quiet = library("").resolve("library/quiet.yaml");

        assertEquals(0, score(quiet, "--report", folder.resolve("out")), err::toString);

        assertTrue(out.toString().contains("could be played in no scenario"), out::toString);
        JsonNode json =
                JsonMapper.builder().build().readTree(folder.resolve("out/score.json").toFile());
        assertEquals(0, json.path("bulkheadPlayed").asInt(-1));
    }

    /** Else what a card says of the agent would hang on whether policy none is in it. */
    @Test
    void whatIsLostIfNobodySwitchesIsKnownThoughNobodyAskedForIt() throws IOException {
        Path library = library("expect: {isolated: []}\n");
        Path fire = library.resolve("library/fire.yaml");
        String text = Files.readString(fire);
        Files.copy(
                ShippedScenarios.sites().resolve("two-rooms/plant-without-generators.yaml"),
                library.resolve("plant-without-generators.yaml"));
        Files.writeString(
                fire,
                text.replace("../plant.yaml", "../plant-without-generators.yaml")
                        .replaceFirst("- \\{at: .*", "- {at: 5 min, utility-lost: true}"));

        int exit = score(fire, "--policy", "bulkhead", "--report", folder.resolve("out"));

        assertTrue(out.toString().contains("−2,000"), out::toString);
        assertEquals(0, exit, out + "\n" + err);
    }

    @Test
    void aFolderThatCannotBeMadeIsSaidBeforeThePlay() throws IOException {
        Path library = library("");
        Path file = library.resolve("library/quiet.yaml");

        assertEquals(64, score(library, "--report", file));
        assertTrue(err.toString().contains(file + " is a file"), err::toString);
        assertEquals("", out.toString());
    }

    @Test
    void mistakesInFilesAreSaidBeforeAnythingIsPlayed() throws IOException {
        Path library = library("expect: {isolated: [{room: C9}]}\n");

        assertEquals(78, score(library, "--report", folder.resolve("out")), err::toString);
        assertTrue(err.toString().contains("the site has no room 'C9'"), err::toString);
        assertEquals("", out.toString());
    }

    @Test
    void aFolderWithoutScenariosIsToldWhereTheyAre() {
        assertEquals(64, score(folder));
        assertTrue(
                err.toString()
                        .contains(
                                "no scenario in "
                                        + folder
                                        + ": they are the .yaml files of folders named scenarios or"
                                        + " library; or name a file"),
                err::toString);
    }

    @Test
    void everyScenarioThatIsShippedIsWithoutMistakes() throws IOException {
        List<Path> shipped = Library.scenarios(Path.of("src/main/sites"));

        assertTrue(shipped.size() > 30, "only " + shipped.size());
        assertEquals(
                List.of(),
                shipped.stream().flatMap(file -> Stage.read(file).lines().stream()).toList());
    }
}
