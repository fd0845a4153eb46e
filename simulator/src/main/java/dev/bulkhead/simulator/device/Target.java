package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Site;

/** What a fault is of. */
public sealed interface Target {
    /** A whole gateway. */
    record OfGateway(GatewayId gateway) implements Target {}

    /** A device. */
    record OfDevice(DeviceId id) implements Target {}

    /** One point of a device, by its name, qualified inside a group. */
    record OfPoint(DeviceId id, String point) implements Target {}

    /** A device and another one of the same gateway. */
    record OfPair(DeviceId id, DeviceId with) implements Target {}

    /** The gateway, or the one in front of the device. */
    default GatewayId gateway(Site site) {
        return this instanceof OfGateway(GatewayId gateway)
                ? gateway
                : Site.known(site.devices(), device()).gateway();
    }

    /** As a person says it. */
    default String words() {
        return switch (this) {
            case OfGateway(GatewayId gateway) -> "gateway " + gateway;
            case OfDevice(DeviceId id) -> id.toString();
            case OfPoint(DeviceId id, String point) -> id + ", point " + point;
            case OfPair(DeviceId id, DeviceId with) -> id + " with " + with;
        };
    }

    /**
     * The device.
     *
     * @throws IllegalArgumentException of a gateway
     */
    default DeviceId device() {
        return switch (this) {
            case OfDevice(DeviceId id) -> id;
            case OfPoint(DeviceId id, String _) -> id;
            case OfPair(DeviceId id, DeviceId _) -> id;
            case OfGateway(GatewayId gateway) ->
                    throw new IllegalArgumentException(gateway + " is no device");
        };
    }
}
