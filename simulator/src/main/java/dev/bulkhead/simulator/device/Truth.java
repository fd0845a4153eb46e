package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import java.util.OptionalLong;

/**
 * The facility as it really is at one instant. Who calls it sees to it that the instant doesn't
 * move meanwhile.
 */
public interface Truth {
    /** What a healthy sensor for this role, placed at this subject, shows. */
    Value sense(Role role, Subject of);

    /**
     * Energises a breaker's SELECT output.
     *
     * @return whether the breaker is selected now
     */
    boolean select(BreakerId breaker);

    /**
     * Pulses a breaker's TRIP output.
     *
     * @return whether the pulse reached the trip coil, which is not yet a breaker that opened
     */
    boolean trip(BreakerId breaker);

    /**
     * How often it was acted on or something befell it. While neither this nor its time changes,
     * everything is sensed as before; empty: it doesn't say.
     */
    default OptionalLong acts() {
        return OptionalLong.empty();
    }

    /** Whether a device is alive: has its supply, and hasn't burnt. */
    boolean answers(DeviceId device);
}
