package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.time.Instant;

/** A number is off by up to so much either way, anew at every instant. */
public record Noise(String point, double within, long seed) implements Fault.OfNumber {
    @Override
    public double instead(DeviceId device, double number, Duration since, Instant now) {
        return number + within * (2 * Chance.draw(seed, device + " " + point, now) - 1);
    }
}
