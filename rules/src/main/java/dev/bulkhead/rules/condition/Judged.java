package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;

/**
 * A verdict that changed, or a breach that would vote and was measured again.
 *
 * @param signal the signal it is bound to: with doubled sensors each is judged by itself
 * @param isRenewal the verdict is BREACHED as before; only a vote's window cares
 * @param evidence the readings in words, with units and limits
 */
public record Judged(
        Instant at,
        Condition condition,
        Subject subject,
        Signal signal,
        Verdict verdict,
        boolean isRenewal,
        String evidence) {
    public RoomId room() {
        return signal.room();
    }

    public DeviceId device() {
        return signal.device();
    }

    public GatewayId gateway() {
        return signal.gateway();
    }
}
