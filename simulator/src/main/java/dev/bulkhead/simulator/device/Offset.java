package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.time.Instant;

/** A number is off by so much, always. */
public record Offset(String point, double by) implements Fault.OfNumber {
    @Override
    public double instead(DeviceId device, double number, Duration since, Instant now) {
        return number + by;
    }
}
