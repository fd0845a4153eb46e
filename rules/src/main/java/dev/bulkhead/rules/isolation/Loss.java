package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.network.Outage;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import java.util.List;

/**
 * What an act costs in servers.
 *
 * @param throughZone servers fed only through the zone
 * @param elsewhere servers that lose supply though a way around the zone exists
 * @param loads which loads, in the order of the site
 */
public record Loss(int throughZone, int elsewhere, List<NodeId> loads) {
    public static final Loss NONE = new Loss(0, 0, List.of());

    public Loss {
        loads = List.copyOf(loads);
    }

    public static Loss of(Outage outage) {
        return new Loss(
                servers(outage.throughZone()),
                servers(outage.elsewhere()),
                outage.all().stream().map(Load::id).toList());
    }

    private static int servers(List<Load> loads) {
        return loads.stream().mapToInt(Load::servers).sum();
    }

    public int servers() {
        return throughZone + elsewhere;
    }
}
