package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes and messages of {@code bulkhead-sim serve} where it doesn't come to serving. */
class ServeCommandTest {
    private static final Path SITES = Path.of("src/main/sites");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void helpAndVersionAreNoMistakes() {
        assertEquals(0, run("serve", "--help"));
        assertTrue(out.toString().contains("--endpoints"), out.toString());
        assertEquals(0, run("--version"));
        assertTrue(out.toString().contains("bulkhead-sim "), out.toString());
    }

    @Test
    void wrongUsageIs64() {
        String plant = SITES.resolve("two-rooms/plant.yaml").toString();
        assertEquals(64, run("serve"));
        assertEquals(64, run("serve", plant, "--scenario", "s.yaml"));
        assertTrue(err.toString().contains("One of PLANT, --scenario and --recorded."));
        assertEquals(64, run("serve", plant, "--speed", "0"));
        assertEquals(64, run("serve", plant, "--speed", "fast"));
        assertEquals(64, run("serve", plant, "--port-base", "65530"));
        assertTrue(err.toString().contains("--port-base is 65530; expected 0 to 65526"));
    }

    @Test
    void whatCannotBeOpenedIsSaidWithItsGatewayAndWhy(@TempDir Path folder) throws IOException {
        String plant = SITES.resolve("two-rooms/plant.yaml").toString();
        assertEquals(1, run("serve", plant, "--link", "A1-ups=rtu:" + folder.resolve("none")));
        assertEquals(
                "bulkhead-sim: line %s for gateway A1-ups can't be opened (there is no such file)\n"
                        .formatted(folder.resolve("none")),
                err.toString());
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertEquals(
                    1, run("serve", plant, "--host-base", "127.0.0.1", "--port-base", "" + port));
            assertTrue(
                    err.toString()
                            .contains(
                                    "port %d for gateway A1-bms can't be had (Address already in use)"
                                            .formatted(port)),
                    err.toString());
        }
    }

    @Test
    void endpointsThatCannotBeWrittenAreSaidAsTheyWereGiven(@TempDir Path folder) {
        Path file = folder.resolve("none/e.yaml");
        String plant = SITES.resolve("two-rooms/plant.yaml").toString();
        assertEquals(64, run("serve", plant, "--endpoints", file.toString()));
        assertTrue(
                err.toString()
                        .contains(
                                "--endpoints %s can't be written: there is no such folder"
                                        .formatted(file)),
                err.toString());
    }

    @Test
    void aUnitIsRecordedOnce(@TempDir Path folder) throws IOException {
        String text =
                """
                bulkhead-dump: 1
                gateway: G
                link: tcp 10.0.0.7:502
                unit: 6

                2026-11-26T11:00:00Z values 11.5 000100000006060300000001 00010000000506030200aa
                """;
        Path one = Files.writeString(folder.resolve("one.txt"), text);
        Path two = Files.writeString(folder.resolve("two.txt"), text);
        String[] words = {"serve", "--recorded", one.toString(), "--recorded", two.toString()};

        assertEquals(78, run(words));
        assertEquals(
                two + ":1:1: unit 6 of gateway G is in another of these recordings already\n",
                err.toString());
    }

    @Test
    void aFileOfAnotherKindIsNoPlant() {
        Path site = SITES.resolve("two-rooms");
        Map.of(
                        site,
                        "a folder",
                        site.resolve("site.yaml"),
                        "a site.yaml",
                        site.resolve("agent.yaml"),
                        "an agent.yaml",
                        site.resolve("scenarios/cell-short.yaml"),
                        "a scenario")
                .forEach(
                        (file, kind) -> {
                            err.getBuffer().setLength(0);
                            assertEquals(78, run("serve", file.toString()));
                            assertEquals(
                                    "%s:1:1: this is %s; a plant.yaml was expected\n"
                                            .formatted(file, kind),
                                    err.toString());
                        });
    }

    /** The mistake itself must not scroll away. */
    @Test
    void ofAWrongCommandLineFewWordsAreMade() {
        assertEquals(64, run("serve", "plant.yaml", "--speed", "0"));
        assertTrue(err.toString().lines().count() < 12, err.toString());
        assertTrue(
                err.toString().endsWith("'bulkhead-sim serve --help' says more.\n"),
                err.toString());
    }

    @Test
    void aCertificateThatIsNotThereIsSaidToBeSo(@TempDir Path folder) {
        String plant = SITES.resolve("two-rooms/plant.yaml").toString();
        Path none = folder.resolve("none.pem");
        assertEquals(
                1,
                run(
                        "serve",
                        plant,
                        "--link",
                        "A1-ups=tls",
                        "--certificate",
                        none.toString(),
                        "--key",
                        none.toString()));
        assertEquals(
                "bulkhead-sim: the certificate in %s can't be read (there is no such file)\n"
                        .formatted(none),
                err.toString());
    }

    @Test
    void aCertificateThatNobodyWouldShowIsAWrongCommandLine() {
        String plant = SITES.resolve("two-rooms/plant.yaml").toString();
        assertEquals(64, run("serve", plant, "--certificate", "c.pem", "--key", "k.pem"));
        assertTrue(
                err.toString()
                        .startsWith(
                                "--certificate, --key and --trust are for tls, which no --link"
                                        + " asks for"),
                err.toString());
    }

    @Test
    void filesThatAreNotThereAreEachNamed(@TempDir Path folder) {
        Path plant = folder.resolve("plant.yaml");
        assertEquals(78, run("serve", plant.toString()));
        assertEquals(78, run("serve", "--scenario", folder.resolve("s.yaml").toString()));
        assertEquals(
                plant
                        + ":1:1: there is no such file\n"
                        + folder.resolve("site.yaml")
                        + ":1:1: there is no such file\n"
                        + folder.resolve("s.yaml")
                        + ":1:1: there is no such file\n",
                err.toString());
    }

    @Test
    void everyMistakeOfAPlantIsNamedWithItsPlace(@TempDir Path folder) throws IOException {
        Files.copy(SITES.resolve("two-rooms/site.yaml"), folder.resolve("site.yaml"));
        Path plant = folder.resolve("plant.yaml");
        Files.writeString(plant, "plant: two-rooms\nchemistry: tin\nbackups: {}\n");
        assertEquals(78, run("serve", plant.toString()));
        assertTrue(err.toString().contains(plant + ":2:12: "), err.toString());
        assertTrue(err.toString().contains(plant + ":3:1: "), err.toString());
    }
}
