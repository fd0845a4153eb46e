package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.simulator.Facility;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * How much faster than time a whole plant goes on one thread, calm and with one cabinet in runaway.
 * {@code make bench-sim} runs it.
 */
final class PlantBenchmark {
    private static final Instant START = Instant.parse("2022-10-15T05:00:00Z");
    private static final Duration WINDOW = Duration.ofMinutes(10);

    /** A hard short: the vent opens in minutes. */
    private static final double MILLIOHMS = 20;

    private PlantBenchmark() {}

    static void main(String... arguments) {
        Facility facility = Facility.read(Path.of(arguments[0])).orElseThrow();
        long cells =
                facility.site().strings().values().stream().mapToLong(BatteryString::cells).sum();
        System.out.printf(
                Locale.ROOT,
                "%s: %d cabinets, %,d cells; times real time on one thread, %d min each%n",
                facility.site().name(),
                facility.site().strings().size(),
                cells,
                WINDOW.toMinutes());
        System.out.printf("%-28s %10s %10s%n", "", "by CPU", "by clock");
        play(facility, "warm-up", false);
        long calm = play(facility, "calm", false);
        long burning = play(facility, "burning", true);
        System.out.printf(
                Locale.ROOT,
                "the hour with a cabinet in runaway took %.2f times the calm one%n",
                (double) burning / calm);
    }

    /** Returns the CPU time of the hour, ns. */
    private static long play(Facility facility, String name, boolean burns) {
        var plant = new Plant(facility.site(), facility.settings(), 1, START);
        if (burns) {
            var first = facility.site().strings().firstEntry().getValue();
            plant.apply(new Happening.InternalShort(first.id(), 1, 1, MILLIOHMS));
        }
        long total = 0;
        for (Instant to = START.plus(WINDOW);
                !to.isAfter(START.plus(Duration.ofHours(1)));
                to = to.plus(WINDOW)) {
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long wall = System.nanoTime();
            plant.advanceTo(to);
            long burnt = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
            total += burnt;
            System.out.printf(
                    Locale.ROOT,
                    "%-28s %,10.0f %,10.0f  %d cells in runaway so far%n",
                    name + ", from minute " + Duration.between(START, to).minus(WINDOW).toMinutes(),
                    WINDOW.toNanos() / (double) burnt,
                    WINDOW.toNanos() / (double) (System.nanoTime() - wall),
                    plant.occurrences().stream()
                            .filter(it -> it.kind() == Occurrence.Kind.RUNAWAY)
                            .count());
        }
        return total;
    }
}
