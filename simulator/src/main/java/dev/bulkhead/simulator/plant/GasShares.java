package dev.bulkhead.simulator.plant;

import java.util.function.IntToDoubleFunction;

/** How much of a room's air, and of the air in each of its racks, is a gas: shares of volume. */
final class GasShares {
    private final PlantSettings.Air air;
    private final double cubicMetres;
    private final double[] racks;
    private double room;

    GasShares(PlantSettings.Air air, double cubicMetres, int racks) {
        this.air = air;
        this.cubicMetres = cubicMetres;
        this.racks = new double[racks];
    }

    /**
     * Goes a step.
     *
     * @param stays the share of the room's gas that ventilation leaves
     * @param rackLitres what came into each rack
     * @param roomLitres what came into the room itself
     */
    void step(double seconds, double stays, IntToDoubleFunction rackLitres, double roomLitres) {
        double cubicMetresIn = exchange(seconds, rackLitres) + roomLitres * 1e-3;
        room = Math.min(1, room * stays + cubicMetresIn / cubicMetres);
    }

    /** What the racks let go into the room, m³; negative if they take up more. */
    private double exchange(double seconds, IntToDoubleFunction rackLitres) {
        double exchanged = -StrictMath.expm1(-seconds / (air.rackExchange().toMillis() * 1e-3));
        double released = 0;
        for (int rack = 0; rack < racks.length; rack++) {
            double full =
                    racks[rack] + rackLitres.applyAsDouble(rack) * 1e-3 / air.rackCubicMetres();
            double leaves = (full - room) * exchanged;
            racks[rack] = Math.min(1, full - leaves);
            released += leaves * air.rackCubicMetres();
        }
        return released;
    }

    double inRoom() {
        return room;
    }

    double inRack(int rack) {
        return racks[rack];
    }
}
