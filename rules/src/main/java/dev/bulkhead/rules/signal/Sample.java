package dev.bulkhead.rules.signal;

import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One answered poll of a device.
 *
 * @param sequence of the device's answered polls since the agent's start, from 1 and without a gap:
 *     a number that is missing further on was lost on the way
 * @param at when the request was sent, in agent time
 * @param interval since the poll before of the same registers was sent; empty: none was answered
 *     before
 * @param observations what it says, at most one for each signal; none if the poll only showed what
 *     device this is, or nothing showed that its values stood where they were read
 */
public record Sample(
        DeviceId device,
        long sequence,
        Instant at,
        Optional<Duration> interval,
        List<Observation> observations) {
    public Sample {
        observations = List.copyOf(observations);
    }
}
