package dev.bulkhead.rules;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The sites and register maps as shipped, read from the source tree. */
public final class TestSites {
    private static final Path PROFILES =
            Path.of("rules/src/main/resources/dev/bulkhead/rules/profiles");
    private static final Path SITES = Path.of("simulator/src/main/sites");

    private TestSites() {}

    /** A shipped site, as in {@code site("two-rooms")}. */
    public static Site site(String name) {
        return SiteFile.parse(name + "/site.yaml", siteText(name), profiles()).orElseThrow();
    }

    /** A shipped site's file, for a test that changes it. */
    public static String siteText(String name) {
        return read(SITES.resolve(name).resolve("site.yaml"));
    }

    /** Every shipped register map, in the order of their index. */
    public static SequencedMap<ProfileId, Profile> profiles() {
        var profiles = new LinkedHashMap<ProfileId, Profile>();
        for (String file : profileFiles()) {
            Profile profile = ProfileFile.parse(file, profileText(file)).orElseThrow();
            profiles.put(profile.id(), profile);
        }
        return profiles;
    }

    /** The names of the register maps' files, as the index lists them. */
    public static List<String> profileFiles() {
        return read(PROFILES.resolve("index.txt")).lines().toList();
    }

    public static String profileText(String file) {
        return read(PROFILES.resolve(file));
    }

    /** The signals of a shipped site. */
    public static SignalTable signals(String name) {
        return SignalTable.of(site(name), profiles());
    }

    /** The project's folder: tests run in that of their module. */
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        return Files.isDirectory(folder.resolve("rules/src"))
                ? folder
                : folder.resolve("..").normalize();
    }

    private static String read(Path path) {
        try {
            return Files.readString(root().resolve(path));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
