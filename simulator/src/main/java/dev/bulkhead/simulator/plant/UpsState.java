package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.Ups;
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

    /**
     * Time limits of overload: up to 105 % for ever, 125 % ten minutes, 150 % a minute, above that
     * 200 ms (APM2's manual; steps between as there).
     */
    private static final double FREE = 1.05;

    private static final double TEN_MINUTES = 1.25;
    private static final double ONE_MINUTE = 1.50;

    private final Ups ups;
    private final List<BusbarState> busbars = new ArrayList<>();
    private Mode mode = Mode.RECTIFIER;
    private boolean hasInput = true;
    private boolean hasFailed;
    private boolean isOverloaded;
    private boolean isExhausted;
    private double watts;
    private OptionalLong overloadEnds = OptionalLong.empty();

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

    boolean isOn() {
        return mode != Mode.OFF;
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
            mode = input ? Mode.BYPASS : Mode.OFF;
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

    double loadShare() {
        return watts / ups.ratedWatts();
    }

    /** When the present overload ends in a trip; kept while the overload lasts. */
    OptionalLong overloadEnds(long now) {
        double share = loadShare();
        if (share <= FREE || !isOnInverter()) {
            overloadEnds = OptionalLong.empty();
            return overloadEnds;
        }
        long millis = share <= TEN_MINUTES ? 600_000 : share <= ONE_MINUTE ? 60_000 : 200;
        long ends = now + millis * 1_000_000;
        overloadEnds = OptionalLong.of(Math.min(ends, overloadEnds.orElse(Long.MAX_VALUE)));
        return overloadEnds;
    }

    boolean isOverloadedUntil(long now) {
        return overloadEnds.isPresent() && overloadEnds.getAsLong() <= now;
    }

    void tripOnOverload() {
        isOverloaded = true;
        overloadEnds = OptionalLong.empty();
    }

    /** The battery gives no more until the input is back. */
    void exhaust() {
        isExhausted = true;
    }

    void fail() {
        hasFailed = true;
    }
}
