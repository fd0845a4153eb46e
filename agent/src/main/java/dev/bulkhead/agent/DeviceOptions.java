package dev.bulkhead.agent;

import dev.bulkhead.agent.modbus.LinkTimings;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.Gateway;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which device a command goes to: one of a site's, or a unit of a host. */
@SuppressWarnings("FieldCanBeFinal") // The command line sets them.
final class DeviceOptions {
    /** A device of a site, and what else the site says. */
    record Known(Documented site, Device device) {}

    /** A unit and the way there; empty: nobody says what it is. */
    record Target(Gateway gateway, int unit, LinkTimings timings, Optional<Known> known) {}

    @Mixin private final PlaceOptions place = new PlaceOptions();

    @Option(names = "--device", paramLabel = "D", description = "A device of the site.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--unit",
            paramLabel = "U",
            description = "The host's unit (default: 1); of a device the site says it.")
    private Optional<Integer> unit = Optional.empty();

    /** Where to go; nothing after all problems of a file were written. */
    Optional<Target> target(Terminal terminal) {
        WrongUsage.unless("--unit", unit.orElse(1), 0, 255);
        if (unit.isPresent() && name.isPresent()) {
            throw new WrongUsage("Either --device or --unit: the site says a device's unit.");
        }
        Optional<Gateway> host = place.host("--device", name.isPresent());
        if (host.isPresent()) {
            return Optional.of(
                    new Target(host.get(), unit.orElse(1), Documented.TIMINGS, Optional.empty()));
        }
        return place.site(terminal).map(site -> target(site, site.device(name.orElseThrow())));
    }

    private static Target target(Documented site, Device device) {
        return new Target(
                site.gateway(device.gateway().value()),
                device.unit(),
                site.timings(),
                Optional.of(new Known(site, device)));
    }
}
