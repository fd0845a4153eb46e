package dev.bulkhead.rules.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.signal.FakeBoard;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A crew goes in on a proof. Each piece it lacks must be enough to withhold it. */
final class ProvingTest {
    private static final Instant WRITE = QuietDay.NOON.plusSeconds(60);
    private static final Instant READ = WRITE.plusSeconds(2);
    private static final Instant NOW = WRITE.plusSeconds(4);
    private static final NodeId BUSBAR = new NodeId("BB-A1-2");
    private static final BreakerId BREAKER = new BreakerId("QS-A1-03");

    private final Site site = TestSites.site("two-rooms");
    private final Proving proving = new Proving(site);
    private final FakeBoard board =
            FakeBoard.quiet(SignalTable.of(site, TestSites.profiles()), QuietDay.NOON);
    private final Set<NodeId> seenLive = proving.seenLive(QuietDay.A1, board, QuietDay.NOON);

    ProvingTest() {
        open(board, site, READ);
    }

    private static void open(FakeBoard board, Site site, Instant at) {
        site.boundaryOf(QuietDay.A1).forEach(breaker -> board.position(breaker, Position.OPEN, at));
        site.busbarsIn(QuietDay.A1)
                .forEach(busbar -> board.number(busbar.id(), Role.BUSBAR_VOLTAGE, 3, at));
    }

    private Shown look() {
        return look(seenLive);
    }

    private Shown look(Set<NodeId> live) {
        return proving.look(QuietDay.A1, board, WRITE, live, NOW);
    }

    @Test
    void everySwitchOpenAndEveryBusbarDeadIsAProof() {
        Proof proof = assertInstanceOf(Shown.Proven.class, look()).proof();

        assertEquals(site.boundaryOf(QuietDay.A1).size(), proof.positions().size());
        assertEquals(2, proof.busbars().size());
        assertEquals(new Proof.Dead(BUSBAR, 3, READ), proof.busbars().getLast());
        assertTrue(proof.staysLive().getFirst().contains("A1-S01 inside its cabinet"));
    }

    /** An empty lead-acid string of 240 cells has 401 V, one of lithium cells would have 720 V. */
    @Test
    void aBusbarOfLeadAcidStringsIsSeenLiveAtFloatAndNotFarBelowEmpty() {
        String text =
                TestSites.siteText("two-rooms")
                        .replace(
                                "modules: 17, cellsPerModule: 8",
                                "cells: lead-acid, modules: 40, cellsPerModule: 6");
        Site lead = SiteFile.parse("site.yaml", text, TestSites.profiles()).orElseThrow();
        var quiet = FakeBoard.quiet(SignalTable.of(lead, TestSites.profiles()), QuietDay.NOON);
        var proving = new Proving(lead);

        quiet.number(BUSBAR, Role.BUSBAR_VOLTAGE, 540, QuietDay.NOON);
        assertTrue(proving.seenLive(QuietDay.A1, quiet, QuietDay.NOON).contains(BUSBAR));
        quiet.number(BUSBAR, Role.BUSBAR_VOLTAGE, 350, QuietDay.NOON);
        assertFalse(proving.seenLive(QuietDay.A1, quiet, QuietDay.NOON).contains(BUSBAR));
        quiet.silence(new Subject.OfNode(new NodeId("A1-S02")), Role.RACK_VOLTAGE);
        assertTrue(
                proving.staysLive(QuietDay.A1, quiet, QuietDay.NOON)
                        .contains("string A1-S02 inside its cabinet, 401–585 V"));
    }

    @Test
    void eachPieceThatIsSilentIsMissed() {
        for (Signal signal : evidence()) {
            board.silence(signal);
            assertNotProven("silent " + signal.id(), look());
            open(board, site, READ);
        }
        assertInstanceOf(Shown.Proven.class, look());
    }

    @Test
    void eachPieceThatIsNoMeasurementIsMissed() {
        for (Signal signal : evidence()) {
            board.put(signal, new Reading.Invalid(READ, 1, "loop broken"));
            assertNotProven("invalid " + signal.id(), look());
            open(board, site, READ);
        }
    }

    @Test
    void eachPieceThatIsStaleIsMissed() {
        Instant late = READ.plus(Board.STALE_AFTER).plusMillis(1);
        for (Signal signal : evidence()) {
            open(board, site, late);
            Reading.Measured old = (Reading.Measured) board.reading(signal.index(), late);
            board.put(signal, new Reading.Measured(READ, 1, old.value()));
            assertNotProven(
                    "stale " + signal.id(),
                    proving.look(QuietDay.A1, board, WRITE, seenLive, late));
        }
    }

    @Test
    void aReadingRequestedBeforeTheWriteIsNoProof() {
        for (Signal signal : evidence()) {
            Reading.Measured after = (Reading.Measured) board.reading(signal.index(), NOW);
            for (Instant tooEarly : List.of(WRITE.minusMillis(1), WRITE)) {
                board.put(signal, new Reading.Measured(tooEarly, 1, after.value()));
                assertNotProven("early " + signal.id(), look());
            }
            open(board, site, READ);
        }
    }

