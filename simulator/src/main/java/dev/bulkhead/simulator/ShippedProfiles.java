package dev.bulkhead.simulator;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.site.ProfileId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The register maps that come with the rules, in the order of their index. */
public final class ShippedProfiles {
    private static final String FOLDER = "/dev/bulkhead/rules/profiles/";

    private static final SequencedMap<ProfileId, Profile> ALL = read();

    private ShippedProfiles() {}

    public static SequencedMap<ProfileId, Profile> all() {
        return ALL;
    }

    private static SequencedMap<ProfileId, Profile> read() {
        SequencedMap<ProfileId, Profile> profiles = new LinkedHashMap<>();
        for (String file : text("index.txt").lines().toList()) {
            Profile profile = ProfileFile.parse(file, text(file)).orElseThrow();
            profiles.put(profile.id(), profile);
        }
        return Collections.unmodifiableSequencedMap(profiles);
    }

    private static String text(String file) {
        try (InputStream in = Profile.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException("the rules come without " + FOLDER + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
