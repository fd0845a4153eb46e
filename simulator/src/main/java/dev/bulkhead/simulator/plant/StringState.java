package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.BatteryString;
import java.util.List;
import java.util.SplittableRandom;

/** One battery string: charge, current, warmth, and its cells near trouble. */
final class StringState {
    /** A rack's own electronics keep its air that much warmer than the room's. Assumption. */
    private static final double RACK_WARMER_KELVIN = 1;

    private final BatteryString string;
    private final PlantSettings settings;
    private final Stack stack;
    private final double[] offsetKelvin;
    private final double[] spreadVolts;
    private final double[] mismatchOhms;
    private final double floatAmperes;
    private double charge;
    private double amperes;
    private boolean hasBurnt;
    private boolean isSilent;
    private boolean hasBlownFuse;

    StringState(BatteryString string, PlantSettings settings, SplittableRandom random) {
        this.string = string;
        this.settings = settings;
        this.charge = settings.cells().chargePercent() / 100;
        int modules = string.modules();
        offsetKelvin = new double[modules];
        spreadVolts = new double[modules];
        mismatchOhms = new double[modules];
        double worst = settings.cells().mismatchMilliohms() * 1e-3;
        for (int module = 0; module < modules; module++) {
            offsetKelvin[module] = random.nextDouble(-0.5, 0.5);
            spreadVolts[module] = random.nextDouble(0.001, 0.004);
            mismatchOhms[module] = random.nextDouble(0.3, 1) * worst;
        }
        mismatchOhms[random.nextInt(modules)] = worst;
        double floats = random.nextDouble(0.05, 0.4);
        double celsius = settings.air().celsius() + RACK_WARMER_KELVIN;
        boolean isLead = settings.chemistry() == Chemistry.VRLA;
        floatAmperes = isLead ? 0 : floats;
        stack =
                isLead
                        ? new BlocStack(settings, string, celsius, random)
                        : new CellStack(
                                settings.cells(),
                                settings.chemistry(),
                                string.ampereHours(),
                                modules,
                                string.cellsPerModule(),
                                celsius);
    }

    BatteryString string() {
        return string;
    }

    Stack stack() {
        return stack;
    }

    /** Volts at the string's own terminals with no current. */
    double restingVolts() {
        return string.cells() * settings.chemistry().restingVolts(charge)
                - stack.missingVolts(charge);
    }

    double ohms() {
        return string.cells() * cellOhms();
    }

    private double cellOhms() {
        return settings.cells().ohms() * stack.resistance();
    }

    /** Charging positive. */
    void carry(double amperesIn) {
        amperes = amperesIn;
    }

    double amperes() {
        return amperes;
    }

    double volts() {
        return restingVolts() + amperes * ohms();
    }

    double chargePercent() {
        return charge * 100;
    }

    /**
     * What its BMS measures. Lithium cells show a float current that nothing comes of; lead's is in
     * the current itself.
     */
    double sensedAmperes(boolean isFloating) {
        return isFloating ? amperes + floatAmperes : amperes;
    }

    List<Stack.CellEvent> step(double seconds, double airCelsius, Emission out) {
        charge += stack.stored(seconds, amperes, charge) * seconds / 3600 / string.ampereHours();
        charge = Math.max(0, Math.min(1, charge));
        double cellWatts = amperes * amperes * cellOhms();
        return stack.step(seconds, cellWatts, airCelsius + RACK_WARMER_KELVIN, out);
    }

    /** What the thermistor of a module shows; its range ends at 250 °C. */
    double moduleCelsius(int module) {
        return Math.min(250, stack.thermistorCelsius(module) + offsetKelvin[module - 1]);
    }

    double hottestCelsius(int module) {
        return stack.hottestCelsius(module);
    }

    double moduleLowestVolts(int module) {
        double under = Math.abs(amperes) * mismatchOhms[module - 1] + spreadVolts[module - 1];
        return Math.max(0, stack.lowestVolts(module, charge) + amperes * cellOhms() - under);
    }

    double moduleHighestVolts(int module) {
        return Math.max(
                0,
                stack.highestVolts(module, charge)
                        + amperes * cellOhms()
                        + spreadVolts[module - 1]);
    }

    double moduleMeanVolts(int module) {
        return Math.max(0, stack.meanVolts(module, charge) + amperes * cellOhms());
    }

    /** Blows the fuse if the current is too much for it; whether it just did. */
    boolean blowsFuse() {
        boolean blows = !hasBlownFuse && Math.abs(amperes) > settings.switchgear().fuseAmperes();
        hasBlownFuse |= blows;
        return blows;
    }

    boolean hasBlownFuse() {
        return hasBlownFuse;
    }

    boolean hasBurnt() {
        return hasBurnt;
    }

    void burn() {
        hasBurnt = true;
    }

    /** Its electronics have burnt. */
    boolean isSilent() {
        return isSilent;
    }

    void fallSilent() {
        isSilent = true;
    }
}
