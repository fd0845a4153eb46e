package dev.bulkhead.simulator.score;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * Plant time as people read it: since the start of the scenario, and with a sign, so that nobody
 * takes it for a time of day.
 */
public final class PlantTime {
    private PlantTime() {}

    /** {@code +06:12}, and from an hour on {@code +1:44:30}. */
    public static String of(Duration sinceStart) {
        String sign = sinceStart.isNegative() ? "−" : "+";
        long seconds = sinceStart.abs().toSeconds();
        return sign
                + (seconds < 3600
                        ? String.format(Locale.ROOT, "%02d:%02d", seconds / 60, seconds % 60)
                        : String.format(
                                Locale.ROOT,
                                "%d:%02d:%02d",
                                seconds / 3600,
                                seconds / 60 % 60,
                                seconds % 60));
    }

    public static String of(Instant start, Instant at) {
        return of(Duration.between(start, at));
    }

    /** As {@link #of(Instant, Instant)} with tenths of a second, for what follows closely. */
    public static String fine(Instant start, Instant at) {
        var since = Duration.between(start, at);
        return of(since) + "." + since.abs().toMillisPart() / 100;
    }

    /** A length of time: {@code 20 ms}, {@code 42 s}, {@code 5 min 40 s}, {@code 1 h 30 min}. */
    public static String words(Duration length) {
        String sign = length.isNegative() ? "−" : "";
        long millis = length.abs().toMillis();
        if (0 < millis && millis < 1000) {
            return sign + millis + " ms";
        }
        long seconds = length.abs().plusMillis(500).toSeconds();
        if (seconds < 120) {
            return sign + seconds + " s";
        }
        if (seconds < 3600) {
            return sign
                    + seconds / 60
                    + " min"
                    + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        long minutes = (seconds + 30) / 60;
        return sign + minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
    }
}
