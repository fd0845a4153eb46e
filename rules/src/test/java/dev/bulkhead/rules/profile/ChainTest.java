package dev.bulkhead.rules.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.bulkhead.rules.profile.Chain.Fit;
import dev.bulkhead.rules.profile.Chain.Header;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A map with model 1 at 40002, and 64001 at 40070 with a count, two more, and items of two. */
class ChainTest {
    private static final Profile PROFILE =
            profile("  - {id: 64001, at: 40070, length: 3, each: 2, count: n}");

    private static Profile profile(String model) {
        return ProfileFile.parse(
                        "p.yaml",
                        """
                        profile: p
                        title: t
                        source: s
                        mostRegisters: 8
                        models:
                          - {id: 1, at: 40002, length: [66, 65]}
                        %s
                        points:
                          - {name: n, at: 40072, as: u16}
                        groups:
                          - {name: item, count: 9, stride: 2, points: [{name: v, at: 40076, as: u16}]}
                        """
                                .formatted(model))
                .orElseThrow();
    }

    private static Profile fits(Profile profile, Set<String> wanted, Header... headers) {
        return assertInstanceOf(Fit.Fits.class, new Chain(List.of(headers)).fit(profile, wanted))
                .profile();
    }

    private static String misfit(Profile profile, Header... headers) {
        return assertInstanceOf(
                        Fit.Misfit.class, new Chain(List.of(headers)).fit(profile, Set.of()))
                .reason();
    }

    private static Header common(int address) {
        return new Header(1, address, 66);
    }

    @Test
    void aModelIsReadWhereTheDeviceHasItAndNoFurtherThanItGoes() {
        Profile profile =
                fits(
                        PROFILE,
                        Set.of("item[9].v"),
                        new Header(64999, 50002, 7),
                        common(50011),
                        new Header(64001, 50079, 3 + 2 * 3));

        assertEquals(
                List.of(
                        new Block(Table.HOLDING, 50079, 7, Rate.FAST),
                        new Block(Table.HOLDING, 50087, 3, Rate.FAST),
                        new Block(Table.HOLDING, 50011, 2, Rate.ONCE)),
                profile.blocks());
        assertEquals(50081, profile.points().getFirst().address());
        assertEquals(3, profile.groups().getFirst().count());
        assertEquals(50085, profile.groups().getFirst().points().getFirst().address());
        assertEquals(
                List.of(
                        "model 1 L = 66",
                        "model 64001 L = 9",
                        "n = 3",
                        "model 1 ID = 1",
                        "model 64001 ID = 64001"),
                profile.identities().stream()
                        .map(each -> each.point() + " = " + each.expected().orElseThrow())
                        .toList());
    }

    @Test
    void asWrittenIsWhatADeviceLikeTheFileGives() {
        Set<String> wanted = Set.of("item[2].v", "item[5].v");
        Profile written = Chain.asWritten(PROFILE, wanted);

        assertEquals(
                written.blocks(),
                fits(PROFILE, wanted, common(40002), new Header(64001, 40070, 3 + 2 * 5)).blocks());
        assertEquals(5, written.groups().getFirst().count());
    }

    @Test
    void whatTheSiteHasNoUseForIsNotReadAndSaid() {
        var chain = new Chain(List.of(common(40002), new Header(64001, 40070, 3 + 2 * 7)));
        var fits = assertInstanceOf(Fit.Fits.class, chain.fit(PROFILE, Set.of("item[4].v")));

        assertEquals(4, fits.profile().groups().getFirst().count());
        assertEquals(
                List.of("it has 7 of 'item'; the site has 4, and the others are not read"),
                fits.ignored());
    }

    @Test
    void aModelThatIsMissingTwiceOrOfAnotherLengthIsAReason() {
        assertEquals(
                "it has no model 64001; its chain is 1 at 40002", misfit(PROFILE, common(40002)));
        assertEquals(
                "it has model 1 2 times, and the register map doesn't say which;"
                        + " its chain is 1 at 40002, 1 at 40070, 64001 at 40138",
                misfit(PROFILE, common(40002), common(40070), new Header(64001, 40138, 5)));
        assertEquals(
                "model 64001 at 40070: L is 6; expected 3 and 2 for each item",
                misfit(PROFILE, common(40002), new Header(64001, 40070, 6)));
        assertEquals(
                "model 64001 at 40070: L is 2; expected 3 and 2 for each item",
                misfit(PROFILE, common(40002), new Header(64001, 40070, 2)));
        assertEquals(
                "model 1 at 40002: L is 64; expected 66 or 65",
                misfit(PROFILE, new Header(1, 40002, 64), new Header(64001, 40068, 3)));
    }

    @Test
    void oneOfSeveralIsTakenByItsNumber() {
        Profile second =
                profile("  - {id: 64001, nth: 2, at: 40070, length: 3, each: 2, count: n}");
        Profile profile =
                fits(
                        second,
                        Set.of(),
                        common(40002),
                        new Header(64001, 40070, 5),
                        new Header(64001, 40077, 3));

        assertEquals(40079, profile.points().getFirst().address());
        assertEquals(
                "it has no model 64001 no. 2; its chain is 1 at 40002, 64001 at 40070",
                misfit(second, common(40002), new Header(64001, 40070, 5)));
    }
}
