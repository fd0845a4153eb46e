package dev.bulkhead.rules.network;

import dev.bulkhead.rules.site.Load;
import java.util.List;

/**
 * The loads that lose supply.
 *
 * @param throughZone those whose every remaining way ran through the zone
 * @param elsewhere those that lose supply though a way around the zone exists
 * @param all both, in the order of the site
 */
public record Outage(List<Load> throughZone, List<Load> elsewhere, List<Load> all) {
    public Outage {
        throughZone = List.copyOf(throughZone);
        elsewhere = List.copyOf(elsewhere);
        all = List.copyOf(all);
    }

    public int servers() {
        return all.stream().mapToInt(Load::servers).sum();
    }
}
