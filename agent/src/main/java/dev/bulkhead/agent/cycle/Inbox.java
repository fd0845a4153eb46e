package dev.bulkhead.agent.cycle;

import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where links lay down what they read, until the next cycle takes it. The newest reading of a
 * signal replaces the one before, so this is bounded by the number of signals. Its monitor guards
 * the array: links add, the cycle takes.
 */
public final class Inbox {
    /** By signal; null where nothing came. */
    private @Nullable Observation[] news = new Observation[256];

    public synchronized void add(List<Observation> observations) {
        for (Observation observation : observations) {
            int signal = observation.signal();
            if (signal >= news.length) {
                news = Arrays.copyOf(news, Math.max(signal + 1, 2 * news.length));
            }
            news[signal] = observation;
        }
    }

    /** All that came since the last call, ordered by signal. */
    public synchronized Snapshot take(Instant now) {
        var came = new ArrayList<Observation>();
        for (Observation observation : news) {
            if (observation != null) {
                came.add(observation);
            }
        }
        Arrays.fill(news, null);
        return new Snapshot(now, came);
    }
}
