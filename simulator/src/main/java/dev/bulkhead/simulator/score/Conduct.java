package dev.bulkhead.simulator.score;

import java.time.Duration;

/**
 * How a run was carried out, and whether its times may be believed.
 *
 * @param speed plant seconds per real second; meaningful in LAB only, where transport time-outs
 *     stay wall-clock
 * @param overruns polls that took longer than their interval
 * @param worstLag how far the plant fell behind at worst, in plant time
 * @param flaw why the run does not count; empty if it does
 */
public record Conduct(
        long seed, Mode mode, double speed, int overruns, Duration worstLag, String flaw) {

    /** What was real. */
    public enum Mode {
        /** Sockets, processes and files, at a multiple of real time. */
        LAB,
        /** The code, with frames in memory, on one thread that jumps from event to event. */
        CAMPAIGN,
        /** The plant by itself: nobody reads it over Modbus. */
        PLANT_ALONE
    }

    public Conduct {
        if (!(speed > 0) || overruns < 0 || worstLag.isNegative()) {
            throw new IllegalArgumentException(
                    "speed " + speed + ", overruns " + overruns + ", lag " + worstLag);
        }
    }

    public static Conduct plantAlone(long seed) {
        return new Conduct(seed, Mode.PLANT_ALONE, 1, 0, Duration.ZERO, "");
    }

    public boolean isValid() {
        return flaw.isEmpty();
    }
}
