package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What people are told of a link: once when something goes, once when it is back. */
public sealed interface LinkNews extends LinkEffect {
    /** A device has said nothing usable for as long as silence takes. */
    record DeviceLost(DeviceId device, String reason) implements LinkNews {}

    /** A lost device answered. */
    record DeviceBack(DeviceId device, Duration outage) implements LinkNews {}

    /**
     * A device answers, and nothing in its answers changes any more, not even its heartbeat: its
     * values are not of now.
     */
    record DeviceStill(DeviceId device, Instant since) implements LinkNews {}

    /** Something of a device changes again. */
    record DeviceMoves(DeviceId device, Duration still) implements LinkNews {}

    /**
     * A device answers, and what proves it or its models is otherwise than the site and its
     * register map say: nothing of it counts.
     */
    record DeviceUnproved(DeviceId device, String reason) implements LinkNews {}

    /** A device that was taken for another one has proved to be the one the site means. */
    record DeviceProved(DeviceId device, Duration unproved) implements LinkNews {}

    /** No connection can be made, or none that answers anything. */
    record LinkLost(GatewayId gateway, String reason) implements LinkNews {}

    /**
     * A device refuses some of its registers or bits, and goes on giving the rest.
     *
     * @param points the values that are missing for it
     */
    record ValuesRefused(DeviceId device, Extent extent, List<String> points, String reason)
            implements LinkNews {
        public ValuesRefused {
            points = List.copyOf(points);
        }
    }

    /** What a device refused it gives again. */
    record ValuesBack(DeviceId device, Extent extent, List<String> points) implements LinkNews {
        public ValuesBack {
            points = List.copyOf(points);
        }
    }

    /** A device refuses a request, and none of the values in it if they are asked for apart. */
    record ReadInParts(DeviceId device, Extent extent, int requests, String reason)
            implements LinkNews {}

    /** Something on a lost link answered. */
    record LinkBack(GatewayId gateway, Duration outage) implements LinkNews {}
}
