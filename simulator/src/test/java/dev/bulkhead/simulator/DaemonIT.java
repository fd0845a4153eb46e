package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.Main;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.device.SilentDevice;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.plant.Happening;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bulkhead run} as a daemon at real time, against a simulated facility on real sockets. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DaemonIT {
    private static final BreakerId QB = new BreakerId("QB-A1-1");
    private static final String LOCAL = "breaker-local@QB-A1-1";

    @TempDir private Path folder;
    private final List<Process> processes = new ArrayList<>();
    private Facility facility;
    private RunningPlant running;
    private Plant plant;
    private SequencedMap<GatewayId, SimulatedGateway> gateways;
    private Serving serving;

    @BeforeEach
    void serve() throws IOException {
        Path site = ShippedScenarios.sites().resolve("two-rooms");
        try (var files = Files.list(site)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Files.writeString(
                folder.resolve("agent.yaml"),
                "\nendpoints: endpoints.yaml\n",
                StandardOpenOption.APPEND);
        facility = Facility.read(folder.resolve("plant.yaml")).orElseThrow();
        plant = new Plant(facility.site(), facility.settings(), 1, Instant.now());
        running = new RunningPlant(plant, 1);
        gateways = facility.gateways(plant);
        serving = Serving.start(gateways, running.lock(), running::now, 0);
        serving.writeEndpoints(folder.resolve("endpoints.yaml"));
        running.start();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        serving.close();
        running.close();
    }

    private Process agent(String log) throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "run",
                                "--config",
                                folder.resolve("agent.yaml").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(log).toFile())
                        .start();
        processes.add(process);
        return process;
    }

    /** What a command line of the agent's prints. */
    private String told(String... arguments) {
        var out = new StringWriter();
        Main.run(arguments, new PrintWriter(out), new PrintWriter(out));
        return out.toString();
    }

    private String alarms() {
        return told("alarms", "list", "--config", folder.resolve("agent.yaml").toString());
    }

    private String log(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private void inPlant(Runnable act) {
        running.lock().lock();
        try {
            act.run();
        } finally {
            running.lock().unlock();
        }
    }

    /** An operator's acknowledgement must not be forgotten because a process died. */
    @Test
    void anAcknowledgedAlarmIsStillAcknowledgedAfterAKill()
            throws IOException, InterruptedException {
        Process first = agent("first.log");
        inPlant(() -> plant.apply(new Happening.SetLocal(QB, true)));
        await(() -> alarms().contains(LOCAL));

        String answer =
                told(
                        "alarms",
                        "ack",
                        LOCAL,
                        "--config",
                        folder.resolve("agent.yaml").toString(),
                        "--by",
                        "Kim",
                        "--why",
                        "work permit 17");
        await(() -> alarms().lines().anyMatch(DaemonIT::isAcknowledged));
        first.destroyForcibly().waitFor();
        agent("second.log");
        await(() -> alarms().contains(LOCAL));

        assertTrue(alarms().lines().anyMatch(DaemonIT::isAcknowledged), answer + alarms());
        inPlant(() -> plant.apply(new Happening.SetLocal(QB, false)));
        await(() -> !alarms().contains(LOCAL));
    }

    private static boolean isAcknowledged(String line) {
        return line.contains(LOCAL) && line.contains("ACKNOWLEDGED") && !line.contains("UNACK");
    }

    @Test
    void toldToStopItStopsAndASecondOneOnItsJournalIsRefused()
            throws IOException, InterruptedException {
        Process first = agent("first.log");
        await(
                () ->
                        told("rooms", "list", "--config", folder.resolve("agent.yaml").toString())
                                .contains("B1"));

        Process second = agent("second.log");
        assertEquals(1, second.waitFor(), () -> "the journal is taken");
        assertTrue(log("second.log").contains("journal"), log("second.log"));

        first.destroy();
        assertEquals(0, first.waitFor());
        assertTrue(log("first.log").contains("told to stop"), log("first.log"));
    }

    /** At 3 a.m. a lost device is one line, not one a second. */
    @Test
    void aLostDeviceIsReportedOnceAndOnceWhenItIsBack() throws IOException, InterruptedException {
        var device = new DeviceId("A1-busbars");
        SimulatedGateway gateway =
                Site.known(gateways, Site.known(facility.site().devices(), device).gateway());
        agent("agent.log");
        await(
                () ->
                        told("rooms", "list", "--config", folder.resolve("agent.yaml").toString())
                                .contains("B1"));
        var silence = new SilentDevice();

        inPlant(() -> gateway.inflict(device, silence));
        await(() -> lines("silent").size() + lines("lost").size() > 0);
        inPlant(() -> gateway.mend(device, silence));
        await(() -> !lines("answers again").isEmpty() || !lines("is back").isEmpty());

        List<String> lost = lines(device + " is silent");
        List<String> back = lines(device + " answers again");
        assertEquals(1, lost.size(), () -> "" + lost);
        assertEquals(1, back.size(), () -> "" + back);
    }

    private List<String> lines(String part) {
        try {
            return log("agent.log").lines().filter(line -> line.contains(part)).toList();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
