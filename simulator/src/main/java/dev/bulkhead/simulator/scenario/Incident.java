package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.simulator.plant.Happening;

/** One thing that happens, to the plant or to what watches it. */
public sealed interface Incident {

    /** The plant itself changes. */
    record Befalls(Happening happening) implements Incident {}

    /** A device no longer answers. */
    record DeviceFallsSilent(DeviceId device) implements Incident {}

    /** A silent device answers again. */
    record DeviceAnswersAgain(DeviceId device) implements Incident {}

    /** A gateway takes requests and passes nothing on. */
    record GatewayFreezes(GatewayId gateway) implements Incident {}

    /** A frozen gateway works again. */
    record GatewayThaws(GatewayId gateway) implements Incident {}
}
