package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.modbus.LinkDriver;
import dev.bulkhead.agent.modbus.LinkNews;
import dev.bulkhead.agent.modbus.LinkSession;
import dev.bulkhead.agent.modbus.LinkTimings;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.ShippedScenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A serial line, which is a pair of pseudo-terminals that socat joins: opened, set, read, pulled
 * out and put back by the agent's own means. It has neither speed nor parity, so it shows nothing
 * of them.
 */
@NeedsPeer("socat")
@Timeout(60)
class SerialIT {
    private static final GatewayId FIELD = new GatewayId("A1-field");
    private static final int DEAD = 3;

    private static final LinkTimings TIMINGS =
            new LinkTimings(
                    Duration.ofMillis(200),
                    Duration.ofMillis(500),
                    Duration.ofMillis(300),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(50),
                    Duration.ofMillis(400),
                    Duration.ofSeconds(3));

    @TempDir private Path folder;
    private final BlockingQueue<Reading> readings = new LinkedBlockingQueue<>();
    private final BlockingQueue<LinkNews> news = new LinkedBlockingQueue<>();
    private final Socat socat = new Socat();

    private final LinkDriver.Findings findings =
            new LinkDriver.Findings() {
                @Override
                public void sampled(Sample sample) {
                    silenced(sample.observations());
                }

                @Override
                public void silenced(List<Observation> observations) {
                    observations.forEach(each -> readings.add(each.reading()));
                }

                @Override
                public void news(LinkNews edge) {
                    news.add(edge);
                }
            };

    @AfterEach
    void pullOut() throws InterruptedException {
        socat.stop();
    }

    /** Lays a line between the agent's end and the units'. */
    private Process plugIn(SerialUnits units) throws IOException, InterruptedException {
        Process line = socat.join(agentEnd(), unitsEnd());
        units.serve(unitsEnd());
        return line;
    }

    private Path agentEnd() {
        return folder.resolve("ttyAgent");
    }

    private Path unitsEnd() {
        return folder.resolve("ttyUnits");
    }

    /** The shipped site, with the field devices of a room on a serial line. */
    private dev.bulkhead.agent.Facility onLine(String link) throws IOException {
        Path shipped = ShippedScenarios.sites().resolve("two-rooms").resolve("site.yaml");
        String text = Files.readString(shipped);
        String changed =
                text.replaceFirst(
                        "\\{id: A1-field, [^}]*}",
                        "{id: A1-field, link: %s, device: %s, parity: none, dataBits: 8}"
                                .formatted(link, agentEnd()));
        assertTrue(!changed.equals(text), "the site has no gateway A1-field");
        return dev.bulkhead.agent.Facility.load(
                        Files.writeString(folder.resolve("site.yaml"), changed))
                .orElseThrow();
    }

    private LinkDriver drive(String link) throws IOException {
        var facility = onLine(link);
        Gateway gateway = Site.known(facility.site().gateways(), FIELD);
        var time = AgentTime.system();
        LinkTimings timings = TIMINGS.forGateway(gateway);
        return LinkDriver.start(
                LinkSession.of(
                        facility.site(),
                        gateway,
                        facility.profiles(),
                        facility.signals(),
                        timings,
                        time.now()),
                gateway,
                time,
                findings);
    }

    private static SerialUnits units(String link, IntPredicate isSilent) {
        Facility facility =
                Facility.read(ShippedScenarios.sites().resolve("two-rooms").resolve("plant.yaml"))
                        .orElseThrow();
        var plant = new Plant(facility.site(), facility.settings(), 1, Instant.now());
        return new SerialUnits(
                Site.known(facility.gateways(plant), FIELD), link.equals("ascii"), isSilent);
    }

    private static <T> T await(BlockingQueue<T> queue, Predicate<T> wanted)
            throws InterruptedException {
        while (true) {
            T next = queue.poll(30, TimeUnit.SECONDS);
            assertTrue(next != null, "nothing came for 30 s");
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rtu", "ascii"})
    void readingsComeOverASerialLine(String link) throws IOException, InterruptedException {
        plugIn(units(link, _ -> false));
        try (LinkDriver _ = drive(link)) {
            for (int i = 0; i < 30; i++) {
                await(readings, Reading.Measured.class::isInstance);
            }
            assertEquals(List.of(), List.copyOf(news));
        }
    }

    @Test
    void aPulledOutAdapterIsALostLinkThatComesBackByItself()
            throws IOException, InterruptedException {
        SerialUnits units = units("rtu", _ -> false);
        Process adapter = plugIn(units);
        try (LinkDriver _ = drive("rtu")) {
            await(readings, Reading.Measured.class::isInstance);
            adapter.destroy();
            adapter.waitFor();
            var lost =
                    assertInstanceOf(
                            LinkNews.LinkLost.class,
                            await(news, LinkNews.LinkLost.class::isInstance));
            assertTrue(lost.reason().contains("ttyAgent"), lost.reason());

            plugIn(units);
            await(news, LinkNews.LinkBack.class::isInstance);
            readings.clear();
            await(readings, Reading.Measured.class::isInstance);
        }
    }

    /** Each answer that fails to come closes the port; what leaks there is gone after a night. */
    @Test
    void aDeadUnitCostsItsNeighboursNothingAndNoDescriptor()
            throws IOException, InterruptedException {
        SerialUnits units = units("rtu", unit -> unit == DEAD);
        plugIn(units);
        try (LinkDriver link = drive("rtu")) {
            await(news, LinkNews.DeviceLost.class::isInstance);
            int before = units.requests();
            await(readings, _ -> units.requests() > before + 60);
            assertTrue(open() <= 1, open() + " descriptors");
            assertTrue(link.isRunning());
            assertTrue(news.stream().noneMatch(LinkNews.LinkLost.class::isInstance), "" + news);
        }
        assertEquals(0, open());
    }

    /** How often this process has the agent's end open. */
    private long open() throws IOException {
        Path device = agentEnd().toRealPath();
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(file -> leadsTo(file, device)).count();
        }
    }

    private static boolean leadsTo(Path file, Path device) {
        try {
            return Files.readSymbolicLink(file).equals(device);
        } catch (IOException _) {
            // Closed meanwhile.
            return false;
        }
    }

    @Test
    void aPortThatSomebodyElseHasOpenIsNoLinkAndSaidToBeSo()
            throws IOException, InterruptedException {
        plugIn(units("rtu", _ -> false));
        try (LinkDriver _ = drive("rtu")) {
            await(readings, Reading.Measured.class::isInstance);
            try (LinkDriver _ = drive("rtu")) {
                var lost = await(news, LinkNews.LinkLost.class::isInstance);
                assertTrue(lost.toString().contains("it is in use"), lost::toString);
            }
        }
    }

    @Test
    void aFileThatIsNoSerialDeviceIsSaidToBeSo() throws IOException, InterruptedException {
        Files.writeString(agentEnd(), "no device");
        try (LinkDriver _ = drive("rtu")) {
            var lost = await(news, LinkNews.LinkLost.class::isInstance);
            assertTrue(lost.toString().contains("ttyAgent"), lost::toString);
        }
    }
}
