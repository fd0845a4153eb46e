package dev.bulkhead.rules.signal;

import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;

/**
 * One measurable thing.
 *
 * @param index its place in the table of signals, from 0, dense
 * @param point the point of its device's profile, qualified inside a group
 * @param room the room its subject belongs to
 */
public record Signal(
        int index,
        SignalId id,
        DeviceId device,
        GatewayId gateway,
        String point,
        Role role,
        Subject of,
        RoomId room) {}
