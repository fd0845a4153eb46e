package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.plant.Plant;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bulkhead-sim serve} as a process, spoken to by mbpoll, which is libmodbus and not ours:
 * the simulator's Modbus is not merely what our own agent takes for it.
 */
@NeedsPeer("mbpoll")
@Timeout(60)
class MbpollIT {
    private static final Path PLANT = Path.of("src/main/sites/two-rooms/plant.yaml");
    private static final Pattern REGISTER =
            Pattern.compile("\\[(\\d+)]:\\s+(\\d+)(?: \\((-\\d+)\\))?");

    /** Register of QB-A1-1 on its panel: racked in, trip circuit and control supply healthy. */
    private static final int HEALTHY = 0x70;

    private static final int CONTACT_52A = 0x01;
    private static final int CONTACT_52B = 0x02;
    private static final int TRIPPED = 0x04;

    @TempDir private Path folder;
    private Process simulator;
    private final Map<String, String> ports = new LinkedHashMap<>();

    @BeforeEach
    void serve() throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        simulator =
                new ProcessBuilder(
                                java,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.bulkhead.simulator.Main",
                                "serve",
                                PLANT.toString(),
                                "--seed",
                                "7",
                                "--endpoints",
                                folder.resolve("endpoints.yaml").toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader out = simulator.inputReader(StandardCharsets.UTF_8);
        for (int gateway = 0; gateway < 10; gateway++) {
            String[] line = String.valueOf(out.readLine()).split("[ :]", -1);
            assertEquals(3, line.length, String.join(" ", line));
            ports.put(line[0], line[2]);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        simulator.destroyForcibly().waitFor();
    }

    /** Runs mbpoll once against a unit, with PDU addresses; its exit code is the first line. */
    private List<String> mbpoll(String gateway, int unit, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mbpoll", "-m", "tcp", "-0", "-q"));
        command.addAll(List.of("-p", ports.getOrDefault(gateway, "0"), "-a", "" + unit));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        process.inputReader(StandardCharsets.UTF_8).lines().forEach(lines::add);
        lines.addFirst(Integer.toString(process.waitFor()));
        return lines;
    }

    /** One holding register, as a signed number. */
    private int register(String gateway, int unit, int address)
            throws IOException, InterruptedException {
        List<String> lines =
                mbpoll(gateway, unit, "-1", "-t", "4", "-r", "" + address, "127.0.0.1");
        Matcher found = REGISTER.matcher(String.join("\n", lines));
        assertTrue(found.find(), () -> String.join("\n", lines));
        assertEquals(Integer.toString(address), found.group(1));
        String negative = found.group(3);
        return Integer.parseInt(negative == null ? found.group(2) : negative);
    }

    private void writeCoil(int coil) throws IOException, InterruptedException {
        List<String> lines = mbpoll("A1-field", 6, "-t", "0", "-r", "" + coil, "127.0.0.1", "1");
        assertEquals("0", lines.getFirst(), () -> String.join("\n", lines));
    }

    @Test
    void aStringsTemperatureIsThePlantsInThePlantsScale() throws Exception {
        int raw = register("A1-bms", 2, 40090);
        int factor = register("A1-bms", 2, 40114);
        Facility facility = Facility.read(PLANT).orElseThrow();
        var twin = new Plant(facility.site(), facility.settings(), 7, Instant.EPOCH);
        Value.Quantity truth =
                (Value.Quantity)
                        twin.sense(
                                Role.RACK_TEMPERATURE_MAX,
                                new Subject.OfNode(new NodeId("A1-S02")));
        assertEquals(-1, factor);
        assertEquals(truth.number(), raw * Math.pow(10, factor), 0.051);
    }

    @Test
    void tripWithoutSelectDoesNothing() throws Exception {
        writeCoil(1);
        assertEquals(HEALTHY | CONTACT_52A, register("A1-field", 6, 0));
    }

    @Test
    void selectThenTripOpensThatBreakerAndNoOther() throws Exception {
        assertEquals(HEALTHY | CONTACT_52A, register("A1-field", 6, 0));
        writeCoil(0);
        assertEquals(HEALTHY | CONTACT_52A, register("A1-field", 6, 0));
        writeCoil(1);
        int status = register("A1-field", 6, 0);
        while ((status & CONTACT_52B) == 0) {
            assertEquals(0, status & TRIPPED);
            status = register("A1-field", 6, 0);
        }
        assertEquals(HEALTHY | CONTACT_52B | TRIPPED, status);
        assertEquals(HEALTHY | CONTACT_52A, register("A1-field", 6, 1));
    }

    @Test
    void whatIsNotThereIsRefusedInWordsAForeignClientKnows() throws Exception {
        expectRefusal(99, "Target device failed to respond");
        expectRefusal(1, "Illegal data address");
    }

    private void expectRefusal(int unit, String reason) throws IOException, InterruptedException {
        List<String> lines = mbpoll("A1-bms", unit, "-1", "-r", "0", "127.0.0.1");
        assertEquals("1", lines.getFirst());
        assertTrue(String.join("\n", lines).contains(reason), () -> String.join("\n", lines));
    }

    @Test
    void itSaysWhereItListensAndStopsWhenTold() throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("endpoints.yaml"));
        assertEquals("\"A1-bms\": \"127.0.0.1:" + ports.get("A1-bms") + "\"", lines.getFirst());
        simulator.destroy();
        assertTrue(simulator.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, simulator.exitValue());
    }
}
