package dev.bulkhead.rules.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProfileFileTest {
    static List<String> files() {
        return TestSites.profileFiles();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aShippedRegisterMapHasNoMistake(String file) {
        var parsed = ProfileFile.parse(file, TestSites.profileText(file));

        assertEquals(List.of(), parsed.lines());
        assertEquals(file, parsed.orElseThrow().id() + ".yaml");
        assertTrue(TestSites.profileText(file).startsWith("# "), "says where it is from");
    }

    @Test
    void theIndexListsEveryRegisterMap() throws IOException {
        Path folder =
                TestSites.root().resolve("rules/src/main/resources/dev/bulkhead/rules/profiles");
        try (var files = Files.list(folder)) {
            List<String> there =
                    files.map(file -> file.getFileName().toString())
                            .filter(file -> file.endsWith(".yaml"))
                            .sorted()
                            .toList();
            assertEquals(there, files());
        }
    }

    @Test
    void aStringIsReadAsSunSpecLaysItOut() {
        Profile profile = profile("sunspec-string-17x8");

        assertEquals(40_070 + 2 + 318, end(profile));
        assertEquals(40_075, point(profile, Role.RACK_CONTACTOR_CLOSED).address());
        assertEquals(40_070 + 13, point(profile, Role.RACK_CURRENT).address());
        assertEquals(
                new Encoding.Numeric(
                        Profile.Raw.S16, 1, 0, Optional.of("ModTmp_SF"), Set.of(-32_768L)),
                point(profile, Role.RACK_TEMPERATURE_MAX).encoding());
        Profile.Group modules = profile.groups().getFirst();
        assertEquals(17, modules.count());
        for (Profile.Block block : profile.blocks()) {
            if (block.rate() == Rate.SLOW) {
                assertEquals(0, (block.address() - 40_118) % 16, "no block splits a module");
                assertEquals(0, block.count() % 16, "no block splits a module");
            }
        }
    }

    /** 40000 is where SunSpec begins; the fixed parts of 802 and 803 follow model 1. */
    @Test
    void aBankIsReadAsSunSpecLaysItOut() {
        Profile profile = profile("sunspec-bank-8");

        assertEquals(40_070 + 34, point(profile, Role.BANK_VOLTAGE).address());
        assertEquals(40_070 + 44, point(profile, Role.BANK_CURRENT).address());
        assertEquals(40_070 + 11, point(profile, Role.BANK_STATE_OF_CHARGE).address());
        assertEquals(40_070 + 18, point(profile, Role.BANK_HEARTBEAT).address());
        assertEquals(40_134 + 3, point(profile, Role.BANK_STRINGS_CONNECTED).address());
        assertEquals(40_134 + 4, point(profile, Role.BANK_TEMPERATURE_MAX).address());
    }

    @Test
    void everyPointThatVotesProvesOrInterlocksIsFast() {
        for (Profile profile : TestSites.profiles().values()) {
            for (Point point : profile.points()) {
                if (point.role().isPresent()) {
                    assertTrue(
                            profile.blocks().stream()
                                    .anyMatch(
                                            block ->
                                                    block.rate() == Rate.FAST
                                                            && block.covers(
                                                                    point.table(),
                                                                    point.address(),
                                                                    point.encoding().length())),
                            profile.id() + " " + point.name());
                }
            }
        }
    }

    @Test
    void allMistakesOfARegisterMapAreFoundAtOnce() {
        String text =
                """
                profile: odd
                title: Odd
                blocks:
                  - {at: 0, count: 126, rate: fast}
                  - {at: 100, count: 10, rate: sometimes}
                  - {table: discrete, at: 0, count: 2001, rate: slow}
                points:
                  - {name: a, at: 200, as: u16}
                  - {name: a, at: 100, as: u17}
                  - {name: b, at: 109, as: u32, role: rack.voltage}
                  - {name: c, at: 101, bit: 16, role: rack.voltage}
                  - {name: d, at: 101, as: u16, role: rack.voltagee}
                  - {name: e, at: 101, as: u16, factor: g, none: 0x10000}
                  - {name: f, at: 101, contacts: [1, 1], role: breaker.position}
                  - {name: g, at: 102, as: s16, scale: 0.1}
                  - {name: h, at: 102, as: s16, factor: gg}
                  - {name: i, at: 103, as: text, registers: 2}
                  - {name: j, table: discrete, at: 0, as: u16}
                  - {name: k, at: 103, as: loop, role: room.lfl}
                groups:
                  - name: module
                    count: 4
                    stride: 3
                    points:
                      - {name: x, at: 101, as: u16}
                      - {name: x, at: 100, as: u16}
                    outputs:
                      - {name: trip, at: 65535}
                      - {name: trip, at: 0}
                identity:
                  - {point: i, is: SunSpec}
                  - {point: zz, is: 1}
                  - {point: g, is: x}
                  - {point: k}
                flavour: none
                """;

        assertEquals(
                """
                odd.yaml:1:1: 'source' is missing
                odd.yaml:4:20: count is 126; expected 1 to 125
                odd.yaml:5:32: rate is 'sometimes'; expected one of fast, slow, once
                odd.yaml:6:37: count is 2001; expected 1 to 2000
                odd.yaml:8:19: point 'a' is in no block
                odd.yaml:9:12: there is already a point 'a'
                odd.yaml:9:28: as is 'u17'; expected one of u16, s16, u32, s32, f32, loop, text
                odd.yaml:10:19: point 'b' is in no block
                odd.yaml:11:29: bit is 16; expected 0 to 15
                odd.yaml:11:39: rack.voltage is a number; this point is not
                odd.yaml:12:39: there is no role 'rack.voltagee'; did you mean 'rack.voltage'?
                odd.yaml:13:41: point 'g' is no plain whole number
                odd.yaml:13:50: none is 0x10000; expected 0 to 65535
                odd.yaml:14:34: 52a and 52b are both bit 1
                odd.yaml:14:48: a role of another thing than those before it
                odd.yaml:16:41: there is no point 'gg'; did you mean 'g'?
                odd.yaml:18:5: 'bit' is missing; a table of bits has nothing else
                odd.yaml:18:39: unknown key 'as'; did you mean 'at'?
                odd.yaml:19:40: room.lfl is a number; this point is not
                odd.yaml:19:40: a role of another thing than those before it
                odd.yaml:25:23: point 'x' of item 4 is in no block
                odd.yaml:26:16: there is already a point 'x'
                odd.yaml:28:26: the last item's coil is past address 65535
                odd.yaml:29:16: there is already an output 'trip'
                odd.yaml:31:20: point 'i' proves a device by a text of up to 4 characters
                odd.yaml:32:13: there is no point 'zz'
                odd.yaml:33:20: point 'g' proves a device by a whole number
                odd.yaml:34:5: point 'k' proves a device by a number, a bit or a text
                odd.yaml:35:1: unknown key 'flavour'
                """,
                String.join("\n", ProfileFile.parse("odd.yaml", text).lines()) + "\n");
    }

    @Test
    void aFileThatIsNoYamlSaysWhere() {
        Document.Parsed<Profile> parsed = ProfileFile.parse("broken.yaml", "profile: x\n- y\n");

        assertEquals(1, parsed.problems().size());
        assertEquals(2, parsed.problems().getFirst().line());
    }

    private static Profile profile(String id) {
        return Site.known(TestSites.profiles(), new ProfileId(id));
    }

    private static Point point(Profile profile, Role role) {
        return profile.points().stream()
                .filter(point -> point.role().equals(Optional.of(role)))
                .findFirst()
                .orElseThrow();
    }

    private static int end(Profile profile) {
        return profile.blocks().stream()
                .mapToInt(block -> block.address() + block.count())
                .max()
                .orElseThrow();
    }
}
