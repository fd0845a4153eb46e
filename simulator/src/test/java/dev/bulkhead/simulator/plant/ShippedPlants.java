package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The sites and plants that are shipped, as their files have them. */
final class ShippedPlants {
    static final Instant START = Instant.parse("2026-01-15T06:00:00Z");
    private static final String PROFILES = "/dev/bulkhead/rules/profiles/";

    private ShippedPlants() {}

    static Site site(String name) {
        return site(name, UnaryOperator.identity());
    }

    static Site site(String name, UnaryOperator<String> edit) {
        String text = edit.apply(file(name, "site.yaml"));
        return SiteFile.parse("site.yaml", text, profiles()).orElseThrow();
    }

    static Plant plant(String name, long seed) {
        Site site = site(name);
        return new Plant(site, settings(name, site), seed, START);
    }

    static PlantSettings settings(String name, Site site) {
        return PlantFile.parse("plant.yaml", file(name, "plant.yaml"), site).orElseThrow();
    }

    private static String file(String name, String file) {
        try {
            return Files.readString(Path.of("src/main/sites", name, file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Map<ProfileId, Profile> profiles() {
        Map<ProfileId, Profile> profiles = new LinkedHashMap<>();
        for (String file : resource("index.txt").lines().toList()) {
            Profile profile = ProfileFile.parse(file, resource(file.strip())).orElseThrow();
            profiles.put(profile.id(), profile);
        }
        return profiles;
    }

    private static String resource(String name) {
        try (var stream = Profile.class.getResourceAsStream(PROFILES + name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + PROFILES + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
