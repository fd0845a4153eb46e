package dev.bulkhead.rules.alarm;

import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;

/** An alarm changed its state. */
public record AlarmChange(
        Instant at, AlarmId alarm, RoomId room, AlarmState from, AlarmState to, String why) {}
