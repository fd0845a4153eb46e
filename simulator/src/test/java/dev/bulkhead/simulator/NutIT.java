package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.device.Way;
import dev.bulkhead.simulator.plant.Happening;
import dev.bulkhead.simulator.plant.Plant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's drivers of NUT at one UPS of the plant, each at the device its maker would have there:
 * two over TCP, two over serial lines that socat joins. What {@code upsc} says is the plant's.
 */
@NeedsPeer({
    "/lib/nut/generic_modbus",
    "/lib/nut/adelsystem_cbi",
    "/lib/nut/huawei-ups2000",
    "/lib/nut/socomec_jbus",
    "/lib/nut/upsd",
    "upsc",
    "socat"
})
@Timeout(120)
class NutIT {
    private static final Path PLANT =
            Path.of("src/test/resources/dev/bulkhead/simulator/nut/plant.yaml");

    /** By the names in {@code ups.conf}. */
    private static final Map<String, String> DRIVERS =
            new TreeMap<>(
                    Map.of(
                            "signals", "generic_modbus",
                            "dc-ups", "adelsystem_cbi",
                            "ups2000", "huawei-ups2000",
                            "delphys", "socomec_jbus"));

    private static final NodeId UPS = new NodeId("UPS-1");

    @TempDir private Path folder;
    private final Socat socat = new Socat();
    private final List<Process> processes = new ArrayList<>();
    private final Facility facility = Facility.read(PLANT).orElseThrow();
    private final Plant plant = new Plant(facility.site(), facility.settings(), 1, Instant.now());
    private final RunningPlant running = new RunningPlant(plant, 1);
    private Serving serving;
    private int port;

    @BeforeEach
    void serve() throws IOException, InterruptedException {
        socat.join(line("huawei"), farEnd("huawei"));
        socat.join(line("socomec"), farEnd("socomec"));
        Map<GatewayId, Way> ways = new LinkedHashMap<>();
        for (GatewayId gateway : facility.site().gateways().keySet()) {
            ways.put(
                    gateway,
                    Files.exists(farEnd(gateway.value()))
                            ? new Way.Rtu(farEnd(gateway.value()))
                            : new Way.Tcp(anyPort()));
        }
        serving = Serving.start(facility.gateways(plant), running.lock(), running::now, ways);
        running.start();
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        write("nut.conf", "MODE=netserver\n");
        write("upsd.conf", "LISTEN 127.0.0.1 " + port + "\n");
        write("upsd.users", "");
        write("ups.conf", upsConf());
        for (Map.Entry<String, String> each : DRIVERS.entrySet()) {
            start(each.getKey(), "/lib/nut/" + each.getValue(), "-a", each.getKey());
        }
        start("upsd", "/lib/nut/upsd");
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        serving.close();
        running.close();
        socat.stop();
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private Path line(String gateway) {
        return folder.resolve("tty-" + gateway);
    }

    private Path farEnd(String gateway) {
        return folder.resolve("tty-" + gateway + "-far");
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private String address(String gateway) {
        InetSocketAddress address = Site.known(serving.addresses(), new GatewayId(gateway));
        return "127.0.0.1:" + address.getPort();
    }

    private String upsConf() {
        return """
        pollinterval = 1
        [signals]
          driver = generic_modbus
          port = %s
          rio_slave_id = 1
          OB_addr = 0
          OB_regtype = 1
          OL_addr = 1
          OL_regtype = 1
          RB_addr = 2
          RB_regtype = 1
        [dc-ups]
          driver = adelsystem_cbi
          port = %s
          dev_slave_id = 5
        [ups2000]
          driver = huawei-ups2000
          port = %s
        [delphys]
          driver = socomec_jbus
          port = %s
        """
                .formatted(
                        address("contacts"),
                        address("adelsystem"),
                        line("huawei"),
                        line("socomec"));
    }

    /** Stays in the foreground, as whoever runs the test. */
    private void start(String log, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(words));
        command.addAll(List.of("-u", System.getProperty("user.name"), "-D"));
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(log + ".log").toFile());
        for (String variable : List.of("NUT_CONFPATH", "NUT_STATEPATH", "NUT_ALTPIDPATH")) {
            builder.environment().put(variable, folder.toString());
        }
        processes.add(builder.start());
    }

