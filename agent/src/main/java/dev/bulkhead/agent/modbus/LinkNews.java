package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import java.time.Duration;

/** What people are told of a link: once when something goes, once when it is back. */
public sealed interface LinkNews extends LinkEffect {
    /** A device has said nothing usable for as long as silence takes. */
    record DeviceLost(DeviceId device, String reason) implements LinkNews {}

    /** A lost device answered. */
    record DeviceBack(DeviceId device, Duration outage) implements LinkNews {}

    /** No connection can be made, or none that answers anything. */
    record LinkLost(GatewayId gateway, String reason) implements LinkNews {}

    /** Something on a lost link answered. */
    record LinkBack(GatewayId gateway, Duration outage) implements LinkNews {}
}
