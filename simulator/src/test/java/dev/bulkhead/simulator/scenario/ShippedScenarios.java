package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import dev.bulkhead.simulator.ShippedProfiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sites and scenarios as shipped, read from the source tree. */
public final class ShippedScenarios {
    private ShippedScenarios() {}

    public static Scenario scenario(String site, String name) {
        return ScenarioFile.parse(
                        name + ".yaml", text(site, name), site(site), ShippedProfiles.all())
                .orElseThrow();
    }

    public static String text(String site, String name) {
        return read(sites().resolve(site).resolve("scenarios").resolve(name + ".yaml"));
    }

    /** A file as a site's scenarios name it. */
    public static String beside(String site, String name) {
        return read(sites().resolve(site).resolve("scenarios").resolve(name).normalize());
    }

    public static Site site(String name) {
        return SiteFile.parse(
                        name + "/site.yaml",
                        read(sites().resolve(name).resolve("site.yaml")),
                        ShippedProfiles.all())
                .orElseThrow();
    }

    public static Path sites() {
        return root().resolve("simulator/src/main/sites");
    }

    /** Tests run in their module's folder or in the project's. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("rules/src")) ? here : here.resolve("..").normalize();
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
