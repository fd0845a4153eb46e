package dev.bulkhead.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** A master and a slave by libmodbus in C, to be measured beside: compiled on the spot by gcc. */
public final class LibmodbusC {
    /** How many registers a request of {@link #ask} reads, of unit 1 from address 0. */
    public static final int REGISTERS = 100;

    private static final int ROUNDS = 3;

    /** How fast somebody was answered. */
    public record Speed(double requestsPerSecond, double p99Micros) {
        static final Comparator<Speed> BY_SPEED =
                Comparator.comparingDouble(Speed::requestsPerSecond);
    }

    /** Something to be measured over so many connections. */
    public interface Measured {
        Speed run(int connections, Duration time) throws IOException, InterruptedException;
    }

    private final Path work;
    private final Path master;

    public LibmodbusC(Path work) throws IOException, InterruptedException {
        this.work = work;
        this.master = compile("master");
    }

    /** Prints on what machine figures are taken. */
    public static void printMachine() throws IOException {
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

    /**
     * Prints how fast each of several is over 1, 16 and 256 connections: the median of rounds in
     * turn.
     *
     * @param reference which of them the others are compared with
     */
    public static void compare(
            String what, Map<String, Measured> several, String reference, Duration length)
            throws IOException, InterruptedException {
        System.out.printf(
                "%d registers a request; median of %d rounds of %d s, each in turn%n",
                REGISTERS, ROUNDS, length.toSeconds());
        System.out.printf(
                "%-12s %11s %12s %9s %10s%n", what, "connections", "requests/s", "p99 µs", "to C");
        for (int connections : List.of(1, 16, 256)) {
            compare(several, reference, connections, length);
        }
    }

    private static void compare(
            Map<String, Measured> several, String reference, int connections, Duration length)
            throws IOException, InterruptedException {
        var speeds = new LinkedHashMap<String, List<Speed>>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Measured> each : several.entrySet()) {
                speeds.computeIfAbsent(each.getKey(), _ -> new ArrayList<>())
                        .add(each.getValue().run(connections, length));
            }
        }
        double compared = median(Objects.requireNonNull(speeds.get(reference))).requestsPerSecond();
        speeds.forEach(
                (name, rounds) ->
                        System.out.printf(
                                Locale.ROOT,
                                "%-12s %11d %,12.0f %,9.0f %10.2f%n",
                                name,
                                connections,
                                median(rounds).requestsPerSecond(),
                                median(rounds).p99Micros(),
                                median(rounds).requestsPerSecond() / compared));
    }

    private static Speed median(List<Speed> rounds) {
        return rounds.stream()
                .sorted(Speed.BY_SPEED)
                .skip(rounds.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    /** Asks a slave as fast as the master in C goes, a thread to a connection. */
    public Speed ask(int port, int connections, Duration length)
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

    /** Compiles a program of libmodbus that lies with the tests. */
    private Path compile(String name) throws IOException, InterruptedException {
        Path source = work.resolve(name + ".c");
        try (InputStream in =
                Objects.requireNonNull(
                        LibmodbusC.class.getResourceAsStream("modbus/" + name + ".c"))) {
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

    /** A slave that has numbers in the registers of unit 1. */
    public Slave slave(int closeAfter) throws IOException, InterruptedException {
        return new Slave(compile("slave"), image(), closeAfter);
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
    public static final class Slave implements AutoCloseable {
        private final Process process;
        private final int port;

        private Slave(Path program, Path image, int closeAfter) throws IOException {
            process =
                    new ProcessBuilder(program.toString(), image.toString(), "" + closeAfter)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            port = Integer.parseInt(process.inputReader(StandardCharsets.UTF_8).readLine());
        }

        public int port() {
            return port;
        }

        Duration cpu() {
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
