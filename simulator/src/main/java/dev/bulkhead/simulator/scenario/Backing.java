package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Feeder;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.plant.Plant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.Set;

/**
 * How many servers have lost their second backup: of the UPS their cords lead to, fewer than two
 * are on their inverter with a battery behind them.
 */
final class Backing {
    private final Plant plant;

    /** The UPS of each load that had two at the start. */
    private final SequencedMap<Load, Set<NodeId>> doubled = new LinkedHashMap<>();

    Backing(Plant plant) {
        this.plant = plant;
        for (Load load : plant.site().loads().values()) {
            Set<NodeId> units = unitsOf(plant.site(), load);
            if (backed(units) >= 2) {
                doubled.put(load, units);
            }
        }
    }

    private static Set<NodeId> unitsOf(Site site, Load load) {
        var units = new LinkedHashSet<NodeId>();
        var seen = new LinkedHashSet<>(load.cords());
        var open = new ArrayDeque<>(load.cords());
        while (!open.isEmpty()) {
            NodeId node = open.remove();
            if (site.ups().containsKey(node)) {
                units.add(node);
            } else {
                site.feeders().values().stream()
                        .filter(feeder -> feeder.to().equals(node))
                        .map(Feeder::from)
                        .filter(seen::add)
                        .forEach(open::add);
            }
        }
        return units;
    }

    private long backed(Set<NodeId> units) {
        return units.stream()
                .map(Subject.OfNode::new)
                .filter(unit -> isSet(Role.UPS_INVERTER_ON, unit))
                .filter(unit -> !isSet(Role.UPS_BATTERY_CIRCUIT_OPEN, unit))
                .count();
    }

    private boolean isSet(Role role, Subject of) {
        return plant.sense(role, of).equals(new Value.Flag(true));
    }

    /** Servers that are up now and have no second backup any more. */
    int without() {
        return doubled.entrySet().stream()
                .filter(each -> !plant.ledger().isDown(each.getKey()))
                .filter(each -> backed(each.getValue()) < 2)
                .mapToInt(each -> each.getKey().servers())
                .sum();
    }
}
