package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.modbus.Answer;
import dev.bulkhead.agent.modbus.Bench;
import dev.bulkhead.agent.modbus.Change;
import dev.bulkhead.agent.modbus.Exchange;
import dev.bulkhead.agent.modbus.Image;
import dev.bulkhead.agent.modbus.LinkDriver;
import dev.bulkhead.agent.modbus.LinkNews;
import dev.bulkhead.agent.modbus.LinkTimings;
import dev.bulkhead.agent.modbus.SunSpecUnit;
import dev.bulkhead.agent.modbus.Visit;
import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.SerialLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The agent's link against slaves that others wrote: what our own simulator takes for Modbus is no
 * proof. Each holds the same devices; every signal is read, a breaker's coil is written under the
 * guard's leave and read back, what isn't there is refused, and what a person wants written is.
 */
@Timeout(120)
class ForeignSlaveIT {
    private static final String LIBMODBUS = "/usr/include/modbus/modbus.h";
    private static final String PYMODBUS = "/usr/lib/python3/dist-packages/pymodbus";
    private static final String NODE_MODULES = "/usr/local/lib/bulkhead-peers/node_modules";
    private static final String MODBUS_SERIAL = NODE_MODULES + "/modbus-serial";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path folder;
    private final Socat socat = new Socat();
    private final List<Process> slaves = new ArrayList<>();
    private final AgentTime time = AgentTime.system();
    private final BlockingQueue<Observation> observations = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    private final LinkDriver.Findings findings =
            new LinkDriver.Findings() {
                @Override
                public void sampled(Sample sample) {
                    observations.addAll(sample.observations());
                }

                @Override
                public void silenced(List<Observation> silent) {
                    observations.addAll(silent);
                }

                @Override
                public void news(LinkNews news) {}
            };

