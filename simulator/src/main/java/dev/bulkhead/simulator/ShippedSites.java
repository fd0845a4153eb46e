package dev.bulkhead.simulator;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The facilities that come with the program. */
final class ShippedSites {
    private ShippedSites() {}

    /**
     * A folder or file below {@code sites/}, which stands beside the {@code lib/} of this class.
     */
    static Optional<Path> find(String name) {
        try {
            Path jar =
                    Path.of(
                            ShippedSites.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return Optional.ofNullable(jar.getParent())
                    .map(lib -> lib.resolveSibling("sites").resolve(name))
                    .filter(Files::exists);
        } catch (URISyntaxException bug) {
            throw new IllegalStateException(bug);
        }
    }
}
