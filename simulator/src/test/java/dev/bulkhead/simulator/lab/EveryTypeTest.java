package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.ShippedProfiles;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.device.Truth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the plant has is what the agent measures, by way of a map without blocks, whatever type and
 * order a device keeps it in.
 */
class EveryTypeTest {
    private static final GatewayId GATEWAY = new GatewayId("A1-field");
    private static final String SITE = siteText();

    /** A plant with one hydrogen concentration in every room, and the same smoke. */
    private record Facts(double hydrogen, boolean isSmoky) implements Truth {
        @Override
        public Value sense(Role role, Subject of) {
            return switch (role.type()) {
                case NUMBER -> new Value.Quantity(role == Role.ROOM_HYDROGEN ? hydrogen : 1);
                case FLAG -> new Value.Flag(isSmoky);
                case POSITION -> new Value.At(Position.CLOSED);
            };
        }

        @Override
        public boolean select(BreakerId breaker) {
            return false;
        }

        @Override
        public boolean trip(BreakerId breaker) {
            return false;
        }

        @Override
        public boolean answers(DeviceId device) {
            return true;
        }
    }

    private static String siteText() {
        try {
            return Files.readString(Path.of("src/main/sites/two-rooms/site.yaml"));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Map<ProfileId, Profile> profiles(String top, String points) {
        var profiles = new LinkedHashMap<>(ShippedProfiles.all());
        String text =
                "profile: pt495-hydrogen\ntitle: t\nsource: s\n%s\npoints:\n%s\n"
                        .formatted(top, points);
        Profile profile = ProfileFile.parse("p.yaml", text).orElseThrow();
        profiles.put(profile.id(), profile);
        return profiles;
    }

    /** What an agent that speaks to the simulated gateway reads of the first hydrogen sensor. */
    private static Reading read(Map<ProfileId, Profile> profiles, Truth truth, String point) {
        Site site = SiteFile.parse("site.yaml", SITE, profiles).orElseThrow();
        SimulatedGateway gateway =
                Site.known(
                        Serving.gateways(site, profiles, truth, UnaryOperator.identity()), GATEWAY);
        return Site.known(
                AgentLink.readings(site, profiles, GATEWAY, AgentLink.Peer.of(gateway)),
                new SignalId("A1-hydrogen1." + point));
    }

    @ParameterizedTest
    @EnumSource(Profile.Raw.class)
    void aNumberOfAnyTypeIsTheSameInEveryOrder(Profile.Raw raw) {
        String as = raw.name().toLowerCase(Locale.ROOT);
        String scale = raw.isFloating() ? "1" : "0.01";
        for (Profile.Order order : Profile.Order.values()) {
            long seed = (as + order).hashCode();
            double hydrogen = new SplittableRandom(seed).nextDouble(0, 99.99);
            Map<ProfileId, Profile> profiles =
                    profiles(
                            "order: " + order,
                            "  - {name: gas, at: 7, as: %s, scale: %s, role: room.hydrogen}"
                                    .formatted(as, scale));

            Reading reading = read(profiles, new Facts(hydrogen, false), "gas");
            var measured = assertInstanceOf(Reading.Measured.class, reading, "seed " + seed);
            var quantity = assertInstanceOf(Value.Quantity.class, measured.value());
            assertEquals(hydrogen, quantity.number(), 0.00501, order + ", seed " + seed);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "as: s16, fraction: 7                    | 12.34 | 12.34375",
                "as: s16, fraction: 7, offset: -40       | 12.34 | 12.34375",
                "as: u32, bits: [10, 23], scale: 0.01, order: CDAB | 12.34 | 12.34",
                "as: u16, scale: 0.01, none: 1234        | 12.34 | 12.35",
                "'as: u16, values: {0: 1, 12.34: 7, 50: [2, 3]}' | 12.34 | 12.34"
            })
    void aNumberComesBackAsNearAsItsRegistersHoldIt(String as, double hydrogen, double expected) {
        Map<ProfileId, Profile> profiles =
                profiles("", "  - {name: gas, at: 7, %s, role: room.hydrogen}".formatted(as));

        Reading reading = read(profiles, new Facts(hydrogen, false), "gas");
        var measured = assertInstanceOf(Reading.Measured.class, reading, reading::toString);
        assertEquals(new Value.Quantity(expected), measured.value());
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aListedFlagComesBackAndWhatHasNoCodeIsNoValue(boolean isSmoky) {
        Map<ProfileId, Profile> profiles =
                profiles(
                        "",
                        """
                          - {name: gas, at: 7, as: u16, values: {0: 1, 50: 2}, role: room.hydrogen}
                          - {name: smoke, at: 9, bits: [4, 7], values: {true: [9, 11], false: 6}, role: room.smokeFire}""");

        var facts = new Facts(12.34, isSmoky);
        var smoke = assertInstanceOf(Reading.Measured.class, read(profiles, facts, "smoke"));
        assertEquals(new Value.Flag(isSmoky), smoke.value());
        Reading gas = read(profiles, facts, "gas");
        var invalid = assertInstanceOf(Reading.Invalid.class, gas, gas::toString);
        assertTrue(invalid.reason().startsWith("0 is none of the values"), invalid.reason());
    }
}
