package dev.bulkhead.rules.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.profile.Profile.Identity;
import dev.bulkhead.rules.profile.Profile.Verified;
import dev.bulkhead.rules.site.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ProfilesPageTest {
    /**
     * People choose a register map by this page, so it must say what the files say. Its last column
     * is written by hand.
     */
    @Test
    void thePageListsEveryShippedRegisterMapAsItsFileHasIt() throws IOException {
        List<String> written =
                Files.readString(TestSites.root().resolve("docs/reference/profiles.md"))
                        .lines()
                        .dropWhile(line -> !line.equals("## Shipped"))
                        .takeWhile(line -> !line.equals("## Not shipped"))
                        .filter(line -> line.startsWith("| `"))
                        .map(
                                line ->
                                        line.substring(
                                                0, line.lastIndexOf('|', line.length() - 2) + 1))
                        .toList();
        List<String> shipped =
                TestSites.profiles().values().stream().map(ProfilesPageTest::line).toList();

        assertEquals(String.join("\n", shipped), String.join("\n", written));
    }

    /** What was held against nothing people know of is no fact. */
    @Test
    void everyShippedRegisterMapSaysWhatItWasHeldAgainst() {
        List<String> silent =
                TestSites.profiles().values().stream()
                        .filter(profile -> profile.source().verified().isEmpty())
                        .map(profile -> profile.id().toString())
                        .toList();

        assertEquals(List.of(), silent);
    }

    private static String line(Profile profile) {
        String verified =
                profile.source()
                        .verified()
                        .map((Verified each) -> Document.spelled(each))
                        .orElse("not said");
        String proof =
                profile.identities().isEmpty()
                        ? "nothing"
                        : profile.identities().stream()
                                .map(ProfilesPageTest::words)
                                .collect(Collectors.joining(", "));
        return "| `%s` | %s | %s | %s | %s |"
                .formatted(profile.id(), profile.title(), profile.source().text(), verified, proof);
    }

    private static String words(Identity identity) {
        return identity.expected()
                .map(expected -> "`%s` is %s".formatted(identity.point(), expected))
                .orElseGet(() -> "`%s` is its index".formatted(identity.point()));
    }
}
