package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.BatteryString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The air of one battery room and of the racks in it: gas, smoke, heat, and what the detectors make
 * of them. Well mixed: dc/dt = S/V − n·c; a rack holds its gas first and exchanges its air with the
 * room.
 */
final class RoomAir {
    private static final double AIR_JOULES_PER_CUBIC_METRE_KELVIN = 1.2 * 1005;

    /**
     * The gas mixture's lower flammable limit: 7 % is a proposal; 6.42 % was measured for a 280 Ah
     * LFP cell (MDPI Batteries 10(8):270).
     */
    private static final double LOWER_FLAMMABLE_SHARE = 0.07;

    private record Sample(double at, double perMetre) {}

    private final PlantSettings settings;
    private final double cubicMetres;
    private final int[] places;
    private final double[] rackShare;
    private final double[] rackSensor;
    private double share;
    private double shareSensor;
    private double perMetre;
    private double sampledPerMetre;
    private final Deque<Sample> underway = new ArrayDeque<>();
    private double excessKelvin;
    private double heatSensor;
    private double flameWatts;
    private double elapsed;
    private boolean isDisturbed;
    private boolean hasAlerted;
    private boolean hasActed;
    private boolean hasFired;
    private boolean hasHeated;
    private double fireFor;
    private boolean hasDischarged;
    private boolean isFanBroken;
    private double smokeEntering;
    private double gasEntering;
    private final boolean[] isBumped;
    private double warmingPerSecond;
    private double ambientKelvin;

    RoomAir(PlantSettings settings, double cubicMetres, List<BatteryString> racks) {
        this.settings = settings;
        this.cubicMetres = cubicMetres;
        this.places = racks.stream().mapToInt(BatteryString::place).toArray();
        this.rackShare = new double[places.length];
        this.rackSensor = new double[places.length];
        this.isBumped = new boolean[places.length];
        this.heatSensor = settings.air().celsius();
    }

    /** Goes a step with what each rack gave off, in the order of the racks. */
    void step(double seconds, List<Emission> emissions) {
        elapsed += seconds;
        ambientKelvin += warmingPerSecond * seconds;
        double flame = 0;
        double warm = 0;
        double smoke = 0;
        for (Emission emission : emissions) {
            flame += emission.flameJoules();
            warm += emission.warmJoules();
            smoke += emission.smokeSquareMetres();
            isDisturbed |= emission.gasLitres() > 0 || emission.warmJoules() > 0;
        }
        isDisturbed |= smokeEntering > 0 || gasEntering > 0 || ambientKelvin > 0;
        if (!isDisturbed) {
            return;
        }
        smoke += smokeEntering * seconds;
        PlantSettings.Air air = settings.air();
        double perHour = isFanRunning() ? air.changesPerHour() : air.closedChangesPerHour();
        double stays = StrictMath.exp(-perHour / 3600 * seconds);
        double gas = releaseFromRacks(seconds, emissions) + gasEntering * seconds;
        share = share * stays + gas / cubicMetres;
        perMetre = perMetre * stays + smoke / cubicMetres;
        flameWatts = flame / seconds;
        warmAir(seconds, flame + warm, perHour);
        sense(seconds);
    }

    /** What the racks let go into the room, m³. */
    private double releaseFromRacks(double seconds, List<Emission> emissions) {
        PlantSettings.Air air = settings.air();
        double exchanged = -StrictMath.expm1(-seconds / seconds(air.rackExchange()));
        double released = 0;
        for (int rack = 0; rack < rackShare.length; rack++) {
            double full =
                    rackShare[rack]
                            + emissions.get(rack).gasLitres() * 1e-3 / air.rackCubicMetres();
            double leaves = (full - share) * exchanged;
            rackShare[rack] = Math.min(1, full - leaves);
            released += leaves * air.rackCubicMetres();
        }
        return released;
    }

    private void warmAir(double seconds, double joules, double perHour) {
        double airJoules = cubicMetres * AIR_JOULES_PER_CUBIC_METRE_KELVIN;
        double loses = settings.air().wallWattsPerKelvin() / airJoules + perHour / 3600;
        excessKelvin = excessKelvin * StrictMath.exp(-loses * seconds) + joules / airJoules;
    }

