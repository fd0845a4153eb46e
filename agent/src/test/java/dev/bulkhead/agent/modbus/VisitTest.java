package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.modbus.WritableUnit.Fate;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.Site;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A person's writes: each is one frame, whatever becomes of it, and never another's. */
@Timeout(120)
final class VisitTest {
    private static final GatewayId HOST = new GatewayId("host");
    private static final int UNIT = 17;

    private static final LinkTimings TIMINGS =
            LinkTimings.proposed(Duration.ofSeconds(2), Duration.ofSeconds(5))
                    .within(Duration.ofMillis(100), Duration.ofMillis(500));

    private static Visit to(int port) {
        return Visit.to(
                Gateway.tcp(HOST, "127.0.0.1", port), Set.of(UNIT), TIMINGS, AgentTime.system());
    }

    private static Change random(SplittableRandom random) {
        boolean isOfCoils = random.nextBoolean();
        int count = random.nextBoolean() ? 1 : random.nextInt(1, 20);
        return new Change(
                isOfCoils ? Table.COIL : Table.HOLDING,
                random.nextInt(65_000),
                IntStream.range(0, count)
                        .map(_ -> random.nextInt(isOfCoils ? 2 : 65_536))
                        .boxed()
                        .toList(),
                count > 1 || random.nextBoolean());
    }

    /** A frame repeated after a time-out closes what was opened meanwhile. */
    @ParameterizedTest
    @EnumSource
    void aWriteIsOneFrameWhateverBecomesOfIt(Fate fate) throws InterruptedException {
        for (long seed = 0; seed < 10; seed++) {
            Change change = random(new SplittableRandom(seed));
            try (var unit = new WritableUnit();
                    Visit visit = to(unit.port())) {
                unit.befall(fate);
                Answer answer = visit.write(change, UNIT);
                Class<? extends Answer> expected =
                        switch (fate) {
                            case DONE -> Answer.Written.class;
                            case REFUSED -> Answer.Refused.class;
                            case SILENT, HANGS_UP, HALF, WRONG_NUMBER, FAILED -> Answer.Lost.class;
                        };
                assertInstanceOf(expected, answer, "seed " + seed);

                var block =
                        new Block(
                                change.table(),
                                change.address(),
                                change.values().size(),
                                Rate.ONCE);
                var after = assertInstanceOf(Answer.Values.class, visit.read(block, UNIT));
                boolean isDone = fate != Fate.REFUSED && fate != Fate.FAILED;
                assertEquals(
                        isDone ? change.values() : change.values().stream().map(_ -> 0).toList(),
                        IntStream.range(0, after.image().size())
                                .map(after.image()::at)
                                .boxed()
                                .toList(),
                        "seed " + seed);
                assertEquals(1, unit.writes().size(), "seed " + seed);
                assertEquals(change.function(), unit.writes().getFirst().at(1));
            }
        }
    }

    @Test
    void whereNobodyListensNothingIsWrittenAndTheReasonSaid() throws InterruptedException {
        try (Visit visit = to(1)) {
            var change = new Change(Table.HOLDING, 0, List.of(1), false);
            var answer = assertInstanceOf(Answer.NotSent.class, visit.write(change, UNIT));
            assertTrue(answer.reason().contains("nobody listens there"), answer.reason());
        }
    }

    /** Else a panel that was exchanged with its neighbour would get the write. */
    @Test
    void aDeviceThatIsNotTheOneMeantIsNotWrittenTo() throws InterruptedException {
        var bench = new Bench(502);
        Device panel = Site.known(bench.site.devices(), new DeviceId("panel"));
        Profile profile = Objects.requireNonNull(bench.profiles.get(panel.profile()));
        var change = new Change(Table.HOLDING, 5, List.of(1), false);
        try (var unit = new WritableUnit()) {
            Gateway gateway = Gateway.tcp(HOST, "127.0.0.1", unit.port());
            try (Visit visit = Visit.to(gateway, panel, profile, TIMINGS, AgentTime.system())) {
                var answer =
                        assertInstanceOf(Answer.NotSent.class, visit.write(change, panel.unit()));
                assertTrue(answer.reason().contains("expected '7'"), answer.reason());
            }
            assertEquals(List.of(), unit.writes());

            // The panel's number is in register 100.
            try (Visit anybody =
                    Visit.to(gateway, Set.of(panel.unit()), TIMINGS, AgentTime.system())) {
                anybody.write(new Change(Table.HOLDING, 100, List.of(7), false), panel.unit());
            }
            try (Visit visit = Visit.to(gateway, panel, profile, TIMINGS, AgentTime.system())) {
                assertInstanceOf(Answer.Written.class, visit.write(change, panel.unit()));
            }
            assertEquals(2, unit.writes().size());
        }
    }