    /** All that upsd has of a UPS, by name; empty while it has nothing. */
    private Map<String, String> told(String ups) {
        Map<String, String> told = new HashMap<>();
        try {
            Process upsc =
                    new ProcessBuilder("upsc", ups + "@127.0.0.1:" + port)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            upsc.inputReader(StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(": ", 2))
                    .filter(parts -> parts.length == 2)
                    .forEach(parts -> told.put(parts[0], parts[1]));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return told;
    }

    /** Waits until all of them say what fits. */
    private void awaitAll(Predicate<String> status) throws InterruptedException {
        for (String ups : DRIVERS.keySet()) {
            ServedFacility.await(() -> status.test(told(ups).getOrDefault("ups.status", "")));
        }
    }

    private static boolean says(String status, String word) {
        return List.of(status.split(" ", -1)).contains(word);
    }

    private double number(String ups, String name) {
        return Double.parseDouble(told(ups).getOrDefault(name, "NaN"));
    }

    private double sensed(Role role) {
        running.lock().lock();
        try {
            return ((Value.Quantity) plant.sense(role, new Subject.OfNode(UPS))).number();
        } finally {
            running.lock().unlock();
        }
    }

    private void happen(Happening happening) {
        running.lock().lock();
        try {
            plant.apply(happening);
        } finally {
            running.lock().unlock();
        }
    }

    @Test
    void eachDriverShowsThePlantOnMainsUnderLoadAndOnBattery() throws InterruptedException {
        awaitAll(status -> says(status, "OL"));
        assertEquals("UPS2000", told("ups2000").get("device.model"));
        assertEquals("ups2000", told("ups2000").get("device.serial"));
        assertEquals("DELPHYS MX", told("delphys").get("ups.model"));
        assertEquals("230", told("dc-ups").get("input.voltage"));
        assertShown();
        double half = sensed(Role.UPS_LOAD_PERCENT);

        happen(new Happening.OpenByHand(new BreakerId("Q-P2")));
        ServedFacility.await(
                () ->
                        number("ups2000", "ups.load") > 1.9 * half
                                && number("delphys", "ups.load") > 1.9 * half);
        assertShown();
        double floating = sensed(Role.UPS_BATTERY_VOLTAGE);

        happen(new Happening.UtilityLost());
        awaitAll(status -> says(status, "OB"));
        assertEquals("discharging", told("ups2000").get("battery.charger.status"));
        assertEquals("discharging", told("dc-ups").get("battery.charger.status"));
        ServedFacility.await(
                () ->
                        number("ups2000", "battery.voltage") < floating - 0.2
                                && number("dc-ups", "battery.voltage") < floating - 0.2
                                && number("delphys", "battery.voltage") < floating - 0.2);
        assertShown();

        happen(new Happening.UtilityRestored());
        awaitAll(status -> says(status, "OL"));

        happen(new Happening.OpenByHand(new BreakerId("QS-1")));
        ServedFacility.await(() -> says(told("signals").getOrDefault("ups.status", ""), "RB"));
        ServedFacility.await(
                () -> told("delphys").getOrDefault("ups.alarm", "").contains("circuit open"));
    }

    private void assertShown() {
        double volts = sensed(Role.UPS_BATTERY_VOLTAGE);
        for (String ups : List.of("ups2000", "dc-ups", "delphys")) {
            assertEquals(volts, number(ups, "battery.voltage"), 0.15, ups);
        }
        double load = sensed(Role.UPS_LOAD_PERCENT);
        assertEquals(load, number("ups2000", "ups.load"), 0.06);
        assertEquals(load, number("delphys", "ups.load"), 0.51);
    }
}
