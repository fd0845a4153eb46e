package dev.bulkhead.agent.ledger;

import dev.bulkhead.rules.site.DeviceId;
import java.util.Comparator;

/**
 * The samples of one device in one run of the agent: numbered from 1 without a gap.
 *
 * @param run when the agent started, in milliseconds of agent time since 1970
 */
public record Series(long run, DeviceId device) implements Comparable<Series> {
    private static final Comparator<Series> ORDER =
            Comparator.comparingLong(Series::run).thenComparing(Series::device);

    @Override
    public int compareTo(Series other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return device + " of run " + run;
    }
}
