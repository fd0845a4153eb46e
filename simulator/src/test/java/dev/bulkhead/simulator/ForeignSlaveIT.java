package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.modbus.Answer;
import dev.bulkhead.agent.modbus.Bench;
import dev.bulkhead.agent.modbus.Exchange;
import dev.bulkhead.agent.modbus.Image;
import dev.bulkhead.agent.modbus.LinkDriver;
import dev.bulkhead.agent.modbus.LinkNews;
import dev.bulkhead.agent.modbus.LinkTimings;
import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent's link against slaves that others wrote: what our own simulator takes for Modbus is no
 * proof. Each holds the same devices; every signal is read, a breaker's coil is written under the
 * guard's leave and read back, and what isn't there is refused.
 */
@Timeout(120)
class ForeignSlaveIT {
    private static final String LIBMODBUS = "/usr/include/modbus/modbus.h";
    private static final String PYMODBUS = "/usr/lib/python3/dist-packages/pymodbus";
    private static final String NODE_MODULES = "/usr/local/lib/bulkhead-peers/node_modules";
    private static final String MODBUS_SERIAL = NODE_MODULES + "/modbus-serial";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path folder;
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

    @Test
    @NeedsPeer({"gcc", LIBMODBUS})
    void libmodbusIsReadAndWritten() throws IOException, InterruptedException {
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
        readAndWrite(new ProcessBuilder(program, image()));
    }

    @Test
    @NeedsPeer({"/usr/bin/python3", PYMODBUS})
    void pymodbusIsReadAndWritten() throws IOException, InterruptedException {
        String script = resource("slave.py").toString();
        readAndWrite(new ProcessBuilder("/usr/bin/python3", script, image()));
    }

    @Test
    @NeedsPeer({"node", MODBUS_SERIAL})
    void modbusSerialIsReadAndWritten() throws IOException, InterruptedException {
        var node = new ProcessBuilder("node", resource("slave.js").toString(), image());
        node.environment().put("NODE_PATH", NODE_MODULES);
        readAndWrite(node);
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

    private void readAndWrite(ProcessBuilder command) throws IOException, InterruptedException {
        Process slave = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            String port = slave.inputReader(StandardCharsets.UTF_8).readLine();
            readAndWrite(new Bench(Integer.parseInt(String.valueOf(port))));
        } finally {
            slave.destroyForcibly().waitFor();
        }
    }

    private void readAndWrite(Bench bench) throws InterruptedException {
        LinkTimings timings =
                LinkTimings.proposed(Duration.ofMillis(200), Duration.ofMillis(500)).onWall(time);
        try (LinkDriver link =
                LinkDriver.start(
                        bench.session(timings, time.now()), bench.gateway(), time, findings)) {
            checkReadings(bench);

            var select =
                    new Exchange.WriteCoil(
                            Bench.PANEL, 0, Bench.breaker(1), Leaves.leave("Q1", time.now()));
            link.submit(select, answers::add);
            assertInstanceOf(Answer.Written.class, answer());
            link.submit(new Exchange.ReadBits(Bench.PANEL, Table.COIL, 0, 4), answers::add);
            var coils = assertInstanceOf(Answer.Values.class, answer());
            assertEquals(Image.of(1, 0, 0, 0), coils.image());
            link.submit(
                    new Exchange.ReadRegisters(Bench.PANEL, Table.HOLDING, 60_000, 1),
                    answers::add);
            var refused = assertInstanceOf(Answer.Refused.class, answer());
            assertEquals(2, refused.code());
        }
    }

    private void checkReadings(Bench bench) throws InterruptedException {
        var read = new HashMap<SignalId, Value>();
        while (read.size() < bench.signals.size()) {
            Observation next = observations.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertTrue(next != null, () -> "of all signals only " + read.keySet() + " were read");
            SignalId id = bench.signals.get(next.signal()).id();
            var measured = assertInstanceOf(Reading.Measured.class, next.reading(), id::toString);
            read.put(id, measured.value());
        }
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
