package dev.bulkhead.rules.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.signal.FakeBoard;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Strings of either kind of cells and of any length: from 48 V upwards. All breakers read open, one
 * of them falsely.
 */
final class ProvingPropertyTest {
    private static final Pattern CELLS = Pattern.compile("modules: 17, cellsPerModule: 8");
    private static final Instant WRITE = QuietDay.NOON.plusSeconds(60);
    private static final Instant READ = WRITE.plusSeconds(2);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aBusbarThatAStringIsOnIsNeverProvenDead(long seed) {
        var random = new SplittableRandom(seed);
        Site site = site(random);
        BatteryString string = oneOf(site.stringsIn(QuietDay.A1).toList(), random);
        double empty = string.emptyVolts();
        double volts = random.nextBoolean() ? empty : random.nextDouble(empty, string.fullVolts());

        Shown shown = look(site, string.busbar(), random.nextBoolean() ? volts : -volts);

        assertInstanceOf(Shown.Missing.class, shown, () -> string + " at " + volts + " V");
    }

    /** Else a transducer that always says the same would show a change. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noVoltageIsBothSeenLiveAndDead(long seed) {
        var random = new SplittableRandom(seed);
        Site site = site(random);
        var proving = new Proving(site);
        NodeId busbar = new NodeId("BB-A1-1");
        FakeBoard board = quiet(site);
        for (double volts = 0; volts < 80; volts += 0.5) {
            board.number(busbar, Role.BUSBAR_VOLTAGE, volts, QuietDay.NOON);
            boolean isSeenLive =
                    proving.seenLive(QuietDay.A1, board, QuietDay.NOON).contains(busbar);
            assertTrue(!isSeenLive || proving.isLive(busbar, volts), volts + " V");
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aBusbarWithNothingOnItIsProvenDead(long seed) {
        Site site = site(new SplittableRandom(seed));

        assertInstanceOf(Shown.Proven.class, look(site, new NodeId("BB-A1-1"), 3));
    }

    /** The limits that stood here before strings could be of anything but lithium. */
    @ParameterizedTest
    @ValueSource(strings = {"two-rooms", "two-rooms-24", "pangyo-rebuilt"})
    void lithiumIsProvenAsItAlwaysWas(String name) {
        Site site = TestSites.site(name);
        var proving = new Proving(site);
        NodeId busbar = site.busbarsIn(QuietDay.A1).findFirst().orElseThrow().id();
        int cells =
                site.stringsIn(QuietDay.A1)
                        .filter(string -> string.busbar().equals(busbar))
                        .mapToInt(BatteryString::cells)
                        .min()
                        .orElseThrow();
        FakeBoard board = quiet(site);
        for (double volts = -100; volts < 800; volts += 0.5) {
            board.number(busbar, Role.BUSBAR_VOLTAGE, volts, QuietDay.NOON);
            assertEquals(
                    volts >= 0.9 * 3.0 * cells,
                    proving.seenLive(QuietDay.A1, board, QuietDay.NOON).contains(busbar),
                    volts + " V");
            assertEquals(Math.abs(volts) >= 60, proving.isLive(busbar, volts), volts + " V");
        }
    }

    private static Site site(SplittableRandom random) {
        String text =
                CELLS.matcher(TestSites.siteText("two-rooms")).replaceAll(_ -> anyCells(random));
        return SiteFile.parse("site.yaml", text, TestSites.profiles()).orElseThrow();
    }

    private static String anyCells(SplittableRandom random) {
        boolean isLead = random.nextBoolean();
        return "modules: %d, cellsPerModule: %d%s"
                .formatted(
                        random.nextInt(4, 60),
                        random.nextInt(4, 12),
                        isLead ? ", cells: lead-acid" : "");
    }

    private static <T> T oneOf(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    private static FakeBoard quiet(Site site) {
        return FakeBoard.quiet(SignalTable.of(site, TestSites.profiles()), QuietDay.NOON);
    }

    /** Every breaker reads open and every busbar 3 V, but for one that reads {@code volts}. */
    private static Shown look(Site site, NodeId busbar, double volts) {
        var board = new FakeBoard(SignalTable.of(site, TestSites.profiles()));
        site.boundaryOf(QuietDay.A1)
                .forEach(breaker -> board.position(breaker, Position.OPEN, READ));
        Set<NodeId> busbars =
                site.busbarsIn(QuietDay.A1).map(Busbar::id).collect(Collectors.toSet());
        busbars.forEach(each -> board.number(each, Role.BUSBAR_VOLTAGE, 3, READ));
        board.number(busbar, Role.BUSBAR_VOLTAGE, volts, READ);
        return new Proving(site).look(QuietDay.A1, board, WRITE, busbars, READ.plusSeconds(2));
    }
}
