package dev.bulkhead.rules.site;

import java.util.List;

/** Racks of servers that share their cords: alive while any cord's node is fed. */
public record Load(
        NodeId id,
        HallId hall,
        int racks,
        int serversPerRack,
        double wattsPerServer,
        List<NodeId> cords) {
    public Load {
        cords = List.copyOf(cords);
    }

    public int servers() {
        return racks * serversPerRack;
    }

    public double watts() {
        return servers() * wattsPerServer;
    }
}
