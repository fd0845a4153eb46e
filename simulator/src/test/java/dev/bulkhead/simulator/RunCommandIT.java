package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.bulkhead.simulator.scenario.ShippedScenarios;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code bulkhead-sim run} as people type it, a process each. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RunCommandIT {
    @TempDir private Path folder;

    private int run(String... arguments) throws IOException, InterruptedException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "run"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start()
                .waitFor();
    }

    private static Path scenario(String site, String name) {
        return ShippedScenarios.sites().resolve(site).resolve("scenarios").resolve(name + ".yaml");
    }

    private JsonNode report() throws IOException {
        return JsonMapper.builder().build().readTree(folder.resolve("report.json").toFile());
    }

    private JsonNode policy(String name) throws IOException {
        return report().path("policies").path(name);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void twoProcessesWithOneSeedDecideTheSameByteForByte()
            throws IOException, InterruptedException {
        Path file = scenario("pangyo-rebuilt", "cell-short");
        String[] one = {
            file.toString(), "--mode", "campaign", "--seed", "11", "--report", folder + "/one"
        };
        String[] two = {
            file.toString(), "--mode", "campaign", "--seed", "11", "--report", folder + "/two"
        };

        assertEquals(0, run(one), () -> output());
        assertEquals(0, run(two), () -> output());

        byte[] first = Files.readAllBytes(folder.resolve("one/decisions.jsonl"));
        assertTrue(first.length > 1000, "decisions were made");
        assertArrayEquals(first, Files.readAllBytes(folder.resolve("two/decisions.jsonl")));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void theReportSaysIsolatedWithItsProofAndNoServerLost()
            throws IOException, InterruptedException {
        Path file = scenario("two-rooms", "cell-short");

        assertEquals(
                0,
                run(file.toString(), "--mode", "campaign", "--report", folder.toString()),
                () -> output());

        assertEquals("ISOLATED", policy("bulkhead").path("outcome").asText());
        assertTrue(policy("bulkhead").path("proof").size() > 0);
        assertEquals(0, policy("bulkhead").path("serversLostElsewhere").asInt(-1));
        assertEquals(0, policy("bulkhead").path("zoneEnergisedAfterWaterSeconds").asDouble(-1));
        assertTrue(Files.readString(folder.resolve("report.html")).contains("</html>"));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void nobodySwitchingLeavesTheZoneLiveAfterWaterIsNeeded()
            throws IOException, InterruptedException {
        Path file = scenario("two-rooms", "cell-short");

        assertEquals(
                1,
                run(file.toString(), "--policy", "none", "--report", folder.toString()),
                () -> output());

        assertTrue(output().contains("✕ Room A1 is live at the end."), () -> output());
        assertEquals(0, policy("none").path("serversLost").asInt(-1));
        assertTrue(policy("none").path("zoneEnergisedAfterWaterSeconds").asDouble() > 600);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void breakersThatStickAreAFailureAndExitCodeOne() throws IOException, InterruptedException {
        Path file = scenario("two-rooms", "stuck-breakers");

        assertEquals(
                1,
                run(file.toString(), "--mode", "campaign", "--report", folder.toString()),
                () -> output());

        assertEquals("FAILED", policy("bulkhead").path("outcome").asText());
    }

    /** The count of servers lost is the plant's, by the site's file, and nobody's constant. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void tenServersMoreOnTheSiteAreTenServersMoreLostToAFacilityCut()
            throws IOException, InterruptedException {
        Path copy = folder.resolve("site");
        copy(ShippedScenarios.sites().resolve("two-rooms"), copy);
        String[] cut = {
            copy.resolve("scenarios/cell-short.yaml").toString(),
            "--policy",
            "facility-cut",
            "--report",
            folder.toString()
        };
        assertEquals(1, run(cut), () -> output());
        assertTrue(output().contains("by the facility cut"), () -> output());
        int before = policy("facility-cut").path("serversLost").asInt();

        Path site = copy.resolve("site.yaml");
        String text = Files.readString(site);
        String load =
                text.lines()
                        .filter(line -> line.contains("serversPerRack:"))
                        .findFirst()
                        .orElseThrow();
        String larger =
                load.replaceFirst("id: [^,]+", "id: TEN-MORE")
                        .replaceFirst("racks: \\d+", "racks: 1")
                        .replaceFirst("serversPerRack: \\d+", "serversPerRack: 10");
        Files.writeString(site, text.replace(load, load + "\n" + larger));
        assertEquals(1, run(cut), () -> output());

        assertEquals(2000, before);
        assertEquals(before + 10, policy("facility-cut").path("serversLost").asInt());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output.txt"));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
