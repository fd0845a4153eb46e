package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.time.Instant;

/** A number goes away from the truth, so much each hour, from when it is first read. */
public record Drift(String point, double perHour) implements Fault.OfNumber {
    @Override
    public double instead(DeviceId device, double number, Duration since, Instant now) {
        return number + perHour * since.toNanos() / Duration.ofHours(1).toNanos();
    }
}
