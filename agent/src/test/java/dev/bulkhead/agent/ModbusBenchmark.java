package dev.bulkhead.agent;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import dev.bulkhead.agent.LibmodbusC.Measured;
import dev.bulkhead.agent.LibmodbusC.Speed;
import dev.bulkhead.rules.site.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * How fast the agent reads, from the request to the reading in the inbox of the cycle, beside a
 * master of libmodbus in C and a bare master of j2mod: the same slave, on this machine, in one run.
 * {@code make bench-modbus} runs it.
 */
final class ModbusBenchmark {
    private static final String REFERENCE = "libmodbus C";
    private static final int SECONDS = 3;
    private static final int MOST_TIMES = 1_000_000;
    private static final Duration WARM_UP = Duration.ofSeconds(8);

    private final LibmodbusC libmodbus;

    private ModbusBenchmark(LibmodbusC libmodbus) {
        this.libmodbus = libmodbus;
    }

    static void main(String... words) throws IOException, InterruptedException {
        String mode = words.length > 0 ? words[0] : "speed";
        Duration length =
                words.length > 1
                        ? Duration.parse(words[1])
                        : Duration.ofMinutes(mode.equals("flapping") ? 10 : 1);
        var benchmark =
                new ModbusBenchmark(new LibmodbusC(Files.createTempDirectory("bench-modbus")));
        LibmodbusC.printMachine();
        switch (mode) {
            case "speed" -> benchmark.speed();
            case "scale" -> benchmark.scale(length);
            case "flapping" -> benchmark.flapping(length);
            default ->
                    throw new IllegalArgumentException(
                            mode + ": expected speed, scale or flapping, and a length as in PT5M");
        }
    }

    // Speed

    private void speed() throws IOException, InterruptedException {
        try (var slave = libmodbus.slave(0)) {
            int port = slave.port();
            Map<String, Measured> masters = new LinkedHashMap<>();
            masters.put(
                    REFERENCE, (connections, length) -> libmodbus.ask(port, connections, length));
            masters.put("j2mod", (connections, length) -> j2mod(port, connections, length));
            masters.put("bulkhead", (connections, length) -> ours(port, connections, length));
            for (Measured master : masters.values()) {
                master.run(16, WARM_UP);
            }
            LibmodbusC.compare("master", masters, REFERENCE, Duration.ofSeconds(SECONDS));
        }
    }

    private static Speed j2mod(int port, int connections, Duration length)
            throws InterruptedException {
        var times = new Times();
        long end = System.nanoTime() + length.toNanos();
        var threads =
                IntStream.range(0, connections)
                        .mapToObj(_ -> Thread.startVirtualThread(() -> j2mod(port, end, times)))
                        .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        return times.speed();
    }

    private static void j2mod(int port, long end, Times times) {
        var master = new ModbusTCPMaster("127.0.0.1", port);
        try {
            master.connect();
            for (long begin = System.nanoTime(); begin < end; ) {
                master.readMultipleRegisters(1, 0, LibmodbusC.REGISTERS);
                long done = System.nanoTime();
                times.took(done - begin);
                begin = done;
            }
        } catch (ModbusException e) {
            throw new IllegalStateException(e);
        } catch (Exception e) {
            // What connect() declares.
            throw new IllegalStateException("j2mod can't connect", e);
        } finally {
            master.disconnect();
        }
    }

    /** Back to back: the next poll is always due before the answer to the one before is there. */
    private Speed ours(int port, int connections, Duration length) throws InterruptedException {
        var times = new Times();
        try (var links =
                new BenchLinks(
                        port,
                        connections,
                        Duration.ofNanos(1),
                        (sample, at) -> times.took(Duration.between(sample.at(), at).toNanos()))) {
            links.run(length);
            links.checkWell();
            return times.speed();
        }
    }

    // Scale

    private void scale(Duration length) throws IOException, InterruptedException {
        int devices = 1000;
        var lastAt = new ConcurrentHashMap<DeviceId, Instant>();
        var intervals = new Times();
        try (var slave = libmodbus.slave(0);
                var links =
                        new BenchLinks(
                                slave.port(),
                                devices,
                                Duration.ofSeconds(1),
                                (sample, _) -> {
                                    Instant before = lastAt.put(sample.device(), sample.at());
                                    if (before != null) {
                                        intervals.took(
                                                Duration.between(before, sample.at()).toNanos());
                                    }
                                })) {
            links.run(Duration.ofSeconds(10));
            intervals.clear();
            long samples = links.samples();
            Duration cpu = cpu();
            Duration slaveCpu = slave.cpu();
            links.run(length);
            System.out.printf(
                    Locale.ROOT,
                    "%,d devices, %d registers each at 1 Hz, for %s: %,d of %,d samples, %d polls"
                            + " skipped, %d signals silent; scan interval p50 %.1f, p99 %.1f, most"
                            + " %.1f ms; CPU of the agent %.1f s (%.2f cores), of the slave %.1f s;"
                            + " RSS %d MB%n",
                    devices,
                    LibmodbusC.REGISTERS,
                    length,
                    links.samples() - samples,
                    devices * length.toSeconds(),
                    links.overruns(),
                    links.silences(),
                    intervals.micros(0.5) / 1e3,
                    intervals.micros(0.99) / 1e3,
                    intervals.micros(1) / 1e3,
                    cpu().minus(cpu).toMillis() / 1e3,
                    (double) cpu().minus(cpu).toNanos() / length.toNanos(),
                    slave.cpu().minus(slaveCpu).toMillis() / 1e3,
                    rss());
        }
    }

    // Flapping

    /** Each connection is closed after three requests, so that a hundred links make new ones. */
    private void flapping(Duration length) throws IOException, InterruptedException {
        int devices = 100;
        Duration step = length.dividedBy(10);
        try (var slave = libmodbus.slave(3);
                var links =
                        new BenchLinks(
                                slave.port(), devices, Duration.ofMillis(100), (_, _) -> {})) {
            System.out.printf("%d links that are closed every third request%n", devices);
            System.out.printf(
                    "%10s %12s %8s %8s %12s%n",
                    "after", "samples", "RSS MB", "heap MB", "descriptors");
            for (int i = 1; i <= 10; i++) {
                links.run(step);
                System.out.printf(
                        Locale.ROOT,
                        "%10s %,12d %8d %8d %12d%n",
                        step.multipliedBy(i),
                        links.samples(),
                        rss(),
                        (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory())
                                >> 20,
                        descriptors());
            }
        }
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static long rss() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .sum();
    }

    private static long descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /** How long each of many requests took. */
    private static final class Times {
        private final long[] nanos = new long[MOST_TIMES];
        private final AtomicInteger count = new AtomicInteger();
        private volatile long begun = System.nanoTime();

        private void took(long time) {
            int index = count.getAndIncrement();
            if (index < nanos.length) {
                nanos[index] = time;
            }
        }

        private void clear() {
            count.set(0);
            begun = System.nanoTime();
        }

        private Speed speed() {
            double seconds = (System.nanoTime() - begun) / 1e9;
            return new Speed(count.get() / seconds, micros(0.99));
        }

        private double micros(double part) {
            long[] sorted = Arrays.copyOf(nanos, Math.min(nanos.length, count.get()));
            Arrays.sort(sorted);
            return sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * part))]
                    / 1e3;
        }
    }
}
