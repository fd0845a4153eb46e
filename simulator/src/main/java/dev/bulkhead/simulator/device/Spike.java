package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.time.Instant;

/** A number is off by so much for a moment, again and again, from when it is first read. */
public record Spike(String point, double by, Duration every, Duration lasting)
        implements Fault.OfNumber {
    @Override
    public double instead(DeviceId device, double number, Duration since, Instant now) {
        long into = Math.floorMod(since.toNanos(), every.toNanos());
        return into < lasting.toNanos() ? number + by : number;
    }
}
