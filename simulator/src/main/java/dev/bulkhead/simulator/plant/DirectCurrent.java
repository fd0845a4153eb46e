package dev.bulkhead.simulator.plant;

import java.util.List;

/**
 * Voltages and currents of the DC side. A floating string carries next to no current; on battery
 * the connected strings share the UPS's power by their voltages and resistances.
 */
final class DirectCurrent {
    private DirectCurrent() {}

    /**
     * Settles a UPS's busbars.
     *
     * @return whether the battery bears what is asked of it; false: it is empty
     */
    static boolean settle(UpsState ups, double efficiency, long now) {
        List<BusbarState> joined =
                ups.busbars().stream().filter(BusbarState::isOuterClosed).toList();
        for (BusbarState busbar : ups.busbars()) {
            if (!busbar.isOuterClosed()) {
                rest(busbar, now);
            } else if (ups.rectifies()) {
                busbar.floatAt();
            }
        }
        if (ups.rectifies()) {
            return true;
        }
        if (ups.mode() != UpsState.Mode.BATTERY) {
            joined.forEach(busbar -> rest(busbar, now));
            return true;
        }
        double volts = voltsUnder(ups.inverterWatts() / efficiency, joined);
        joined.forEach(busbar -> busbar.holdAt(volts));
        return volts >= joined.getFirst().emptyVolts();
    }

    private static void rest(BusbarState busbar, long now) {
        if (busbar.connected() > 0) {
            busbar.holdAt(busbar.shortCircuitAmperes() / busbar.conductance());
        } else {
            busbar.bleed(now);
        }
    }

    /** Solves V·(S − G·V) = P; what can't be borne pulls the voltage to nothing. */
    private static double voltsUnder(double watts, List<BusbarState> joined) {
        double conductance = 0;
        double amperes = 0;
        for (BusbarState busbar : joined) {
            conductance += busbar.conductance();
            amperes += busbar.shortCircuitAmperes();
        }
        double root = amperes * amperes - 4 * conductance * watts;
        return root < 0 ? 0 : (amperes + StrictMath.sqrt(root)) / (2 * conductance);
    }
}