    @Test
    void oneSwitchThatIsNotOpenIsNamed() {
        for (Position position : List.of(Position.CLOSED, Position.MOVING, Position.BAD)) {
            board.position(BREAKER, position, READ);

            var notOpen = assertInstanceOf(Shown.NotOpen.class, look());
            assertEquals(1, notOpen.reasons().size(), "" + notOpen);
            assertTrue(notOpen.reasons().getFirst().contains(BREAKER.value()), "" + notOpen);
        }
    }

    @Test
    void aBusbarAtSixtyVoltsIsLive() {
        board.number(BUSBAR, Role.BUSBAR_VOLTAGE, 60, READ);
        assertInstanceOf(Shown.Missing.class, look());

        board.number(BUSBAR, Role.BUSBAR_VOLTAGE, 59.9, READ);
        assertInstanceOf(Shown.Proven.class, look());
    }

    /** 24 cells of lead-acid: 40 V empty, 54 V at float. */
    @Test
    void aBusbarOfFortyEightVoltsIsNotDeadBelowSixty() {
        String text =
                TestSites.siteText("two-rooms")
                        .replace(
                                "modules: 17, cellsPerModule: 8",
                                "cells: lead-acid, modules: 4, cellsPerModule: 6");
        Site low = SiteFile.parse("site.yaml", text, TestSites.profiles()).orElseThrow();
        var proving = new Proving(low);

        assertTrue(proving.isLive(BUSBAR, 54));
        assertTrue(proving.isLive(BUSBAR, -40));
        assertFalse(proving.isLive(BUSBAR, 20));
    }

    @Test
    void zeroCurrentAndAUpsThatSaysOpenProveNothing() {
        board.flag(new NodeId("H1A"), Role.UPS_BATTERY_CIRCUIT_OPEN, true, READ);
        board.flag(new NodeId("H2A"), Role.UPS_BATTERY_CIRCUIT_OPEN, true, READ);
        board.silence(new Subject.OfNode(BUSBAR), Role.BUSBAR_VOLTAGE);

        assertInstanceOf(Shown.Missing.class, look());
    }

    @Test
    void aTransducerThatNeverSaidLiveShowsNoChange() {
        var missing = assertInstanceOf(Shown.Missing.class, look(Set.of(new NodeId("BB-A1-1"))));

        assertEquals(
                List.of("busbar BB-A1-2: never seen live, so its transducer shows no change"),
                missing.missing());
    }

    @Test
    void positionAndVoltageThroughOneGatewayAreOneWitness() {
        String text =
                TestSites.siteText("two-rooms")
                        .replace(
                                "    gateway: A1-field\n    unit: 6\n",
                                "    gateway: A1-proof\n    unit: 6\n");
        Site shared = SiteFile.parse("site.yaml", text, TestSites.profiles()).orElseThrow();
        var sharedBoard =
                FakeBoard.quiet(SignalTable.of(shared, TestSites.profiles()), QuietDay.NOON);
        open(sharedBoard, shared, READ);

        var missing =
                assertInstanceOf(
                        Shown.Missing.class,
                        new Proving(shared).look(QuietDay.A1, sharedBoard, WRITE, seenLive, NOW));
        assertTrue(missing.missing().getFirst().contains("gateway"), "" + missing);
    }

    @Test
    void ifNothingWasWrittenAnythingFreshCounts() {
        assertInstanceOf(
                Shown.Proven.class, proving.look(QuietDay.A1, board, Instant.MIN, seenLive, NOW));
    }

    @Test
    void aRoomWithoutBatteryIsNothingToProve() {
        assertInstanceOf(
                Shown.NotOpen.class,
                proving.look(new RoomId("HALL-1"), board, Instant.MIN, Set.of(), NOW));
    }

    private List<Signal> evidence() {
        var evidence = new ArrayList<Signal>();
        for (BreakerId breaker : site.boundaryOf(QuietDay.A1)) {
            evidence.addAll(
                    board.signals().of(new Subject.OfBreaker(breaker), Role.BREAKER_POSITION));
        }
        site.busbarsIn(QuietDay.A1)
                .forEach(
                        busbar ->
                                evidence.addAll(
                                        board.signals()
                                                .of(
                                                        new Subject.OfNode(busbar.id()),
                                                        Role.BUSBAR_VOLTAGE)));
        return evidence;
    }

    private static void assertNotProven(String what, Shown shown) {
        switch (shown) {
            case Shown.Proven proven -> throw new AssertionError(what + ": " + proven);
            case Shown.Missing(List<String> missing) -> assertEquals(1, missing.size(), what);
            case Shown.NotOpen(List<String> reasons) -> assertEquals(1, reasons.size(), what);
        }
    }
}
