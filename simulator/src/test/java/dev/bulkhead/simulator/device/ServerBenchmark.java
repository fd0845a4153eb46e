package dev.bulkhead.simulator.device;

import dev.bulkhead.agent.LibmodbusC;
import dev.bulkhead.agent.LibmodbusC.Measured;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How fast a simulated device answers, beside libmodbus's slave in C: both in turn are asked by the
 * same master in C, on this machine. {@code make bench-sim} runs it.
 */
final class ServerBenchmark {
    private static final String REFERENCE = "libmodbus C";
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration ROUND = Duration.ofSeconds(3);

    /** As often as the served plant moves. */
    private static final Duration STEP = Duration.ofMillis(20);

    private ServerBenchmark() {}

    static void main() throws IOException, InterruptedException {
        var libmodbus = new LibmodbusC(Files.createTempDirectory("bench-sim"));
        LibmodbusC.printMachine();
        var room = new Warming();
        var lock = new ReentrantLock(true);
        SimulatedGateway gateway = gateway(room);
        SequencedMap<GatewayId, SimulatedGateway> gateways = new LinkedHashMap<>();
        gateways.put(gateway.id(), gateway);
        try (var slave = libmodbus.slave(0);
                var serving = Serving.start(gateways, lock, () -> room.now, 0)) {
            int port = serving.addresses().firstEntry().getValue().getPort();
            Thread.ofVirtual().start(() -> move(room, lock));
            Map<String, Measured> servers = new LinkedHashMap<>();
            servers.put(
                    REFERENCE,
                    (connections, time) -> libmodbus.ask(slave.port(), connections, time));
            servers.put("bulkhead", (connections, time) -> libmodbus.ask(port, connections, time));
            for (Measured server : servers.values()) {
                server.run(16, WARM_UP);
            }
            LibmodbusC.compare("server", servers, REFERENCE, ROUND);
        }
    }

    private static void move(Warming room, ReentrantLock lock) {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
                lock.lock();
                try {
                    room.now = room.now.plus(STEP);
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Profile bank() {
        String points =
                IntStream.range(0, LibmodbusC.REGISTERS)
                        .mapToObj(
                                at ->
                                        "  - {name: r%d, at: %d, as: u16, scale: 0.1, role: room.temperature}"
                                                .formatted(at, at))
                        .collect(Collectors.joining("\n"));
        return ProfileFile.parse(
                        "bank.yaml",
                        """
                        profile: bank
                        title: a hundred temperatures
                        source: this benchmark
                        points:
                        %s
                        """
                                .formatted(points))
                .orElseThrow();
    }

    private static SimulatedGateway gateway(Truth truth) {
        var id = new GatewayId("L1");
        var device =
                new Device(
                        new DeviceId("D1"),
                        bank().id(),
                        id,
                        1,
                        Optional.of(HandSetPlant.room("A1")),
                        OptionalInt.empty(),
                        List.of(),
                        List.of());
        var gateway = new SimulatedGateway(id, truth);
        gateway.connect(1, new UnitImage(TwoRooms.site(), device, bank(), truth));
        return gateway;
    }

    /** A room that gets warmer with time. */
    private static final class Warming implements Truth {
        private Instant now = Instant.EPOCH;

        @Override
        public Value sense(Role role, Subject of) {
            return new Value.Quantity(20 + now.getEpochSecond() % 100 + now.getNano() / 1e9);
        }

        @Override
        public boolean select(BreakerId breaker) {
            return false;
        }

        @Override
        public boolean trip(BreakerId breaker) {
            return false;
        }

        @Override
        public OptionalLong acts() {
            return OptionalLong.of(0);
        }

        @Override
        public boolean answers(DeviceId device) {
            return true;
        }
    }
}
