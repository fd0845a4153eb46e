package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.Busbar;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A room's DC busbar between the outer breaker and the string breakers. Fed from the UPS's
 * rectifier, from strings, or from both; with neither, its bleeder empties it.
 */
final class BusbarState {
    /** A string's place on the busbar. */
    record Branch(StringState string, BreakerGear breaker) {
        boolean isConnected() {
            return breaker.conducts() && !string.hasBlownFuse();
        }
    }

    /** Below this a busbar counts as dead: the limit of the proof. */
    static final double DEAD_BELOW_VOLTS = 60;

    private final Busbar busbar;
    private final BreakerGear outer;
    private final PlantSettings settings;
    private final List<Branch> branches = new ArrayList<>();
    private double volts;
    private long decaysSince = Long.MAX_VALUE;
    private boolean isDeathTold;
    private final List<Double> leakages = new ArrayList<>();

    BusbarState(Busbar busbar, BreakerGear outer, PlantSettings settings) {
        this.busbar = busbar;
        this.outer = outer;
        this.settings = settings;
    }

    /** To earth, over the worst of what is there and shouldn't be; endless: nothing is. */
    double leakageKiloohms() {
        return leakages.stream().min(Double::compare).orElse(Double.POSITIVE_INFINITY);
    }

    /** It has a leakage to earth until {@link #leaksNoLonger}. */
    void leaks(double kiloohms) {
        leakages.add(kiloohms);
    }

    void leaksNoLonger(double kiloohms) {
        leakages.remove(kiloohms);
    }

    Busbar busbar() {
        return busbar;
    }

    List<Branch> branches() {
        return branches;
    }

    boolean isOuterClosed() {
        return outer.conducts();
    }

    /** A string stands behind the UPS right now. */
    boolean backsUps() {
        return outer.conducts() && connected() > 0;
    }

    int connected() {
        int count = 0;
        for (Branch branch : branches) {
            count += branch.isConnected() ? 1 : 0;
        }
        return count;
    }

    private int cells() {
        return branches.isEmpty() ? 0 : branches.getFirst().string().string().cells();
    }

    double floatVolts() {
        return settings.switchgear().floatVoltsPerCell() * cells();
    }

    double emptyVolts() {
        return settings.backup().emptyVoltsPerCell() * cells();
    }

    double voltsAt(long now) {
        if (now <= decaysSince) {
            return volts;
        }
        double seconds = (now - decaysSince) * 1e-9;
        return volts * StrictMath.exp(-seconds / settings.switchgear().bleedSeconds());
    }

    boolean isEnergisedAt(long now) {
        return voltsAt(now) >= DEAD_BELOW_VOLTS;
    }

    /** When a busbar that has begun to decay falls below the limit; told once per decay. */
    OptionalLong tellsDeath() {
        if (decaysSince == Long.MAX_VALUE || isDeathTold) {
            return OptionalLong.empty();
        }
        isDeathTold = true;
        double seconds =
                settings.switchgear().bleedSeconds()
                        * StrictMath.log(Math.max(1, volts / DEAD_BELOW_VOLTS));
        return OptionalLong.of(decaysSince + StrictMath.round(seconds * 1e9) + 1);
    }

    /**
     * The rectifier holds it and strings float or charge; what they take beyond its charging limit
     * pulls the busbar down, and sound strings feed a broken one.
     */
    void floatAt() {
        double taken = floatVolts() * conductance() - shortCircuitAmperes();
        double most = chargingLimitAmperes();
        holdAt(taken <= most ? floatVolts() : (shortCircuitAmperes() + most) / conductance());
    }

    private double chargingLimitAmperes() {
        double ampereHours = 0;
        for (Branch branch : branches) {
            ampereHours += branch.string().string().ampereHours();
        }
        return settings.backup().chargeRate() * ampereHours;
    }

    /** It stands at a voltage, and the strings carry what follows from theirs. */
    void holdAt(double busVolts) {
        volts = busVolts;
        decaysSince = Long.MAX_VALUE;
        isDeathTold = false;
        for (Branch branch : branches) {
            StringState string = branch.string();
            double amperes = (volts - string.restingVolts()) / string.ohms();
            string.carry(branch.isConnected() ? amperes : 0);
        }
    }

    /** Nothing feeds it. */
    void bleed(long now) {
        if (decaysSince == Long.MAX_VALUE) {
            decaysSince = now;
        }
        for (Branch branch : branches) {
            branch.string().carry(0);
        }
    }

    /** Conductance of the connected strings, and what they would drive into a short. */
    double conductance() {
        double sum = 0;
        for (Branch branch : branches) {
            sum += branch.isConnected() ? 1 / branch.string().ohms() : 0;
        }
        return sum;
    }

    double shortCircuitAmperes() {
        double sum = 0;
        for (Branch branch : branches) {
            StringState string = branch.string();
            sum += branch.isConnected() ? string.restingVolts() / string.ohms() : 0;
        }
        return sum;
    }
}