    /** How the agent reaches a slave. */
    enum Way {
        TCP,
        RTU_OVER_TCP,
        /** RTU on a port of this host. */
        RTU
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process slave : slaves) {
            slave.destroyForcibly().waitFor();
        }
        socat.stop();
    }

    /** libmodbus frames RTU itself, and socat puts it on the port. */
    @ParameterizedTest
    @EnumSource
    @NeedsPeer({"gcc", LIBMODBUS, "socat"})
    void libmodbusIsReadAndWritten(Way way) throws IOException, InterruptedException {
        Path source = resource("/dev/bulkhead/agent/modbus/slave.c");
        String program = folder.resolve("slave").toString();
        int code =
                new ProcessBuilder(
                                "gcc",
                                "-Wall",
                                "-Werror",
                                "-I/usr/include/modbus",
                                "-o",
                                program,
                                source.toString(),
                                "-lmodbus")
                        .inheritIO()
                        .start()
                        .waitFor();
        assertEquals(0, code, "slave.c doesn't compile");
        int port = start(new ProcessBuilder(program, image(), "0", way == Way.TCP ? "tcp" : "rtu"));
        if (way == Way.RTU) {
            socat.joinToTcp(agentsEnd(), port);
        }
        readAndWrite(link(way, port));
    }

    /** pymodbus frames RTU itself, and opens the port itself. */
    @ParameterizedTest
    @EnumSource
    @NeedsPeer({"/usr/bin/python3", PYMODBUS, "socat"})
    void pymodbusIsReadAndWritten(Way way) throws IOException, InterruptedException {
        String how =
                switch (way) {
                    case TCP -> "tcp";
                    case RTU_OVER_TCP -> "rtu";
                    case RTU -> {
                        socat.join(agentsEnd(), slavesEnd());
                        yield slavesEnd().toString();
                    }
                };
        String script = resource("slave.py").toString();
        readAndWrite(
                link(way, start(new ProcessBuilder("/usr/bin/python3", script, image(), how))));
    }

    /** The mark at 50000, vendors' models before and between, and a module more than the site. */
    @Test
    @NeedsPeer({"/usr/bin/python3", PYMODBUS})
    void modelsThatPymodbusHasElsewhereAreFound() throws IOException, InterruptedException {
        var lines =
                new ArrayList<>(
                        new Bench(502)
                                .image(Bench.START).stream()
                                        .filter(line -> !line.startsWith("h " + Bench.STRING + " "))
                                        .toList());
        lines.addAll(
                new SunSpecUnit(50000)
                        .vendor(64001, 12)
                        .common(65)
                        .vendor(64002, 121)
                        .string(18)
                        .end()
                        .image(Bench.STRING));
        String image = Files.write(folder.resolve("image"), lines).toString();
        String script = resource("slave.py").toString();
        Map<SignalId, Value> values = SunSpecUnit.values(17);
        var bench = new Bench(start(new ProcessBuilder("/usr/bin/python3", script, image, "tcp")));
        try (LinkDriver _ = link(bench, timings())) {
            Map<SignalId, Value> read = read(bench, values.keySet());
            values.forEach((id, value) -> assertEquals(value, read.get(id), id::toString));
        }
    }

    /** modbus-serial opens a port itself, and socat makes RTU over TCP of it. */
    @ParameterizedTest
    @EnumSource
    @NeedsPeer({"node", MODBUS_SERIAL, "socat"})
    void modbusSerialIsReadAndWritten(Way way) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of("node", resource("slave.js").toString(), image()));
        int between = 0;
        if (way == Way.RTU) {
            socat.join(agentsEnd(), slavesEnd());
        } else if (way == Way.RTU_OVER_TCP) {
            between = socat.listenFor(slavesEnd());
        }
        if (way != Way.TCP) {
            words.add(slavesEnd().toString());
        }
        var node = new ProcessBuilder(words);
        node.environment().put("NODE_PATH", NODE_MODULES);
        int own = start(node);
        readAndWrite(link(way, way == Way.TCP ? own : between));
    }

    private Path agentsEnd() {
        return folder.resolve("ttyAgent");
    }

    private Path slavesEnd() {
        return folder.resolve("ttySlave");
    }

    private Link link(Way way, int port) {
        return switch (way) {
            case TCP -> new Link.Tcp("127.0.0.1", port);
            case RTU_OVER_TCP -> new Link.RtuOverTcp("127.0.0.1", port);
            case RTU ->
                    new Link.Rtu(
                            new SerialLine(
                                    agentsEnd().toString(), 19_200, SerialLine.Parity.NONE, 8, 1));
        };
    }

    /** Starts a slave; the port it says. */
    private int start(ProcessBuilder command) throws IOException {
        Process slave = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        slaves.add(slave);
        String port = slave.inputReader(StandardCharsets.UTF_8).readLine();
        return Integer.parseInt(String.valueOf(port));
    }

    private Path resource(String name) throws IOException {
        Path file = folder.resolve(Path.of(name).getFileName());
        try (InputStream in =
                Objects.requireNonNull(ForeignSlaveIT.class.getResourceAsStream(name), name)) {
            Files.copy(in, file);
        }
        return file;
    }

    /** The bench's devices at an instant when the loop is at 12 mA. */
    private String image() throws IOException {
        List<String> lines = new Bench(502).image(Bench.START.plusSeconds(80));
        return Files.write(folder.resolve("image"), lines).toString();
    }

    private void readAndWrite(Link link) throws InterruptedException {
        var bench = new Bench(new Gateway(Bench.GATEWAY, link, Courtesy.NONE));
        LinkTimings timings = timings();
        try (LinkDriver driver = link(bench, timings)) {
            checkReadings(bench);

            var select =
                    new Exchange.WriteCoil(
                            Bench.PANEL, 0, Bench.breaker(1), Leaves.leave("Q1", time.now()));
            driver.submit(select, answers::add);
            assertInstanceOf(Answer.Written.class, answer());
            driver.submit(new Exchange.ReadBits(Bench.PANEL, Table.COIL, 0, 4), answers::add);
            var coils = assertInstanceOf(Answer.Values.class, answer());
            assertEquals(Image.of(1, 0, 0, 0), coils.image());
            driver.submit(
                    new Exchange.ReadRegisters(Bench.PANEL, Table.HOLDING, 60_000, 1),
                    answers::add);
            var refused = assertInstanceOf(Answer.Refused.class, answer());
            assertEquals(2, refused.code());
        }
        writeAsTold(bench.gateway(), timings);
    }

    /** By the functions 5, 6, 15 and 16. */
    private void writeAsTold(Gateway gateway, LinkTimings timings) throws InterruptedException {
        try (Visit visit = Visit.to(gateway, Set.of(Bench.PANEL), timings, time)) {
            for (Change change :
                    List.of(
                            new Change(Table.COIL, 6, List.of(1), false),
                            new Change(Table.HOLDING, 100, List.of(0xABCD), false),
                            new Change(Table.COIL, 8, List.of(1, 0, 1, 1, 0, 0, 1, 0, 1, 1), true),
                            new Change(Table.HOLDING, 2, List.of(1, 0xFFFF, 0x1234), true))) {
                assertInstanceOf(
                        Answer.Written.class, visit.write(change, Bench.PANEL), change::toString);
                var block =
                        new Block(
                                change.table(),
                                change.address(),
                                change.values().size(),
                                Rate.ONCE);
                var read = assertInstanceOf(Answer.Values.class, visit.read(block, Bench.PANEL));
                assertEquals(
                        change.values(),
                        IntStream.range(0, read.image().size())
                                .map(read.image()::at)
                                .boxed()
                                .toList());
            }
        }
    }

    private LinkTimings timings() {
        return LinkTimings.proposed(Duration.ofMillis(200), Duration.ofMillis(500)).onWall(time);
    }

    private LinkDriver link(Bench bench, LinkTimings timings) {
        return LinkDriver.start(
                bench.session(timings.forGateway(bench.gateway()), time.now()),
                bench.gateway(),
                time,
                findings);
    }

    /** The first readings of these signals, which are all measurements. */
    private Map<SignalId, Value> read(Bench bench, Set<SignalId> signals)
            throws InterruptedException {
        var read = new HashMap<SignalId, Value>();
        while (!read.keySet().containsAll(signals)) {
            Observation next = observations.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertTrue(next != null, () -> "of all signals only " + read.keySet() + " were read");
            SignalId id = bench.signals.get(next.signal()).id();
            if (signals.contains(id)) {
                var measured =
                        assertInstanceOf(Reading.Measured.class, next.reading(), id::toString);
                read.put(id, measured.value());
            }
        }
        return read;
    }

    private void checkReadings(Bench bench) throws InterruptedException {
        Set<SignalId> all =
                bench.signals.all().stream().map(Signal::id).collect(Collectors.toSet());
        Map<SignalId, Value> read = read(bench, all);
        Map<String, Value> expected =
                Map.of(
                        "loops.ai1", new Value.Quantity(100),
                        "contacts.di2", new Value.Flag(true),
                        "panel.breaker[1].position", new Value.At(Position.CLOSED),
                        "bms.V", new Value.Quantity(557.6),
                        "bms.module[17].ModCellVMin", new Value.Quantity(4.1));
        expected.forEach((id, value) -> assertEquals(value, read.get(new SignalId(id)), id));
    }

    private Answer answer() throws InterruptedException {
        Answer answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return Objects.requireNonNull(answer, "no answer");
    }
}
