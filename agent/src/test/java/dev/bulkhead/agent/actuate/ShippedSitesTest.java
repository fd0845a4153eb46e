package dev.bulkhead.agent.actuate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.modbus.Bench;
import dev.bulkhead.agent.modbus.LinkEffect;
import dev.bulkhead.agent.modbus.LinkEvent;
import dev.bulkhead.agent.modbus.LinkSession;
import dev.bulkhead.agent.modbus.LinkTimings;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sites as shipped can be polled and operated as they are described. */
final class ShippedSitesTest {
    private static final Path PROFILES =
            Path.of("../rules/src/main/resources/dev/bulkhead/rules/profiles");

    private static Map<ProfileId, Profile> profiles() throws IOException {
        var profiles = new LinkedHashMap<ProfileId, Profile>();
        for (String file : Files.readAllLines(PROFILES.resolve("index.txt"))) {
            String text = Files.readString(PROFILES.resolve(file));
            Profile profile = ProfileFile.parse(file, text).orElseThrow();
            profiles.put(profile.id(), profile);
        }
        return profiles;
    }

    private static Site site(String name, Map<ProfileId, Profile> profiles) throws IOException {
        Path file = Path.of("../simulator/src/main/sites", name, "site.yaml");
        return SiteFile.parse(name, Files.readString(file), profiles).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"two-rooms", "two-rooms-vrla", "pangyo-rebuilt", "pangyo-2022"})
    void everyLinkOfAShippedSiteCanBePolled(String name) throws IOException {
        Map<ProfileId, Profile> profiles = profiles();
        Site site = site(name, profiles);
        var signals = SignalTable.of(site, profiles);
        var timings = LinkTimings.proposed(Duration.ofSeconds(1), Duration.ofSeconds(5));
        for (Gateway gateway : site.gateways().values()) {
            var session = LinkSession.of(site, gateway, profiles, signals, timings, Bench.START);
            assertEquals(
                    List.of(new LinkEffect.Connect()),
                    session.on(new LinkEvent.Tick(), Bench.START));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"two-rooms", "two-rooms-vrla", "pangyo-rebuilt"})
    void everyBreakerOfARebuiltSiteThatIsRemoteHasItsCoils(String name) throws IOException {
        Map<ProfileId, Profile> profiles = profiles();
        Site site = site(name, profiles);
        var wiring = BreakerWiring.of(site, profiles);
        for (Breaker breaker : site.breakers().values()) {
            boolean isRemote = breaker.operation() == Breaker.Operation.REMOTE;
            assertEquals(isRemote, wiring.terminals(breaker.id()).isPresent(), breaker::toString);
        }
        assertTrue(site.breakers().size() > 10);
    }
}
