package dev.bulkhead.simulator;

import dev.bulkhead.agent.Main;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.ShippedScenarios;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The site {@code two-rooms} at real time on real sockets, a folder with its files, and the
 * processes started on them.
 */
final class ServedFacility implements AutoCloseable {
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final Facility facility;
    private final RunningPlant running;
    private final Plant plant;
    private final SequencedMap<GatewayId, SimulatedGateway> gateways;
    private final Serving serving;

    private ServedFacility(Path folder) throws IOException {
        this.folder = folder;
        Path site = ShippedScenarios.sites().resolve("two-rooms");
        try (var files = Files.list(site)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        append("agent.yaml", "\nendpoints: endpoints.yaml\n");
        facility = Facility.read(folder.resolve("plant.yaml")).orElseThrow();
        plant = new Plant(facility.site(), facility.settings(), 1, Instant.now());
        running = new RunningPlant(plant, 1);
        gateways = facility.gateways(plant);
        serving = Serving.start(gateways, running.lock(), running::now, 0);
        serving.writeEndpoints(folder.resolve("endpoints.yaml"));
        running.start();
    }

    static ServedFacility in(Path folder) throws IOException {
        return new ServedFacility(folder);
    }

    Facility facility() {
        return facility;
    }

    Plant plant() {
        return plant;
    }

    SequencedMap<GatewayId, SimulatedGateway> gateways() {
        return gateways;
    }

    void append(String file, String text) throws IOException {
        Files.writeString(
                folder.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Starts {@code bulkhead} with these arguments; what it says goes to a log in the folder. */
    Process bulkhead(String log, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        command.addAll(List.of(arguments));
        return start(log, command);
    }

    /** Starts the agent on the folder's {@code agent.yaml}. */
    Process agent(String log) throws IOException {
        return bulkhead(log, "run", "--config", path("agent.yaml"));
    }

    /** Starts a program of others; it is killed at the end. */
    Process start(String log, List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()))
                        .start();
        processes.add(process);
        return process;
    }

    String path(String file) {
        return folder.resolve(file).toString();
    }

    /** What a command line of the agent's prints. */
    static String told(String... arguments) {
        var out = new StringWriter();
        Main.run(arguments, new PrintWriter(out), new PrintWriter(out));
        return out.toString();
    }

    String log(String name) {
        try {
            Path file = folder.resolve(name);
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    List<String> lines(String log, String part) {
        return log(log).lines().filter(line -> line.contains(part)).toList();
    }

    /** Waits until something holds; the test's own limit ends it. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    void inPlant(Runnable act) {
        running.lock().lock();
        try {
            act.run();
        } finally {
            running.lock().unlock();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            for (Process process : processes) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        serving.close();
        running.close();
    }
}
