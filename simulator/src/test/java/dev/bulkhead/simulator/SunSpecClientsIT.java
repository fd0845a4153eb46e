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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three foreign clients find the models of one battery string by themselves, from the mark at 40000
 * on, and read the plant's voltage there: served by {@code bulkhead-sim serve} over TCP, and over a
 * serial line.
 */
@Timeout(90)
class SunSpecClientsIT {
    private static final Path PLANT = Path.of("src/main/sites/two-rooms/plant.yaml");
    private static final Pattern REGISTER = Pattern.compile("\\[(\\d+)]:\\s+(\\d+)");
    private static final int UNIT = 2;

    @TempDir private Path folder;
    private final Socat socat = new Socat();
    private final List<Process> simulators = new ArrayList<>();
    private int port;

    @BeforeEach
    void serve() throws IOException {
        String place = serve(List.of());
        port = Integer.parseInt(place.substring(place.indexOf(':') + 1));
    }

    /** Where the first gateway, with the strings of room A1, is served. */
    private String serve(List<String> more) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.bulkhead.simulator.Main",
                                "serve",
                                PLANT.toString(),
                                "--seed",
                                "7"));
        command.addAll(more);
        Process simulator =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        simulators.add(simulator);
        BufferedReader out = simulator.inputReader(StandardCharsets.UTF_8);
        String line = String.valueOf(out.readLine());
        assertTrue(line.startsWith("A1-bms "), line);
        return line.substring("A1-bms ".length());
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process simulator : simulators) {
            simulator.destroyForcibly().waitFor();
        }
        socat.stop();
    }

    /** As a twin of the served plant has it, which is idle. */
    private static List<String> expected() {
        Facility facility = Facility.read(PLANT).orElseThrow();
        var twin = new Plant(facility.site(), facility.settings(), 7, Instant.EPOCH);
        var volts =
                (Value.Quantity)
                        twin.sense(Role.RACK_VOLTAGE, new Subject.OfNode(new NodeId("A1-S02")));
        return List.of(
                "model 1 66 40002",
                "model 804 318 40070",
                "volts " + String.format(Locale.ROOT, "%.1f", volts.number()));
    }

    private static List<String> output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
        return lines;
    }

    private Path resource(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in =
                Objects.requireNonNull(SunSpecClientsIT.class.getResourceAsStream(name), name)) {
            Files.copy(in, file);
        }
        return file;
    }

    @Test
    @NeedsPeer({"gcc", "/usr/include/modbus/modbus.h"})
    void libmodbusFindsTheModels() throws IOException, InterruptedException {
        String program = folder.resolve("sunspec").toString();
        output(
                "gcc",
                "-Wall",
                "-Werror",
                "-I/usr/include/modbus",
                "-o",
                program,
                resource("sunspec.c").toString(),
                "-lmodbus",
                "-lm");
        assertEquals(expected(), output(program, "" + port, "" + UNIT));
    }

    @Test
    @NeedsPeer({"/usr/bin/python3", "/usr/lib/python3/dist-packages/pymodbus"})
    void pymodbusFindsTheModels() throws IOException, InterruptedException {
        assertEquals(
                expected(),
                output(
                        "/usr/bin/python3",
                        resource("sunspec.py").toString(),
                        "" + port,
                        "" + UNIT));
    }

    @Test
    @NeedsPeer("mbpoll")
    void mbpollFindsTheModels() throws IOException, InterruptedException {
        assertEquals(expected(), walk("-m", "tcp", "-p", "" + port, "127.0.0.1"));
    }

    @Test
    @NeedsPeer({"mbpoll", "socat"})
    void mbpollFindsTheModelsOnASerialLine() throws IOException, InterruptedException {
        Path line = folder.resolve("tty");
        Path far = folder.resolve("tty-far");
        socat.join(line, far);
        assertEquals(far.toString(), serve(List.of("--link", "A1-bms=rtu:" + far)));
        assertEquals(expected(), walk("-m", "rtu", "-b", "19200", "-P", "none", line.toString()));
    }

    /** From one model to the next, each found by the one before. */
    private static List<String> walk(String... way) throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        assertEquals(List.of(0x5375, 0x6E53), read(40000, 2, way));
        int at = 40002;
        List<Integer> head = read(at, 2, way);
        while (head.getFirst() != 0xFFFF) {
            found.add("model %d %d %d".formatted(head.getFirst(), head.getLast(), at));
            if (head.getFirst() == 804) {
                List<Integer> string = read(at, 48, way);
                double factor = Math.pow(10, string.get(42).shortValue());
                found.add(String.format(Locale.ROOT, "volts %.1f", string.get(14) * factor));
            }
            at += 2 + head.getLast();
            head = read(at, 2, way);
        }
        return found;
    }

    private static List<Integer> read(int address, int count, String... way)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("mbpoll", "-0", "-1", "-q", "-a", "" + UNIT, "-t", "4"));
        command.addAll(List.of("-r", "" + address, "-c", "" + count));
        command.addAll(List.of(way));
        List<Integer> words = new ArrayList<>();
        for (String line : output(command.toArray(String[]::new))) {
            Matcher register = REGISTER.matcher(line);
            if (register.find()) {
                words.add(Integer.parseInt(register.group(2)));
            }
        }
        return words;
    }
}
