package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.Ups;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** One UPS: what it runs from, what it carries, and how long it may. */
final class UpsState {
    /** What the output is fed from. */
    enum Mode {
        RECTIFIER,
        BATTERY,
        BYPASS,
        OFF
    }

    /** What an inverter gives at most, as a share of its rating. Assumption. */
    private static final double CURRENT_LIMIT = 1.5;

    private final Ups ups;
    private final List<BusbarState> busbars = new ArrayList<>();
    private Mode mode = Mode.RECTIFIER;
    private boolean hasInput = true;
    private boolean hasFailed;
    private boolean isOverloaded;
    private boolean isBypassOpen;
    private boolean isExhausted;
    private double watts;
    private final Overload inverter = Overload.ofInverter();
    private final Overload bypass = Overload.ofBypass();
    private long carriedUntil;
    private Mode carriedBy = Mode.RECTIFIER;
    private long darkUntil;

    UpsState(Ups ups) {
        this.ups = ups;
    }

    Ups ups() {
        return ups;
    }

    List<BusbarState> busbars() {
        return busbars;
    }

    Mode mode() {
        return mode;
    }

    /** Its output is alive: on, and not between two ways to feed it. */
    boolean isOn() {
        return mode != Mode.OFF && !isDark();
    }

    private boolean isDark() {
        return carriedUntil < darkUntil;
    }

    boolean isOnInverter() {
        return mode == Mode.RECTIFIER || mode == Mode.BATTERY;
    }

    /** The rectifier holds the DC side at float voltage. */
    boolean rectifies() {
        return hasInput && !hasFailed;
    }

    boolean hasInput() {
        return hasInput;
    }

    /** Settles what it runs from, given its input. */
    void settle(boolean input) {
        hasInput = input;
        if (input) {
            isExhausted = false;
        }
        boolean hasBattery = !isExhausted && busbars.stream().anyMatch(BusbarState::backsUps);
        if (hasFailed) {
            mode = Mode.OFF;
        } else if (isOverloaded) {
            mode = input && !isBypassOpen ? Mode.BYPASS : Mode.OFF;
        } else if (input) {
            mode = Mode.RECTIFIER;
        } else {
            mode = hasBattery ? Mode.BATTERY : Mode.OFF;
        }
    }

    void carry(double outputWatts) {
        watts = outputWatts;
    }

    double watts() {
        return watts;
    }

    /** What leaves its inverter, W; its current limit keeps a short overload from the battery. */
    double inverterWatts() {
        return Math.min(watts, CURRENT_LIMIT * ups.ratedWatts());
    }

    double loadShare() {
        return watts / ups.ratedWatts();
    }

    /** What it has carried until now warms or cools it. */
    void carryUntil(long now) {
        double seconds = (now - carriedUntil) * 1e-9;
        inverter.carry(isOnInverter() ? loadShare() : 0, seconds);
        bypass.carry(mode == Mode.BYPASS ? loadShare() : 0, seconds);
        carriedUntil = now;
    }

    /** When the present overload will have used up its time. */
    OptionalLong overloadEnds() {
        double seconds = (mode == Mode.BYPASS ? bypass : inverter).secondsLeft(loadShare());
        return seconds == Double.POSITIVE_INFINITY || mode == Mode.OFF
                ? OptionalLong.empty()
                : OptionalLong.of(carriedUntil + (long) StrictMath.ceil(seconds * 1e9));
    }

    /**
     * Gives up what can bear no more: the inverter for the bypass, which stays so until the load
     * has fallen; the bypass for good.
     */
    void giveUpOverloaded() {
        boolean isStillOver = overloadEnds().isPresent();
        isBypassOpen |= isStillOver && mode == Mode.BYPASS && bypass.isSpent();
        isOverloaded |= isStillOver && isOnInverter() && inverter.isSpent();
    }

    /**
     * Goes back to the inverter once the load is no more than it is made for (UFGS 16265A asks for
     * that, "automatic uninterrupted forward transfer").
     */
    boolean returnsToInverter() {
        if (!isOverloaded || mode != Mode.BYPASS || isDark() || loadShare() > 1) {
            return false;
        }
        isOverloaded = false;
        return true;
    }

    /** How long its output is dead from now on, as it has just changed over. */
    Duration changesOver(PlantSettings.Backup backup) {
        Duration dark =
                switch (mode) {
                    case BYPASS -> backup.bypassTransfer();
                    case BATTERY -> backup.batteryTransfer();
                    case RECTIFIER, OFF -> Duration.ZERO;
                };
        if (mode == carriedBy) {
            return Duration.ZERO;
        }
        carriedBy = mode;
        darkUntil = carriedUntil + dark.toNanos();
        return dark;
    }

    /** The battery gives no more until the input is back. */
    void exhaust() {
        isExhausted = true;
    }

    boolean hasFailed() {
        return hasFailed;
    }

    void fail() {
        hasFailed = true;
    }

    /**
     * Somebody switches it on again where it stands; what an overload has used up stays so.
     *
     * @return whether it had stopped, or was on bypass
     */
    boolean reset() {
        boolean had = hasFailed || isOverloaded;
        hasFailed = false;
        isOverloaded = false;
        isBypassOpen = false;
        return had;
    }
}
