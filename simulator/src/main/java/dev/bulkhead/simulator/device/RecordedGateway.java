package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.GatewayId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Devices of one gateway that answer as they once did, from when they are served on. */
public final class RecordedGateway implements ServedGateway {
    private static final int TARGET_FAILED_TO_RESPOND = 0x0B;

    private final GatewayId id;
    private final Map<Integer, Recording> units;
    private final Instant start;

    /**
     * @param recordings of units of this gateway; of one that comes twice, the last
     * @param start the instant that the first thing in each recording happens at
     */
    public RecordedGateway(GatewayId id, List<Recording> recordings, Instant start) {
        this.id = id;
        this.units =
                recordings.stream()
                        .collect(
                                Collectors.toMap(Recording::unit, one -> one, (_, later) -> later));
        this.start = start;
    }

    @Override
    public GatewayId id() {
        return id;
    }

    @Override
    public Admission admit(int others) {
        return Admission.TAKEN;
    }

    @Override
    public Answer answer(ByteBuffer frame, Instant now) {
        return Request.in(frame)
                .map(request -> answer(request, Duration.between(start, now)))
                .orElseGet(Answer.Silence::new);
    }

    private Answer answer(Request request, Duration since) {
        Recording unit = units.get(request.unit());
        return unit == null
                ? request.refusal(TARGET_FAILED_TO_RESPOND)
                : unit.answer(request, since);
    }
}
