package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.device.Affliction;
import dev.bulkhead.simulator.plant.Happening;

/** One thing that happens, to the plant or to what watches it. */
public sealed interface Incident {

    /** The plant itself changes. */
    record Befalls(Happening happening) implements Incident {}

    /** A person approves the plan that waits for a room, if one does. */
    record Approves(RoomId room) implements Incident {}

    /** A device or gateway is no longer as it should be. */
    record Breaks(Affliction affliction) implements Incident {}

    /** It is again. */
    record Mends(Affliction.Mending mending) implements Incident {}
}
