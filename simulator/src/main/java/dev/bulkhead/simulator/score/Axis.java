package dev.bulkhead.simulator.score;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Plant time across a drawing, from its left to its right edge. */
record Axis(Instant zero, Instant from, Instant to, double left, double right) {

    private static final long[] STEPS_SECONDS = {
        5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400
    };
    private static final int MOST_TICKS = 14;

    Axis {
        if (!to.isAfter(from) || !(right > left)) {
            throw new IllegalArgumentException("an axis from " + from + " to " + to);
        }
    }

    /** Where an instant lies; what is outside lies at the edge. */
    double x(Instant at) {
        double share =
                (double) Duration.between(from, at).toMillis()
                        / Duration.between(from, to).toMillis();
        return left + (right - left) * Math.clamp(share, 0, 1);
    }

    boolean shows(Instant at) {
        return !at.isBefore(from) && !at.isAfter(to);
    }

    /** Round instants of plant time. */
    List<Instant> ticks() {
        long first = Duration.between(zero, from).toSeconds();
        long last = Duration.between(zero, to).toSeconds();
        long step = STEPS_SECONDS[STEPS_SECONDS.length - 1];
        for (int index = STEPS_SECONDS.length - 1; index >= 0; index--) {
            if ((last - first) / STEPS_SECONDS[index] <= MOST_TICKS) {
                step = STEPS_SECONDS[index];
            }
        }
        var ticks = new ArrayList<Instant>();
        for (long at = Math.ceilDiv(first, step) * step; at <= last; at += step) {
            ticks.add(zero.plusSeconds(at));
        }
        return ticks;
    }
}
