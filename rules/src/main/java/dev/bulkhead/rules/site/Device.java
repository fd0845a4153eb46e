package dev.bulkhead.rules.site;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A unit that speaks Modbus.
 *
 * @param of what the whole device is of, where it is of one thing
 * @param index the number it carries among its like, proved by its identity registers
 * @param members what the items of its repeated group are of, in order, as breakers of a panel
 * @param wires what its terminals are connected to
 */
public record Device(
        DeviceId id,
        ProfileId profile,
        GatewayId gateway,
        int unit,
        Optional<Subject> of,
        OptionalInt index,
        List<Subject> members,
        List<Wire> wires) {
    public Device {
        members = List.copyOf(members);
        wires = List.copyOf(wires);
    }
}
