package dev.bulkhead.agent.cycle;

import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/**
 * Where links lay down what they read, until the next cycle takes it. The newest reading of a
 * signal replaces the one before, so this is bounded by the number of signals. Its monitor guards
 * the map: links add, the cycle takes.
 */
public final class Inbox {
    private final TreeMap<Integer, Observation> news = new TreeMap<>();

    public synchronized void add(List<Observation> observations) {
        for (Observation observation : observations) {
            news.put(observation.signal(), observation);
        }
    }

    /** All that came since the last call, ordered by signal. */
    public synchronized Snapshot take(Instant now) {
        var snapshot = new Snapshot(now, List.copyOf(news.values()));
        news.clear();
        return snapshot;
    }
}
