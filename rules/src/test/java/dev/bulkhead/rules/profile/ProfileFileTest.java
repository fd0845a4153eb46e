package dev.bulkhead.rules.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        Profile profile = profile("sunspec-string");

        assertEquals(40_075, point(profile, Role.RACK_CONTACTOR_CLOSED).address());
        assertEquals(40_070 + 13, point(profile, Role.RACK_CURRENT).address());
        assertEquals(
                new Encoding.Numeric(
                        new Profile.Stored(
                                Profile.Raw.S16,
                                Profile.Order.ABCD,
                                Optional.empty(),
                                Set.of(0x8000L)),
                        new Profile.Scaling(1, 0, 0, Optional.of("ModTmp_SF")),
                        Optional.empty()),
                point(profile, Role.RACK_TEMPERATURE_MAX).encoding());
        Profile.Group modules = profile.groups().getFirst();
        assertEquals(70, modules.count());
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
        Profile profile = profile("sunspec-bank");

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
                heartbeat: {point: i, within: 0 s}
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
                odd.yaml:9:28: as is 'u17'; expected one of u16, s16, u32, s32, u64, s64, f32, f64, bcd16, bcd32, loop, text; did you mean 'u16'?
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
                odd.yaml:31:20: point 'i' proves a device by a text of up to 4 characters; 'is' is 'SunSpec'
                odd.yaml:32:13: there is no point 'zz'
                odd.yaml:33:20: point 'g' proves a device by a whole number; 'is' is 'x'
                odd.yaml:34:5: point 'k' proves a device by a number, a bit or a text
                odd.yaml:35:20: a heartbeat is a number; 'i' is not
                odd.yaml:35:31: expected more than 0 s
                odd.yaml:36:1: unknown key 'flavour'
                """,
                String.join("\n", ProfileFile.parse("odd.yaml", text).lines()) + "\n");
    }

    /** But in a text, where 0x12 is four characters. */
    @Test
    void anIdentityIsWrittenInHexadecimalToo() {
        Profile profile =
                ProfileFile.parse(
                                "hex.yaml",
                                """
                                profile: hex
                                title: t
                                source: s
                                points:
                                  - {name: a, at: 0, as: u16}
                                  - {name: b, at: 1, as: text, registers: 2}
                                  - {name: c, at: 3, as: u64}
                                identity:
                                  - {point: a, is: 0x1234}
                                  - {point: b, is: "0x12"}
                                  - {point: c, is: 0xFFFFFFFFFFFFFFFF}
                                """)
                        .orElseThrow();
        assertEquals(
                List.of("4660", "0x12", "18446744073709551615"),
                profile.identities().stream().map(it -> it.expected().orElseThrow()).toList());
    }

    @Test
    void allMistakesOfEncodingsAreFoundAtOnce() {
        String text =
                """
                profile: odd
                title: Odd
                source: s
                order: ABDC
                none: {u16: 0x10000, u8: 0}
                blocks: [{at: 0, count: 100, rate: fast}]
                points:
                  - {name: a, at: 0, as: u16, order: abcd}
                  - {name: b, at: 0, as: s16, bits: [0, 3]}
                  - {name: c, at: 0, bits: [4, 16]}
                  - {name: d, at: 0, as: u32, bits: [7, 4]}
                  - {name: e, at: 0, bits: [4, 7], none: 16}
                  - {name: f, at: 0, as: u16, fraction: 64}
                  - {name: g, at: 0, as: u16, range: [60, 0]}
                  - {name: h, at: 0, as: u16, range: 60}
                  - {name: i, at: 0, as: u16, values: {true: 1}}
                  - {name: j, at: 0, as: u16, values: {open: 1, closed: 1}}
                  - {name: k, at: 0, as: u16, values: {closd: 1, open: 2}}
                  - {name: l, at: 0, as: u16, values: {1: 1, true: 2}}
                  - {name: m, at: 0, as: f32, values: {true: 1, false: 2}}
                  - {name: n, at: 0, as: u16, values: {true: 1, false: 65536}, scale: 2}
                  - {name: o, at: 0, as: u16, values: {true: 1, false: 2}, role: rack.voltage}
                  - {name: p, at: 0, as: u64, none: 0x1FFFFFFFFFFFFFFFF}
                  - {name: q, at: 0, as: u16, rang: [0, 1]}
                """;

        assertEquals(
                """
                odd.yaml:4:8: order is 'ABDC'; expected one of ABCD, CDAB, BADC, DCBA
                odd.yaml:5:13: u16 is 0x10000; expected 0 to 65535
                odd.yaml:5:22: unknown key 'u8'
                odd.yaml:8:38: order is 'abcd'; expected one of ABCD, CDAB, BADC, DCBA
                odd.yaml:9:37: only u16, u32 and u64 have bits to take out; this is s16
                odd.yaml:10:28: bits are named lowest first
                odd.yaml:10:32: bits is 16; expected 0 to 15
                odd.yaml:11:37: bits are named lowest first
                odd.yaml:12:42: none is 16; expected 0 to 15
                odd.yaml:13:41: fraction is 64; expected 0 to 63
                odd.yaml:14:38: range is empty; expected the lowest value first
                odd.yaml:15:38: range is '60'; a list was expected
                odd.yaml:16:39: 'false' is missing; so it could never be
                odd.yaml:17:39: 'closed' is missing; so it could never be
                odd.yaml:17:57: raw value 1 is listed twice
                odd.yaml:18:39: 'closed' is missing; so it could never be
                odd.yaml:18:47: 'closd' is no number, and none of true, false, open, closed, moving, bad; did you mean 'closed'?
                odd.yaml:19:39: values are all of one kind: true and false, positions, or numbers
                odd.yaml:20:39: values are listed of whole numbers; this is f32
                odd.yaml:21:56: false is 65536; expected 0 to 65535
                odd.yaml:21:56: raw value 0 means 'no value' by 'none', so it can mean nothing else
                odd.yaml:21:64: unknown key 'scale'
                odd.yaml:22:66: rack.voltage is a number; this point is not
                odd.yaml:23:37: none is '0x1FFFFFFFFFFFFFFFF'; a whole number was expected
                odd.yaml:24:31: unknown key 'rang'; did you mean 'range'?
                """,
                String.join("\n", ProfileFile.parse("odd.yaml", text).lines()) + "\n");
    }

    @Test
    void whatAMapWasHeldAgainstIsOneOfFiveOrNotSaid() {
        String text = "profile: p\ntitle: t\nsource: s\n";

        assertEquals(
                Optional.empty(),
                ProfileFile.parse("p.yaml", text).orElseThrow().source().verified());
        assertEquals(
                Optional.of(Profile.Verified.PEER),
                ProfileFile.parse("p.yaml", text + "verified: peer\n")
                        .orElseThrow()
                        .source()
                        .verified());
        assertEquals(
                List.of(
                        "p.yaml:4:11: verified is 'yes'; expected one of device, peer, document, derived, assumed"),
                ProfileFile.parse("p.yaml", text + "verified: yes\n").lines());
    }

    @Test
    void aDefaultOfTheTopHoldsForWhatSaysNothing() {
        String text =
                """
                profile: p
                title: t
                source: s
                order: CDAB
                none: {u16: 0xFFFF}
                blocks: [{at: 0, count: 9, rate: fast}]
                points:
                  - {name: a, at: 0, as: u16}
                  - {name: b, at: 1, as: u16, order: ABCD, none: []}
                  - {name: c, at: 2, as: u32}
                  - {name: d, at: 4, as: text, registers: 2}
                """;
        List<Point> points = ProfileFile.parse("p.yaml", text).orElseThrow().points();

        assertEquals(
                List.of(
                        numeric(Profile.Raw.U16, Profile.Order.CDAB, 0xFFFFL),
                        numeric(Profile.Raw.U16, Profile.Order.ABCD),
                        numeric(Profile.Raw.U32, Profile.Order.CDAB),
                        new Encoding.Text(2, Profile.Order.CDAB)),
                points.stream().map(Point::encoding).toList());
    }

    private static Encoding numeric(Profile.Raw raw, Profile.Order order, Long... sentinels) {
        return new Encoding.Numeric(
                new Profile.Stored(raw, order, Optional.empty(), Set.of(sentinels)),
                Profile.Scaling.NONE,
                Optional.empty());
    }

    @Test
    void bytesExchangedForAllAreRefusedWhereBitsWouldBeOtherBits() {
        String text =
                """
                profile: p
                title: t
                source: s
                order: BADC
                blocks: [{at: 0, count: 9, rate: fast}]
                points:
                  - {name: a, at: 0, bit: 1}
                  - {name: b, at: 1, contacts: [0, 1]}
                  - {name: c, at: 2, as: loop}
                """;

        assertEquals(3, ProfileFile.parse("p.yaml", text).problems().size());
        assertEquals(
                "p.yaml:7:5: a bit is read with its high byte first; say order BADC at the points that have it, not at the top",
                ProfileFile.parse("p.yaml", text).lines().getFirst());
    }

    @Test
    void aBreakerWithOutputsTellsItsPositionByContacts() {
        String text =
                """
                profile: p
                title: t
                source: s
                blocks: [{at: 0, count: 9, rate: fast}]
                groups:
                  - name: breaker
                    count: 2
                    stride: 1
                    points:
                      - {name: position, at: 0, as: u16, values: {open: 1, closed: 2}, role: breaker.position}
                    outputs: [{name: trip, at: 1}]
                """;

        assertEquals(
                List.of("p.yaml:10:50: a breaker with outputs tells its position by contacts"),
                ProfileFile.parse("p.yaml", text).lines());
    }

    /** Java reads each of them as a number, and not as the one that was meant. */
    @ParameterizedTest
    @ValueSource(strings = {"10d", "40f", "0x-5", "0x+5", "0x\uFF11", "0x1p3", "NaN"})
    void whatIsANumberToJavaOnlyIsAMistake(String at) {
        String text =
                "profile: odd\ntitle: t\nsource: s\npoints: [{name: V, at: %s, as: u16, none: %s}]"
                        .formatted(at, at);
        List<String> lines = ProfileFile.parse("p.yaml", text).lines();

        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.getFirst().endsWith("a number was expected"), lines::toString);
        assertTrue(lines.getLast().endsWith("a whole number was expected"), lines::toString);
    }

    /** A gateway that goes on answering for a dead device would never be found out. */
    @Test
    void aHeartbeatThatIsReadOnceIsAMistake() {
        String text =
                """
                profile: odd
                title: t
                source: s
                points: [{name: Hb, at: 5, as: u16, rate: once}]
                heartbeat: {point: Hb, within: 10 s}
                """;

        assertEquals(
                List.of("p.yaml:5:12: heartbeat 'Hb' is read once; expected fast or slow"),
                ProfileFile.parse("p.yaml", text).lines());
    }

    @Test
    void aModelBeginsWhereItsHeaderHasRoom() {
        String text =
                """
                profile: odd
                title: t
                source: s
                models: [{id: 1, at: 65535, length: 1}]
                """;

        assertEquals(
                List.of("p.yaml:4:22: at is 65535; expected 0 to 65533"),
                ProfileFile.parse("p.yaml", text).lines());
    }

    @Test
    void whatTwoItemsOfAGroupShareIsAMistake() {
        String text =
                """
                profile: odd
                title: t
                source: s
                groups:
                  - name: module
                    count: 3
                    stride: 1
                    points: [{name: V, at: 100, as: u32, role: module.cellVoltageMin}]
                  - name: breaker
                    count: 2
                    stride: 1
                    coilStride: 1
                    points: [{name: position, at: 0, contacts: [0, 1], role: breaker.position}]
                    outputs: [{name: select, at: 0}, {name: trip, at: 1}]
                  - name: shutter
                    count: 1
                    stride: 1
                    points: [{name: position, at: 9, contacts: [0, 1], role: breaker.position}]
                    outputs: [{name: trip, at: 0}]
                """;

        assertEquals(
                List.of(
                        "p.yaml:8:28: point 'V' takes 2 registers, and the next item's stands 1 further",
                        "p.yaml:14:14: coil 1 is breaker[1].trip and breaker[2].select",
                        "p.yaml:19:14: coil 0 is breaker[1].select and shutter[1].trip"),
                ProfileFile.parse("p.yaml", text).lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {"analog-8", "breaker-panel", "contact-panel-32"})
    void withoutItsBlocksAShippedRegisterMapIsReadAsByHand(String id) {
        assertEquals(profile(id).blocks(), withoutBlocks(id).blocks());
    }

    @ParameterizedTest
    @ValueSource(strings = {"e3point-lfl", "faast-smoke", "pt495-hydrogen", "socomec-ups"})
    void withoutItsBlocksWhatVotesProvesOrInterlocksIsFast(String id) {
        Profile planned = withoutBlocks(id);
        for (Point point : planned.points()) {
            assertTrue(
                    planned.blocks().stream()
                            .filter(block -> point.role().isEmpty() || block.rate() == Rate.FAST)
                            .anyMatch(block -> point.extent().isIn(block)),
                    point.name());
        }
    }

    private static Profile withoutBlocks(String id) {
        String text = TestSites.profileText(id + ".yaml");
        int begin = text.indexOf("blocks:");
        int end = text.indexOf("\n\n", begin);
        return ProfileFile.parse(id, text.substring(0, begin) + text.substring(end)).orElseThrow();
    }

    @Test
    void aPlanReadsTogetherWhatBelongsTogetherAndAroundTheRest() {
        String text =
                """
                profile: p
                title: t
                source: s
                mostRegisters: 26
                unreadable: [{at: 62, count: 1}]
                points:
                  - {name: V, at: 0, as: u16, factor: SF, role: rack.voltage}
                  - {name: SF, at: 20, as: s16}                                 # as fast as V, with V
                  - {name: T, at: 32, as: s16, role: rack.temperatureMax}       # 11 further on
                  - {name: S, at: 43, as: s16, role: rack.stateOfCharge}        # 10 further on
                  - {name: energy, at: 50, as: u32, rate: slow}
                  - {name: spare, at: 61, as: u16, rate: slow}
                  - {name: after, at: 63, as: u16, rate: slow}
                  - {name: between, at: 38, as: u16, rate: slow}                # read anyway
                  - {name: high, at: 70, as: u16, rate: slow, atomic: count}
                  - {name: low, at: 85, as: u16, rate: slow, atomic: count}
                  - {name: model, at: 200, as: text, registers: 26}
                  - {name: alarm, table: discrete, at: 7, bit: 0}
                  - {name: fault, table: discrete, at: 168, bit: 0}
                  - {name: door, table: discrete, at: 330, bit: 0}
                groups:
                  - name: module
                    count: 3
                    stride: 20
                    points:
                      - {name: V, at: 300, as: u16, role: module.cellVoltageMin}
                      - {name: serial, at: 301, as: text, registers: 2}
                """;
        List<Block> blocks = ProfileFile.parse("p.yaml", text).orElseThrow().blocks();

        assertEquals(
                List.of(
                        new Block(Table.DISCRETE, 7, 162, Rate.FAST),
                        new Block(Table.DISCRETE, 330, 1, Rate.FAST),
                        new Block(Table.HOLDING, 0, 21, Rate.FAST),
                        new Block(Table.HOLDING, 32, 12, Rate.FAST),
                        new Block(Table.HOLDING, 300, 1, Rate.FAST),
                        new Block(Table.HOLDING, 320, 1, Rate.FAST),
                        new Block(Table.HOLDING, 340, 1, Rate.FAST),
                        new Block(Table.HOLDING, 50, 12, Rate.SLOW),
                        new Block(Table.HOLDING, 63, 23, Rate.SLOW),
                        new Block(Table.HOLDING, 200, 26, Rate.ONCE),
                        new Block(Table.HOLDING, 301, 2, Rate.ONCE),
                        new Block(Table.HOLDING, 321, 2, Rate.ONCE),
                        new Block(Table.HOLDING, 341, 2, Rate.ONCE)),
                blocks);
    }

    @Test
    void noRequestReadsTwoModelsAndEachModelShowsItselfAsOftenAsItIsRead() {
        String text =
                """
                profile: p
                title: t
                source: s
                models:
                  - {id: 1, at: 40002, length: [66, 65]}
                  - {id: 64001, nth: 2, at: 40070, length: 3, each: 2, count: n}
                  - {id: 64002, at: 40080, length: 5}
                points:
                  - {name: serial, at: 40052, as: text, registers: 16}
                  - {name: n, at: 40072, as: u16}
                  - {name: a, at: 40083, as: u16, rate: slow}
                groups:
                  - {name: item, count: 2, stride: 2, points: [{name: v, at: 40075, as: u16}]}
                """;
        Profile profile = ProfileFile.parse("p.yaml", text).orElseThrow();

        assertEquals(
                List.of(
                        new Block(Table.HOLDING, 40070, 8, Rate.FAST),
                        new Block(Table.HOLDING, 40080, 4, Rate.SLOW),
                        new Block(Table.HOLDING, 40002, 2, Rate.ONCE),
                        new Block(Table.HOLDING, 40052, 16, Rate.ONCE)),
                profile.blocks());
        assertEquals(
                List.of("model 1 ID = 1", "model 64001 no. 2 ID = 64001", "model 64002 ID = 64002"),
                profile.identities().stream()
                        .map(each -> each.point() + " = " + each.expected().orElseThrow())
                        .toList());
    }

    @Test
    void allMistakesOfModelsAreFoundAtOnce() {
        String text =
                """
                profile: odd
                title: Odd
                source: s
                models:
                  - {id: 1, at: 40002}
                  - {id: 65535, at: 40010, length: 4}
                  - {id: 804, at: 40020, length: [10, 11], each: 4, count: n}
                  - {id: 805, at: 40040, length: 4, each: 4}
                  - {id: 804, at: 40030, length: 4}
                  - {id: 806, at: 40060, length: 4, each: 4, count: m}
                  - {id: 807, at: 40070, length: 4, each: 4, count: wide}
                points:
                  - {name: before, at: 39999, as: u16}
                  - {name: wide, at: 40072, as: u16, scale: 0.1}
                  - {name: late, at: 40015, as: u32}
                  - {name: input, table: input, at: 40012, as: u16}
                groups:
                  - {name: item, count: 3, stride: 5, points: [{name: v, at: 40066, as: u16}]}
                  - {name: part, count: 3, stride: 4, points: [{name: w, at: 40079, as: u32}]}
                """;

        assertEquals(
                """
                odd.yaml:5:5: 'length' is missing; expected what the model's L is
                odd.yaml:6:10: id is 65535; expected 1 to 65534
                odd.yaml:6:10: there is already a model 1
                odd.yaml:7:5: what repeats has one 'length' before it, an 'each' and a 'count'
                odd.yaml:7:19: it ends after model 804 begins
                odd.yaml:7:60: there is no point 'n'
                odd.yaml:8:5: what repeats has one 'length' before it, an 'each' and a 'count'
                odd.yaml:8:19: it ends after model 804 begins
                odd.yaml:9:10: there is already a model 804
                odd.yaml:9:19: models are listed by their addresses
                odd.yaml:10:19: it ends after model 807 begins
                odd.yaml:10:43: each is 4; the stride of 'item' is 5
                odd.yaml:10:53: there is no point 'm'
                odd.yaml:11:53: point 'wide' is no plain whole number of model 807
                odd.yaml:13:24: point 'before' is not in a model's fixed part
                odd.yaml:15:22: point 'late' is not in a model's fixed part
                odd.yaml:16:37: point 'input' is not in a model's fixed part
                odd.yaml:19:62: point 'w' is not in what repeats in a model
                """,
                String.join("\n", ProfileFile.parse("odd.yaml", text).lines()) + "\n");
    }

    @Test
    void whatNoPlanCanReadIsSaidWhereItStands() {
        String text =
                """
                profile: odd
                title: Odd
                source: s
                mostRegisters: 20
                mostBits: 3000
                bridge: -1
                unreadable: [{at: 5, count: 2}, {table: coils, at: 0}]
                points:
                  - {name: a, at: 4, as: u32}
                  - {name: V, at: 10, as: u16, factor: SF, role: rack.voltage}
                  - {name: SF, at: 40, as: s16}
                  - {name: x, at: 50, as: u16, atomic: x}
                  - {name: y, table: input, at: 51, as: u16, atomic: x}
                  - {name: z, at: 60, as: u16, rate: often}
                """;

        assertEquals(
                """
                odd.yaml:5:11: mostBits is 3000; expected 1 to 2000
                odd.yaml:6:9: bridge is -1; expected 0 to 125
                odd.yaml:7:41: table is 'coils'; expected one of coil, discrete, holding, input; did you mean 'coil'?
                odd.yaml:9:19: holding 4 to 5 must be read in one request, and some of it is unreadable
                odd.yaml:10:19: holding 10 to 40 must be read in one request, which takes at most 20; 'rate: once' at a scale factor sets it apart
                odd.yaml:12:40: 'x' and 'y' are in different tables, which no request reads together
                odd.yaml:14:38: rate is 'often'; expected one of fast, slow, once
                """,
                String.join("\n", ProfileFile.parse("odd.yaml", text).lines()) + "\n");
    }

    @Test
    void aValueIsReadWithItsScaleFactorHoweverOftenEachIsAskedFor() {
        String text =
                """
                profile: p
                title: t
                source: s
                points:
                  - {name: fast, at: 0, as: u16, factor: SF}
                  - {name: slow, at: 40, as: u16, factor: SF, rate: slow}
                  - {name: SF, at: 20, as: s16}
                  - {name: other, at: 60, as: u16, factor: K}
                  - {name: K, at: 90, as: u16, rate: slow}
                  - {name: free, at: 100, as: u16, factor: C}
                  - {name: C, at: 120, as: u16, rate: once}
                """;

        assertEquals(
                """
                0..40 fast
                60..100 fast
                120..120 once
                """,
                told(ProfileFile.parse("p", text).orElseThrow()));
    }

    private static String told(Profile profile) {
        return profile.blocks().stream()
                .map(
                        block ->
                                "%d..%d %s%n"
                                        .formatted(
                                                block.address(),
                                                block.address() + block.count() - 1,
                                                block.rate().name().toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining());
    }

    @Test
    void aBlockThatHasAValueWithoutItsScaleFactorIsNamed() {
        String text =
                """
                profile: odd
                title: Odd
                source: s
                blocks:
                  - {at: 0, count: 2, rate: fast}
                  - {at: 10, count: 1, rate: slow}
                  - {at: 20, count: 1, rate: once}
                points:
                  - {name: V, at: 0, as: u16, factor: SF}
                  - {name: W, at: 1, as: u16, factor: C}
                  - {name: SF, at: 10, as: s16}
                  - {name: C, at: 20, as: s16}
                """;

        assertEquals(
                List.of(
                        "odd.yaml:9:39: 'SF' is read apart from 'V', which it would scale wrongly after a change;"
                                + " read both in one block, or 'SF' in one of 'rate: once' if it never changes"),
                ProfileFile.parse("odd.yaml", text).lines());
    }

    @Test
    void aRequestThatIsRefusedIsNotDividedBetweenAValueAndItsScaleFactor() {
        String text =
                """
                profile: p
                title: t
                source: s
                blocks: [{at: 0, count: 10, rate: fast}]
                points:
                  - {name: V, at: 2, as: u16, factor: SF}
                  - {name: W, at: 4, as: u16}
                  - {name: SF, at: 6, as: s16}
                  - {name: X, at: 8, as: u16}
                """;

        assertEquals(
                List.of("holding 2 to 6", "holding 8"),
                ProfileFile.parse("p", text).orElseThrow().indivisible().stream()
                        .map(Object::toString)
                        .toList());
    }

    /** By the defaults at the top too, and however the bits are written. */
    @Test
    void whatMeansNoValueIsNotListedAsOne() {
        String text =
                """
                profile: odd
                title: Odd
                source: s
                none: {u16: 0xFFFF}
                blocks: [{at: 0, count: 2, rate: fast}]
                points:
                  - {name: a, at: 0, as: u16, values: {true: [1, 65535], false: 0}}
                  - {name: b, at: 1, as: s16, none: 0x8000, values: {true: 1, false: -32768}}
                """;

        assertEquals(
                List.of(
                        "odd.yaml:7:50: raw value 65535 means 'no value' by 'none', so it can mean nothing else",
                        "odd.yaml:8:70: raw value -32768 means 'no value' by 'none', so it can mean nothing else"),
                ProfileFile.parse("odd.yaml", text).lines());
    }

    @Test
    void blocksAndAPlanAreNotMixed() {
        String text =
                """
                profile: odd
                title: Odd
                source: s
                mostRegisters: 20
                bridge: 3
                unreadable: []
                blocks: [{at: 0, count: 20, rate: fast}, {at: 20, count: 21, rate: fast}]
                points:
                  - {name: a, at: 4, as: u32, rate: slow}
                  - {name: b, at: 5, as: u16, atomic: b}
                """;

        assertEquals(
                """
                odd.yaml:5:9: the blocks say what is read; leave out 'bridge' or them
                odd.yaml:6:13: the blocks say what is read; leave out 'unreadable' or them
                odd.yaml:7:58: count is 21; expected 1 to 20
                odd.yaml:9:37: the blocks say what is read; leave out 'rate' or them
                odd.yaml:10:39: the blocks say what is read; leave out 'atomic' or them
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

    /** A file that ends the agent with a stack of thousands of lines says nothing to its writer. */
    @Test
    void aFileNestedWithoutEndIsAMistakeAndNotACrash() {
        Document.Parsed<Profile> parsed = ProfileFile.parse("deep.yaml", "[".repeat(100_000));

        assertEquals(List.of("deep.yaml:1:1: nested too deeply; write it flat"), parsed.lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: \"\\u", "a: \"\\UFFFFFFFF\"", "a: \"\\x"})
    void aWrongEscapeIsAMistakeAndNotACrash(String text) {
        List<String> lines = ProfileFile.parse("escape.yaml", text).lines();

        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().startsWith("escape.yaml:1:"), lines::toString);
    }
}
