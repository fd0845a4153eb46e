package dev.bulkhead.agent.modbus;

import java.time.Instant;

/** How a submitted exchange ended. Each gets exactly one. */
public sealed interface Answer {
    /** When it ended. */
    Instant at();

    /**
     * What was read.
     *
     * @param requestedAt when the request was sent: nothing newer than this is known
     */
    record Values(Instant requestedAt, Instant at, Image image) implements Answer {}

    /** The device echoed the write. */
    record Written(Instant requestedAt, Instant at) implements Answer {}

    /** The device answered with an exception code that means it did nothing. */
    record Refused(Instant at, int code, String reason) implements Answer {}

    /** It was sent and no usable answer came: it may have reached the device. */
    record Lost(Instant at, String reason) implements Answer {}

    /** It never left the agent. */
    record NotSent(Instant at, String reason) implements Answer {}
}
