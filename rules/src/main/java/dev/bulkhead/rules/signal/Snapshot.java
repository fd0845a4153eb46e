package dev.bulkhead.rules.signal;

import java.time.Instant;
import java.util.List;

/**
 * What was heard since the snapshot before, frozen for one cycle; at most one reading per signal,
 * ordered by signal.
 */
public record Snapshot(Instant at, List<Observation> news) {
    public Snapshot {
        news = List.copyOf(news);
    }
}
