package dev.bulkhead.simulator.lab;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import dev.bulkhead.simulator.ShippedProfiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The site two-rooms with one device more, of any shipped profile. */
final class Shelf {
    static final DeviceId DEVICE = new DeviceId("shelf");

    /** The number of the device, where its profile has one. */
    static final int INDEX = 77;

    private Shelf() {}

    /**
     * The site with a device of this profile.
     *
     * @param wires as in its file, for the terminals that have no role by the profile
     */
    static Site with(Profile profile, String... wires) {
        var device = new StringBuilder();
        device.append("\n  - id: ").append(DEVICE);
        device.append("\n    profile: ").append(profile.id());
        device.append("\n    gateway: A1-ups\n    unit: 9\n");
        if (profile.identities().stream().anyMatch(each -> each.expected().isEmpty())) {
            device.append("    index: ").append(INDEX).append('\n');
        }
        roles(profile.points().stream())
                .findFirst()
                .ifPresent(role -> device.append("    of: ").append(thing(role.of())).append('\n'));
        if (profile.groups().stream()
                .flatMap(group -> roles(group.points().stream()))
                .anyMatch(role -> role.of() == Role.Of.BREAKER)) {
            device.append("    members: [Q-GENERATOR-1, Q-GENERATOR-2]\n");
        }
        device.append("    wires: [").append(String.join(", ", wires)).append("]\n");
        return site("two-rooms", device.toString());
    }

    /** A shipped site. */
    static Site shipped(String name) {
        return site(name, "");
    }

    private static Site site(String name, String more) {
        Path file = Path.of("src/main/sites", name, "site.yaml");
        try {
            return SiteFile.parse(name, Files.readString(file) + more, ShippedProfiles.all())
                    .orElseThrow();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Stream<Role> roles(Stream<Profile.Point> points) {
        return points.flatMap(point -> point.role().stream());
    }

    /** Something of the site of this kind. */
    static String thing(Role.Of of) {
        return switch (of) {
            case ROOM -> "A1";
            case RACK, MODULE -> "A1-S01";
            case BUSBAR -> "BB-A1-1";
            case UPS -> "H1A";
            case BREAKER -> "Q-GENERATOR-1";
        };
    }
}
