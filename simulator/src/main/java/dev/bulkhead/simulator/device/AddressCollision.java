package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.DeviceId;

/**
 * The other device has this one's address too, and no longer its own: both act on every request,
 * and what comes back is one's answer, the other's, or nothing that a gateway can read, by chance.
 */
public record AddressCollision(DeviceId with, long seed) implements Fault.OfAddress {}