    /** What scales it stands in another request. */
    @Test
    void aDeviceMayProveItselfByANumberThatIsScaled() throws InterruptedException {
        var text =
                """
                profile: scaled
                title: t
                source: s
                points:
                  - {name: number, at: 100, as: u16, factor: SF}
                  - {name: SF, at: 300, as: s16, rate: once}
                identity: [{point: number, is: 700}]
                """;
        Profile profile = ProfileFile.parse("scaled.yaml", text).orElseThrow();
        Device panel = Site.known(new Bench(502).site.devices(), new DeviceId("panel"));
        try (var unit = new WritableUnit()) {
            Gateway gateway = Gateway.tcp(HOST, "127.0.0.1", unit.port());
            try (Visit anybody =
                    Visit.to(gateway, Set.of(panel.unit()), TIMINGS, AgentTime.system())) {
                for (int address : new int[] {100, 300}) {
                    anybody.write(
                            new Change(
                                    Table.HOLDING, address, List.of(address == 100 ? 7 : 2), false),
                            panel.unit());
                }
            }
            try (Visit visit = Visit.to(gateway, panel, profile, TIMINGS, AgentTime.system())) {
                assertInstanceOf(
                        Answer.Written.class,
                        visit.write(new Change(Table.HOLDING, 5, List.of(1), false), panel.unit()));
            }
        }
    }

    /** The frames of simplymodbus.ca, which are the examples of the application protocol 1.1b3. */
    @ParameterizedTest
    @CsvSource({
        "COIL, 172, 1, false, 110500acff004e8b, 110500acff004e8b",
        "HOLDING, 1, 3, false, 1106000100039a9b, 1106000100039a9b",
        "COIL, 19, 1 0 1 1 0 0 1 1 1 0, true, 110f0013000a02cd01bf0b, 110f0013000a2699",
        "HOLDING, 1, 10 258, true, 11100001000204000a0102c6f0, 1110000100021298"
    })
    void writesStandOnASerialLineAsTheStandardHasThem(
            Table table,
            int address,
            String values,
            boolean isOfSeveral,
            String request,
            String answer)
            throws IOException, InterruptedException {
        BlockingQueue<Bytes> received = new LinkedBlockingQueue<>();
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerOnce(server, request, answer, received));
            var gateway =
                    new Gateway(
                            HOST,
                            new Link.RtuOverTcp("127.0.0.1", server.getLocalPort()),
                            Courtesy.NONE);
            var change =
                    new Change(
                            table,
                            address,
                            List.of(values.split(" ", -1)).stream().map(Integer::valueOf).toList(),
                            isOfSeveral);
            LinkTimings patient = TIMINGS.within(Duration.ofSeconds(5), Duration.ofSeconds(5));
            try (Visit visit = Visit.to(gateway, Set.of(UNIT), patient, AgentTime.system())) {
                assertInstanceOf(Answer.Written.class, visit.write(change, UNIT));
                assertEquals(Bytes.ofHex(request), received.poll(5, TimeUnit.SECONDS));
            }
        }
    }

    private static void answerOnce(
            ServerSocket server, String request, String answer, BlockingQueue<Bytes> received) {
        try (Socket socket = server.accept()) {
            var frame = new byte[request.length() / 2];
            var in = new DataInputStream(socket.getInputStream());
            in.readFully(frame);
            received.add(Bytes.of(frame));
            socket.getOutputStream().write(Bytes.ofHex(answer).toArray());
            // Until the agent closes it.
            boolean _ = in.read() < 0;
        } catch (IOException _) {
            // The test tells.
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INPUT, 0, 1, false",
        "DISCRETE, 0, 1, false",
        "COIL, 0, 2, false",
        "HOLDING, 0, 65536, false",
        "HOLDING, 65536, 0, false",
        "HOLDING, -1, 0, false"
    })
    void whatNoDeviceCouldHoldIsNoChange(Table table, int address, int value, boolean isOfSeveral) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Change(table, address, List.of(value), isOfSeveral));
    }
}
