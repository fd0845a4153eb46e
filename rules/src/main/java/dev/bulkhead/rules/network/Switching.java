package dev.bulkhead.rules.network;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How a network is switched: whatever isn't named here is closed, alive and fed, as documented.
 *
 * @param open breakers that carry nothing
 * @param deadSupplies utilities and generators that give nothing
 * @param onBattery UPS that take nothing from their input
 */
public record Switching(Set<BreakerId> open, Set<NodeId> deadSupplies, Set<NodeId> onBattery) {
    public static final Switching AS_DOCUMENTED = new Switching(Set.of(), Set.of(), Set.of());

    public Switching {
        open = Collections.unmodifiableSet(new TreeSet<>(open));
        deadSupplies = Collections.unmodifiableSet(new TreeSet<>(deadSupplies));
        onBattery = Collections.unmodifiableSet(new TreeSet<>(onBattery));
    }

    /**
     * By position. A breaker between its ends, or whose contacts contradict each other, is not
     * counted on to carry.
     */
    public static Switching of(Map<BreakerId, Position> positions, Set<NodeId> deadSupplies) {
        Set<BreakerId> open =
                positions.entrySet().stream()
                        .filter(entry -> entry.getValue() != Position.CLOSED)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
        return new Switching(open, deadSupplies, Set.of());
    }

    public Switching opening(Set<BreakerId> more) {
        var all = new TreeSet<>(open);
        all.addAll(more);
        return new Switching(all, deadSupplies, onBattery);
    }
}
