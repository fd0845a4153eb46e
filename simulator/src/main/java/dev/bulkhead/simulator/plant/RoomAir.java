package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.BatteryString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The air of one battery room and of the racks in it: gas, smoke, heat, and what the detectors make
 * of them. Well mixed: dc/dt = S/V − n·c; a rack holds its gas first and exchanges its air with the
 * room. Gas of cells and gas from elsewhere are kept apart: only the first is known to hold
 * hydrogen, and only it leaks from a rack to the sensor of the next.
 */
final class RoomAir {
    private static final double AIR_JOULES_PER_CUBIC_METRE_KELVIN = 1.2 * 1005;

    /** Test gas held to an off-gas sensor, as a multiple of its threshold. Assumption. */
    private static final double TEST_GAS_THRESHOLDS = 5;

    /** What brings smoke and gas into the room's air, besides its cells. */
    record Source(double smokeSquareMetresPerSecond, double gasLitresPerSecond) {}

    private record Sample(double at, double perMetre) {}

    private final PlantSettings settings;
    private final double cubicMetres;
    private final int[] places;
    private final GasShares cellGas;
    private final GasShares foreignGas;
    private final List<Source> sources = new ArrayList<>();
    private final int[] testsHeld;
    private final double[] rackSensor;
    private double cellGasSensor;
    private double foreignGasSensor;
    private double perMetre;
    private double sampledPerMetre;
    private final Deque<Sample> underway = new ArrayDeque<>();
    private double excessKelvin;
    private double heatSensor;
    private double ceilingCelsius;
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
    private double ambientKelvin;
    private double ambientKelvinPerSecond;
    private double ambientChangesUntil;

    RoomAir(PlantSettings settings, double cubicMetres, List<BatteryString> racks) {
        this.settings = settings;
        this.cubicMetres = cubicMetres;
        this.places = racks.stream().mapToInt(BatteryString::place).toArray();
        this.cellGas = new GasShares(settings.air(), cubicMetres, places.length);
        this.foreignGas = new GasShares(settings.air(), cubicMetres, places.length);
        this.testsHeld = new int[places.length];
        this.rackSensor = new double[places.length];
        this.heatSensor = settings.air().celsius();
        this.ceilingCelsius = heatSensor;
    }

    /** Goes a step with what each rack gave off, in the order of the racks. */
    void step(double seconds, List<Emission> emissions) {
        drift(seconds);
        elapsed += seconds;
        double flame = 0;
        double warm = 0;
        double smoke = 0;
        for (Emission emission : emissions) {
            flame += emission.flameJoules();
            warm += emission.warmJoules();
            smoke += emission.smokeSquareMetres();
            isDisturbed |= emission.gasLitres() > 0 || emission.warmJoules() > 0;
        }
        if (!isDisturbed) {
            return;
        }
        double foreignLitres = 0;
        for (Source source : sources) {
            smoke += source.smokeSquareMetresPerSecond() * seconds;
            foreignLitres += source.gasLitresPerSecond() * seconds;
        }
        PlantSettings.Air air = settings.air();
        double perHour = isFanRunning() ? air.changesPerHour() : air.closedChangesPerHour();
        double stays = StrictMath.exp(-perHour / 3600 * seconds);
        cellGas.step(seconds, stays, rack -> emissions.get(rack).gasLitres(), 0);
        foreignGas.step(seconds, stays, _ -> 0, foreignLitres);
        perMetre = perMetre * stays + smoke / cubicMetres;
        flameWatts = flame / seconds;
        warmAir(seconds, flame + warm, perHour);
        sense(seconds);
    }

    private void drift(double seconds) {
        double changes = Math.clamp(ambientChangesUntil - elapsed, 0, seconds);
        ambientKelvin = Math.max(0, ambientKelvin + ambientKelvinPerSecond * changes);
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
        double test = TEST_GAS_THRESHOLDS * detectors.offGasPartsPerMillion() * 1e-6;
        for (int rack = 0; rack < rackSensor.length; rack++) {
            double ofCells = cellGas.inRack(rack) + spill * besides(rack);
            double foreign = foreignGas.inRack(rack) + test * testsHeld[rack];
            rackSensor[rack] += (ofCells + foreign - rackSensor[rack]) * follows;
        }
        cellGasSensor += (cellGas.inRoom() - cellGasSensor) * follows;
        foreignGasSensor += (foreignGas.inRoom() - foreignGasSensor) * follows;
        senseSmoke(seconds);
        double near = celsius() + plumeKelvin();
        heatSensor +=
                (near - heatSensor) * -StrictMath.expm1(-seconds / seconds(detectors.heatLag()));
        hasHeated |= heatSensor >= detectors.heatCelsius();
        settings.spread().ceilingLag().ifPresent(lag -> warmCeiling(seconds, near, lag));
    }

    private void warmCeiling(double seconds, double near, Duration lag) {
        ceilingCelsius += (near - ceilingCelsius) * -StrictMath.expm1(-seconds / seconds(lag));
    }

    /** Cell gas that stands in the racks beside one. */
    private double besides(int rack) {
        double sum = 0;
        for (int other = 0; other < places.length; other++) {
            sum += Math.abs(places[other] - places[rack]) == 1 ? cellGas.inRack(other) : 0;
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

    /** In the other rooms of the fire zone, whose ceiling is this one's too. */
    double ceilingCelsius() {
        return ceilingCelsius;
    }

    boolean hasOffGas(int rack) {
        return rackSensor[rack] * 1e6 >= settings.detectors().offGasPartsPerMillion();
    }

    boolean hasOffGasInRoom() {
        return (cellGasSensor + foreignGasSensor) * 1e6
                >= settings.detectors().offGasPartsPerMillion();
    }

    double hydrogenPercent() {
        return cellGasSensor * settings.chemistry().gas.hydrogen() * 100;
    }

    double flammablePercent() {
        return Math.min(200, cellGasSensor / settings.chemistry().gas.lowerFlammable() * 100);
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

    /** A source adds to the air until it {@link #ends}. */
    void begins(Source source) {
        sources.add(source);
        isDisturbed = true;
    }

    void ends(Source source) {
        sources.remove(source);
    }

    /** Test gas is held to a rack's off-gas sensor until {@link #takeTestGasFrom}. */
    void holdTestGasTo(int rack) {
        testsHeld[rack]++;
        isDisturbed = true;
    }

    void takeTestGasFrom(int rack) {
        testsHeld[rack]--;
    }

    /** Smoke and heat detectors forget what they latched; what is still there they find again. */
    void resetDetectors() {
        hasAlerted = false;
        hasActed = false;
        hasFired = false;
        hasHeated = false;
        fireFor = 0;
    }

    /** Without cooling the room warms for a while, and stays as warm as it has become. */
    void warm(double kelvinPerHour, Duration lasting) {
        ambientKelvinPerSecond = kelvinPerHour / 3600;
        ambientChangesUntil = elapsed + seconds(lasting);
        isDisturbed = true;
    }

    /** With cooling back the room goes evenly to what it usually is. */
    void cool(double kelvinPerHour) {
        ambientKelvinPerSecond = -kelvinPerHour / 3600;
        ambientChangesUntil = Double.POSITIVE_INFINITY;
    }

    /** The extinguishing agent is let out by mistake. */
    void discharge() {
        hasDischarged = true;
        isDisturbed = true;
    }

    /** The extinguishing agent is out, the fan stopped and the damper shut. */
    boolean hasDischarged() {
        return hasDischarged;
    }
}
