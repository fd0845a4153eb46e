package dev.bulkhead.simulator.lab;

import com.influxdb.client.InfluxDBClientFactory;
import com.influxdb.client.domain.WritePrecision;
import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.agent.Facility;
import dev.bulkhead.agent.disk.Frame;
import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.agent.telemetry.TelemetryDriver;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How many points a second go from a decoded sample to the store: spool, broker, bridge, store, all
 * on this machine; and beside it how many the same store takes of the same lines, in the same run,
 * when the same client writes them to it from memory. {@code make bench-telemetry} runs it.
 */
final class TelemetryBenchmark {
    /** Fewer than the agent's queue holds, so that none is dropped. */
    private static final int SAMPLES = 9_000;

    private static final int ROUNDS = 4;
    private static final int LINES = 5000;

    private final Facility facility;
    private final Path work;

    private TelemetryBenchmark(Path work) {
        this.work = work;
        this.facility =
                Facility.load(Stages.sites().resolve("pangyo-rebuilt", "site.yaml")).orElseThrow();
    }

    static void main() throws Exception {
        Path work = Files.createTempDirectory("bench-telemetry");
        new TelemetryBenchmark(work).run();
    }

    private void run() throws IOException, InterruptedException {
        try (var telling = Telling.start(work, work.resolve("spool"), true)) {
            var whole = new ArrayList<Double>();
            var direct = new ArrayList<Double>();
            for (int round = 1; round <= ROUNDS; round++) {
                List<String> lines = lines(round);
                double alone = pointsPerSecond(lines.size(), ingest(lines, telling));
                double together = pointsPerSecond(lines.size(), tell(round, telling));
                System.out.printf(
                        Locale.ROOT,
                        "round %d%s: %,d points of %,d samples: reading to stored %,.0f points/s;"
                                + " the store alone, same client and lines, %,.0f points/s; ratio"
                                + " %.2f%n",
                        round,
                        round == 1 ? " (warm-up)" : "",
                        lines.size(),
                        SAMPLES,
                        together,
                        alone,
                        together / alone);
                if (round > 1) {
                    whole.add(together);
                    direct.add(alone);
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "median of %d: reading to stored %,.0f points/s, the store alone %,.0f; ratio"
                            + " %.2f%n",
                    ROUNDS - 1,
                    median(whole),
                    median(direct),
                    median(whole) / median(direct));
        }
    }

    private static double median(List<Double> of) {
        return of.stream().sorted().skip(of.size() / 2).findFirst().orElseThrow();
    }

    private static double pointsPerSecond(int points, Duration in) {
        return points / (in.toNanos() / 1e9);
    }

    /** Samples of all devices in turn, every signal measured. */
    private List<Sample> samples(Instant start) {
        List<Device> devices = List.copyOf(facility.site().devices().values());
        var samples = new ArrayList<Sample>();
        for (int number = 0; number < SAMPLES; number++) {
            Device device = devices.get(number % devices.size());
            long sequence = 1L + number / devices.size();
            Instant at = start.plusMillis(number);
            samples.add(
                    new Sample(
                            device.id(),
                            sequence,
                            at,
                            Optional.of(Duration.ofSeconds(1)),
                            facility.signals().ofDevice(device.id()).stream()
                                    .map(signal -> measured(signal, at, sequence))
                                    .toList()));
        }
        return samples;
    }

    private static Observation measured(Signal signal, Instant at, long sequence) {
        Value value =
                switch (signal.role().type()) {
                    case NUMBER -> new Value.Quantity(1 + sequence % 1000 / 1e3);
                    case FLAG -> new Value.Flag(sequence % 2 == 0);
                    case POSITION -> new Value.At(Position.CLOSED);
                };
        return new Observation(signal.index(), new Reading.Measured(at, sequence, value));
    }

    private TelemetryDriver driver(String broker, Path spool, String site) throws IOException {
        Site as = facility.site();
        return new TelemetryDriver(
                new Broker(broker, "bench", Optional.empty(), Optional.empty(), Optional.empty()),
                spool,
                1L << 30,
                new Site(
                        site,
                        as.rooms(),
                        as.zones(),
                        as.supplies(),
                        as.buses(),
                        as.ups(),
                        as.busbars(),
                        as.strings(),
                        as.breakers(),
                        as.feeders(),
                        as.loads(),
                        as.gateways(),
                        as.devices()),
                facility.signals(),
                AgentTime.system());
    }

    /** The lines of such samples, as the agent makes them: from a spool that nobody empties. */
    private List<String> lines(int round) throws IOException, InterruptedException {
        Path spool = work.resolve("lines-" + round);
        try (var driver = driver("tcp://127.0.0.1:1", spool, "direct-" + round)) {
            driver.start();
            samples(Instant.now()).forEach(driver::take);
            driver.finish(Duration.ofSeconds(15));
        }
        var lines = new ArrayList<String>();
        try (var files = Files.list(spool)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".spool")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                int at = 0;
                while (at < bytes.length) {
                    int length =
                            Frame.length(Arrays.copyOfRange(bytes, at, at + Frame.HEADER))
                                    .orElseThrow();
                    String payload =
                            Frame.decode(Arrays.copyOfRange(bytes, at, at + length))
                                    .orElseThrow()
                                    .payload();
                    payload.lines().skip(1).forEach(lines::add);
                    at += length;
                }
            }
        }
        return lines;
    }

    private static Duration ingest(List<String> lines, Telling telling)
            throws IOException, InterruptedException {
        String site = lines.getFirst().replaceAll(".*site=([^, ]+).*", "$1");
        try (var client = InfluxDBClientFactory.create(telling.storeUrl())) {
            var writing = client.getWriteApiBlocking();
            long begun = System.nanoTime();
            for (int from = 0; from < lines.size(); from += LINES) {
                writing.writeRecord(
                        "lab",
                        "-",
                        WritePrecision.NS,
                        String.join(
                                "\n", lines.subList(from, Math.min(lines.size(), from + LINES))));
            }
            awaitStored(site, telling);
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }

    private Duration tell(int round, Telling telling) throws IOException, InterruptedException {
        String site = "told-" + round;
        List<Sample> samples = samples(Instant.now());
        try (var driver = driver(telling.brokerUrl(), work.resolve("told-" + round), site)) {
            driver.start();
            long begun = System.nanoTime();
            samples.forEach(driver::take);
            awaitStored(site, telling);
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }

    /** Until a query sees every sample: stored is what can be read. */
    private static void awaitStored(String site, Telling telling)
            throws IOException, InterruptedException {
        var questions = new StoreQuestions(telling.storeUrl());
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        long seen = -1;
        while (seen < SAMPLES) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("after 3 minutes the store has " + seen + " samples");
            }
            TimeUnit.MILLISECONDS.sleep(20);
            seen =
                    questions
                            .ask("SELECT count() FROM poll WHERE site = '" + site + "'")
                            .get(0)
                            .get(0)
                            .asLong();
        }
    }
}
