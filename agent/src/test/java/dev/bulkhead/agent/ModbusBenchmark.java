package dev.bulkhead.agent;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import dev.bulkhead.rules.site.DeviceId;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
    private static final int REGISTERS = 100;
    private static final int ROUNDS = 3;
    private static final int SECONDS = 3;
    private static final int MOST_TIMES = 1_000_000;
    private static final Duration WARM_UP = Duration.ofSeconds(8);

    /** What one master did. */
    private record Speed(double requestsPerSecond, double p99Micros) {
        static final Comparator<Speed> BY_SPEED =
                Comparator.comparingDouble(Speed::requestsPerSecond);
    }

    /** A way to read the slave's registers over and over. */
    private interface Master {
        Speed run(int connections, Duration time) throws IOException, InterruptedException;
    }

    private final Path work;

    private ModbusBenchmark(Path work) {
        this.work = work;
    }

    static void main(String... words) throws IOException, InterruptedException {
        String mode = words.length > 0 ? words[0] : "speed";
        Duration length =
                words.length > 1
                        ? Duration.parse(words[1])
                        : Duration.ofMinutes(mode.equals("flapping") ? 10 : 1);
        var benchmark = new ModbusBenchmark(Files.createTempDirectory("bench-modbus"));
        printMachine();
        switch (mode) {
            case "speed" -> benchmark.speed();
            case "scale" -> benchmark.scale(length);
            case "flapping" -> benchmark.flapping(length);
            default ->
                    throw new IllegalArgumentException(
                            mode + ": expected speed, scale or flapping, and a length as in PT5M");
        }
    }

    private static void printMachine() throws IOException {
        String processor =
                Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.replaceAll(".*: ", ""))
                        .findFirst()
                        .orElse("unknown");
        System.out.printf(
                "%d x %s, Linux %s, Java %s, load before %.1f%n",
                Runtime.getRuntime().availableProcessors(),
                processor,
                System.getProperty("os.version"),
                Runtime.version(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    // Speed

    private void speed() throws IOException, InterruptedException {
        Path libmodbus = compile("master");
        try (var slave = new Slave(compile("slave"), image(), 0)) {
            Map<String, Master> masters = new LinkedHashMap<>();
            masters.put(
                    REFERENCE,
                    (connections, length) -> c(libmodbus, slave.port, connections, length));
            masters.put("j2mod", (connections, length) -> j2mod(slave.port, connections, length));
            masters.put("bulkhead", (connections, length) -> ours(slave.port, connections, length));
            for (Master master : masters.values()) {
                master.run(16, WARM_UP);
            }
            System.out.printf(
                    "100 registers a request; median of %d rounds of %d s, each master in turn%n",
                    ROUNDS, SECONDS);
            System.out.printf(
                    "%-12s %11s %12s %9s %10s%n",
                    "master", "connections", "requests/s", "p99 µs", "to C");
            for (int connections : List.of(1, 16, 256)) {
                compare(masters, connections);
            }
        }
    }

    private static void compare(Map<String, Master> masters, int connections)
            throws IOException, InterruptedException {
        var speeds = new LinkedHashMap<String, List<Speed>>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Master> each : masters.entrySet()) {
                speeds.computeIfAbsent(each.getKey(), _ -> new ArrayList<>())
                        .add(each.getValue().run(connections, Duration.ofSeconds(SECONDS)));
            }
        }
        double reference =
                median(Objects.requireNonNull(speeds.get(REFERENCE))).requestsPerSecond();
        speeds.forEach(
                (name, rounds) ->
                        System.out.printf(
                                Locale.ROOT,
                                "%-12s %11d %,12.0f %,9.0f %10.2f%n",
                                name,
                                connections,
                                median(rounds).requestsPerSecond(),
                                median(rounds).p99Micros(),
                                median(rounds).requestsPerSecond() / reference));
    }

    private static Speed median(List<Speed> rounds) {
        return rounds.stream()
                .sorted(Speed.BY_SPEED)
                .skip(rounds.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private static Speed c(Path master, int port, int connections, Duration length)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                master.toString(),
                                "" + port,
                                "" + connections,
                                "" + length.toSeconds())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String[] said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .strip()
                        .split(" ", -1);
        if (process.waitFor() != 0) {
            throw new IOException("the master in C has failed");
        }
        return new Speed(
                Double.parseDouble(said[0]) / Double.parseDouble(said[1]),
                Double.parseDouble(said[2]));
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
                master.readMultipleRegisters(1, 0, REGISTERS);
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
        try (var slave = new Slave(compile("slave"), image(), 0);
                var links =
                        new BenchLinks(
                                slave.port,
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
                    REGISTERS,
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
        try (var slave = new Slave(compile("slave"), image(), 3);
                var links =
                        new BenchLinks(slave.port, devices, Duration.ofMillis(100), (_, _) -> {})) {
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

    // The other side

    /** Compiles a program of libmodbus that lies with the tests. */
    private Path compile(String name) throws IOException, InterruptedException {
        Path source = work.resolve(name + ".c");
        try (InputStream in =
                Objects.requireNonNull(
                        ModbusBenchmark.class.getResourceAsStream("modbus/" + name + ".c"))) {
            Files.copy(in, source);
        }
        Path program = work.resolve(name);
        int code =
                new ProcessBuilder(
                                "gcc",
                                "-O2",
                                "-I/usr/include/modbus",
                                "-o",
                                program.toString(),
                                source.toString(),
                                "-lmodbus",
                                "-lpthread")
                        .inheritIO()
                        .start()
                        .waitFor();
        if (code != 0) {
            throw new IOException(
                    name + ".c doesn't compile: apt-get install gcc libc6-dev libmodbus-dev");
        }
        return program;
    }

    /** Unit 1 and its registers, as the slave reads it. */
    private Path image() throws IOException {
        return Files.write(
                work.resolve("image"),
                IntStream.range(0, REGISTERS)
                        .mapToObj(address -> "h 1 " + address + " " + 20 * address)
                        .toList());
    }

    /** A slave in C, in a process of its own. */
    private static final class Slave implements AutoCloseable {
        private final Process process;
        private final int port;

        private Slave(Path program, Path image, int closeAfter) throws IOException {
            process =
                    new ProcessBuilder(program.toString(), image.toString(), "" + closeAfter)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            port = Integer.parseInt(process.inputReader(StandardCharsets.UTF_8).readLine());
        }

        private Duration cpu() {
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }

        @Override
        public void close() {
            process.destroy();
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
