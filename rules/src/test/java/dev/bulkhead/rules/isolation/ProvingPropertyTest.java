package dev.bulkhead.rules.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.signal.FakeBoard;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Promise 4, whatever the cells are: with every switch open a room is proven isolated just when
 * each busbar, seen at no less than nine tenths of what its strings have when empty, is dead now.
 */
final class ProvingPropertyTest {
    private static final int SEEDS = 2000;
    private static final double DEAD_BELOW_VOLTS = 60;
    private static final Instant WRITE = QuietDay.NOON.plusSeconds(60);

    private static final Instant READ = WRITE.plusSeconds(2);
    private static final Instant NOW = WRITE.plusSeconds(4);

    /** 136 cells of 3.0 V, and 240 of 1.67 V: as the sites' own files give the voltages. */
    @ParameterizedTest
    @CsvSource({"two-rooms, 408", "two-rooms-vrla, 400.8"})
    void isolatedIsWhatWasLiveAndIsDead(String name, double emptyVolts) {
        Site site = TestSites.site(name);
        var proving = new Proving(site);
        var signals = SignalTable.of(site, TestSites.profiles());
        List<NodeId> busbars = site.busbarsIn(QuietDay.A1).map(Busbar::id).toList();
        for (long seed = 1; seed <= SEEDS; seed++) {
            var random = new SplittableRandom(seed);
            var board = FakeBoard.quiet(signals, QuietDay.NOON);
            var live = new HashSet<NodeId>();
            for (NodeId busbar : busbars) {
                double volts = near(random, 0.9 * emptyVolts);
                board.number(busbar, Role.BUSBAR_VOLTAGE, volts, QuietDay.NOON);
                if (volts >= 0.9 * emptyVolts) {
                    live.add(busbar);
                }
            }
            Set<NodeId> seenLive = proving.seenLive(QuietDay.A1, board, QuietDay.NOON);
            assertEquals(live, seenLive, "seed " + seed);

            site.boundaryOf(QuietDay.A1)
                    .forEach(breaker -> board.position(breaker, Position.OPEN, READ));
            boolean isDead = true;
            for (NodeId busbar : busbars) {
                double volts = near(random, DEAD_BELOW_VOLTS);
                board.number(busbar, Role.BUSBAR_VOLTAGE, volts, READ);
                isDead &= volts < DEAD_BELOW_VOLTS;
            }
            assertEquals(
                    isDead && live.containsAll(busbars),
                    proving.look(QuietDay.A1, board, WRITE, seenLive, NOW) instanceof Shown.Proven,
                    "seed " + seed);
        }
    }

    /** As often over a limit as under it, and often close to it. */
    private static double near(SplittableRandom random, double limit) {
        return switch (random.nextInt(4)) {
            case 0 -> limit + 0.001;
            case 1 -> limit - 0.001;
            case 2 -> random.nextDouble(0, limit);
            default -> random.nextDouble(limit, 600);
        };
    }
}
