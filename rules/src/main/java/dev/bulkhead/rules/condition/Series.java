package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.signal.Board;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The last measurements of a signal, spread over a least time. A hole in the data begins it anew: a
 * line through a hole says nothing of what happened there.
 */
final class Series {
    /** Which measurements are kept. */
    record Key(int signal, int count, Duration span) {
        static Key of(int signal, Use.Rate rate) {
            return new Key(signal, rate.count(), rate.span());
        }
    }

    private final int count;
    private final Duration spacing;
    private final Deque<Memory.Sample> kept = new ArrayDeque<>();
    private Optional<Instant> heard = Optional.empty();

    Series(Key key) {
        count = key.count();
        spacing = key.span().dividedBy(key.count() - 1L);
    }

    void add(Instant at, double value) {
        if (heard.isPresent() && !at.isAfter(heard.get())) {
            return;
        }
        if (heard.isPresent()
                && Duration.between(heard.get(), at).compareTo(Board.STALE_AFTER) > 0) {
            kept.clear();
        }
        heard = Optional.of(at);
        if (kept.isEmpty() || Duration.between(kept.getLast().at(), at).compareTo(spacing) >= 0) {
            kept.add(new Memory.Sample(at, value));
        }
        if (kept.size() > count) {
            kept.removeFirst();
        }
    }

    /** The least-squares slope, per minute, once there are enough measurements. */
    Optional<Double> slopePerMinute() {
        if (kept.size() < count) {
            return Optional.empty();
        }
        Instant start = kept.getFirst().at();
        double meanMinutes = 0;
        double meanValue = 0;
        for (Memory.Sample sample : kept) {
            meanMinutes += minutes(start, sample) / count;
            meanValue += sample.value() / count;
        }
        double covariance = 0;
        double variance = 0;
        for (Memory.Sample sample : kept) {
            double minutes = minutes(start, sample) - meanMinutes;
            covariance += minutes * (sample.value() - meanValue);
            variance += minutes * minutes;
        }
        return Optional.of(covariance / variance);
    }

    private static double minutes(Instant start, Memory.Sample sample) {
        return Duration.between(start, sample.at()).toNanos() / 60e9;
    }

    int size() {
        return kept.size();
    }

    List<Memory.Sample> samples() {
        return new ArrayList<>(kept);
    }

    Optional<Instant> heard() {
        return heard;
    }

    void restore(Memory.SeriesImage image) {
        kept.clear();
        kept.addAll(image.samples());
        heard = image.heard();
    }
}
