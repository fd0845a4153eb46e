package dev.bulkhead.rules.hazard;

import dev.bulkhead.rules.condition.ConditionId;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;

/**
 * One piece of evidence against a room.
 *
 * @param of the subject that shows it: a rack or module where evidence is local, else the room
 * @param since when it first stood
 * @param until when it ceases to count unless it is seen again
 * @param evidence the readings in words, with units and limit
 */
public record Vote(
        ConditionId condition,
        Kind kind,
        RoomId room,
        Subject of,
        DeviceId device,
        GatewayId gateway,
        Instant since,
        Instant until,
        String evidence) {}
