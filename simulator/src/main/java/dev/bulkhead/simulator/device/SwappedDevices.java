package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.DeviceId;

/** Two devices answer at each other's addresses. */
public record SwappedDevices(DeviceId with) implements Fault.OfAddress {}
