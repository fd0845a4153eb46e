package dev.bulkhead.simulator.score;

import java.time.Duration;
import java.time.Instant;

/** From one instant to the same or a later one. */
public record Stretch(Instant from, Instant to) {
    public Stretch {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("a stretch from " + from + " to " + to);
        }
    }

    public Duration length() {
        return Duration.between(from, to);
    }

    /** How much of it lies after an instant. */
    public Duration after(Instant instant) {
        Instant begin = from.isAfter(instant) ? from : instant;
        return to.isAfter(begin) ? Duration.between(begin, to) : Duration.ZERO;
    }
}