    private void sense(double seconds) {
        PlantSettings.Detectors detectors = settings.detectors();
        double follows = -StrictMath.expm1(-seconds / seconds(detectors.gasLag()));
        double spill = settings.air().spillShare();
        for (int rack = 0; rack < rackShare.length; rack++) {
            double around = besides(rack);
            rackSensor[rack] += (rackShare[rack] + spill * around - rackSensor[rack]) * follows;
        }
        shareSensor += (share - shareSensor) * follows;
        senseSmoke(seconds);
        double near = celsius() + plumeKelvin();
        heatSensor +=
                (near - heatSensor) * -StrictMath.expm1(-seconds / seconds(detectors.heatLag()));
        hasHeated |= heatSensor >= detectors.heatCelsius();
    }

    /** What stands in the racks beside one. */
    private double besides(int rack) {
        double sum = 0;
        for (int other = 0; other < places.length; other++) {
            sum += Math.abs(places[other] - places[rack]) == 1 ? rackShare[other] : 0;
        }
        return sum;
    }

    private void senseSmoke(double seconds) {
        PlantSettings.Detectors detectors = settings.detectors();
        underway.addLast(new Sample(elapsed, perMetre));
        double arrives = elapsed - seconds(detectors.smokeTransport());
        while (!underway.isEmpty() && underway.getFirst().at() <= arrives) {
            sampledPerMetre = underway.removeFirst().perMetre();
        }
        double percent = smokePercentPerMetre();
        hasAlerted |= percent >= detectors.smokeAlertPercentPerMetre();
        hasActed |= percent >= detectors.smokeActionPercentPerMetre();
        hasFired |= percent >= detectors.smokeFirePercentPerMetre();
        fireFor += hasFired ? seconds : 0;
        hasDischarged |= hasFired && fireFor >= seconds(detectors.agentDelay());
    }

    /** Alpert's ceiling jet above the fire: ΔT = 16.9·Q^⅔/H^⁵⁄₃, Q in kW. */
    private double plumeKelvin() {
        double height = settings.air().ceilingMetresAboveRack();
        return 16.9 * StrictMath.pow(flameWatts * 1e-3, 2.0 / 3) / StrictMath.pow(height, 5.0 / 3);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() * 1e-3;
    }

    double celsius() {
        return settings.air().celsius() + ambientKelvin + excessKelvin;
    }

    boolean hasOffGas(int rack) {
        return isBumped[rack]
                || rackSensor[rack] * 1e6 >= settings.detectors().offGasPartsPerMillion();
    }

    boolean hasOffGasInRoom() {
        return shareSensor * 1e6 >= settings.detectors().offGasPartsPerMillion();
    }

    double hydrogenPercent() {
        return shareSensor * settings.chemistry().hydrogenShare * 100;
    }

    double flammablePercent() {
        return Math.min(200, shareSensor / LOWER_FLAMMABLE_SHARE * 100);
    }

    /** Obscuration where the detector draws its air, as it arrives. */
    double smokePercentPerMetre() {
        return settings.detectors().smokeBackgroundPercentPerMetre()
                + 100 * -StrictMath.expm1(-sampledPerMetre);
    }

    boolean hasAlerted() {
        return hasAlerted;
    }

    boolean hasActed() {
        return hasActed;
    }

    boolean hasFired() {
        return hasFired;
    }

    boolean hasHeated() {
        return hasHeated;
    }

    boolean isFanRunning() {
        return !hasDischarged && !isFanBroken;
    }

    void breakFan(boolean isBroken) {
        isFanBroken = isBroken;
    }

    /**
     * Smoke or dust that comes from elsewhere than the batteries, from now on.
     *
     * @param squareMetresPerSecond of extinction area; less than nothing ends as much of it
     */
    void letSmokeIn(double squareMetresPerSecond) {
        smokeEntering = Math.max(0, smokeEntering + squareMetresPerSecond);
    }

    /** Gas that comes from elsewhere than the batteries; less than nothing ends as much of it. */
    void letGasIn(double litresPerSecond) {
        gasEntering = Math.max(0, gasEntering + litresPerSecond * 1e-3);
    }

    /** Test gas is held to the sensor of a rack, or no longer. */
    void bump(int rack, boolean is) {
        isBumped[rack] = is;
    }

    /** Cooling has failed, and the room warms so; by nothing: it stays as warm as it is. */
    void warmBy(double kelvinPerHour) {
        warmingPerSecond = kelvinPerHour / 3600;
    }

    /** The extinguishing agent is let out by mistake. */
    void discharge() {
        hasDischarged = true;
    }

    /** The extinguishing agent is out, the fan stopped and the damper shut. */
    boolean hasDischarged() {
        return hasDischarged;
    }
}
