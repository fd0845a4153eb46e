package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.GatewayId;
import java.nio.ByteBuffer;
import java.time.Instant;

/** What clients of Modbus TCP can be let at. One caller at a time. */
public sealed interface ServedGateway permits SimulatedGateway, RecordedGateway {
    GatewayId id();

    /**
     * What happens to a client that connects.
     *
     * @param others how many are connected already
     */
    Admission admit(int others);

    /**
     * What comes back for these bytes, and does what they ask.
     *
     * @param frame exactly one request with its MBAP header; anything else is met with silence
     * @param now in the time of what is served
     */
    Answer answer(ByteBuffer frame, Instant now);
}
