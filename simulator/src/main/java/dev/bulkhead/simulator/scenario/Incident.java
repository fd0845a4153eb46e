package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.device.Affliction;
import dev.bulkhead.simulator.plant.Happening;
import java.time.Duration;

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

    /**
     * A process is killed, and started again a while later.
     *
     * @param pause in plant time
     */
    record Dies(Victim victim, Duration pause) implements Incident {}

    /** Something befalls the agent's host. */
    sealed interface OfHost extends Incident {}

    /**
     * Its wall clock is set.
     *
     * @param by ahead; negative: back
     */
    record ClockSet(Duration by) implements OfHost {}

    /**
     * There is no room on its disk for a while.
     *
     * @param lasting in plant time
     */
    record DiskFull(Duration lasting) implements OfHost {}
}
