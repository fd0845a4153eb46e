package dev.bulkhead.agent;

import dev.bulkhead.agent.modbus.LinkTimings;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Site;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a site's or an agent's file says of devices, for a command that goes to one.
 *
 * @param armed the breakers the agent may open by itself; empty: a site's file doesn't say
 */
record Documented(Facility facility, LinkTimings timings, Optional<Set<BreakerId>> armed) {
    /** What holds where no agent's file says otherwise. */
    static final LinkTimings TIMINGS =
            LinkTimings.proposed(AgentFile.POLLS.fast(), AgentFile.POLLS.slow());

    /** Reads a file; nothing after all its problems were written. */
    static Optional<Documented> read(Path file, Terminal terminal) {
        if (AgentFile.isOne(file)) {
            return terminal.valueOf(AgentFile.load(file))
                    .map(
                            agent ->
                                    new Documented(
                                            agent.facility(),
                                            agent.settings().timings(),
                                            Optional.of(agent.settings().armed())));
        }
        return terminal.valueOf(Facility.load(file))
                .map(facility -> new Documented(facility, TIMINGS, Optional.empty()));
    }

    /**
     * The device of this name.
     *
     * @throws WrongUsage if there is none
     */
    Device device(String name) {
        List<String> known =
                facility.site().devices().keySet().stream().map(DeviceId::value).toList();
        List<String> behind =
                facility.site().devices().values().stream()
                        .filter(device -> device.gateway().value().equals(name))
                        .map(device -> device.id().value())
                        .toList();
        if (!behind.isEmpty() && !known.contains(name)) {
            throw new WrongUsage(
                    "%s is a gateway; behind it are the devices %s"
                            .formatted(name, String.join(", ", behind)));
        }
        return find(facility.site().devices().get(new DeviceId(name)), "device", name, known);
    }

    /**
     * The gateway of this name.
     *
     * @throws WrongUsage if there is none
     */
    Gateway gateway(String name) {
        List<String> known =
                facility.site().gateways().keySet().stream().map(GatewayId::value).toList();
        return find(facility.site().gateways().get(new GatewayId(name)), "gateway", name, known);
    }

    Profile profileOf(Device device) {
        return Site.known(facility.profiles(), device.profile());
    }

    private static <T> T find(@Nullable T found, String kind, String name, List<String> known) {
        if (found == null) {
            throw new WrongUsage(
                    "The site has no %s '%s'%s"
                            .formatted(kind, name, Document.nearest(name, known)));
        }
        return found;
    }
}
