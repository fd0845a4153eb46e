package dev.bulkhead.rules.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.hazard.Vote;
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
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each reason to refuse, alone: everything else speaks for the step. */
final class GuardTest {
    private static final Instant NOW = Instant.parse("2026-10-15T03:00:00Z");
    private static final RoomId A1 = new RoomId("A1");
    private static final BreakerId OUTER = new BreakerId("QB-A1-1");
    private static final BreakerId STRING = new BreakerId("QS-A1-01");
    private static final NodeId UPS = new NodeId("H1A");

    private final Site site = TestSites.site("two-rooms");
    private final SignalTable signals = SignalTable.of(site, TestSites.profiles());
    private final FakeBoard board = FakeBoard.quiet(signals, NOW);
    private final Guard guard = new Guard(site, new Arming(site.breakers().keySet()));
    private final Asking asking = Asking.of(site, A1, NOW);

    @Test
    void theRoomsOwnBreakerIsPermittedOnTwoKindsOfEvidence() {
        for (BreakerId breaker : site.boundaryOf(A1)) {
            Permit permit = permitted(guard, asking.to(breaker), board);

            assertEquals(breaker, permit.breaker());
            assertEquals(asking.to(breaker).plan(), permit.plan());
            assertEquals(NOW.plus(Permit.LIFE), permit.until());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"two-rooms", "pangyo-rebuilt"})
    void refusesANeighbourRoomsBreaker(String name) {
        Site whole = TestSites.site(name);
        var quiet = FakeBoard.quiet(SignalTable.of(whole, TestSites.profiles()), NOW);
        var armed = new Guard(whole, new Arming(whole.breakers().keySet()));
        for (RoomId failing : whole.batteryRooms()) {
            for (BreakerId breaker : whole.breakers().keySet()) {
                for (boolean isApproved : List.of(false, true)) {
                    Request request = Asking.of(whole, failing, NOW).to(breaker, isApproved);
                    boolean isOwn = whole.boundaryOf(failing).contains(breaker);
                    Decision decision = armed.judge(request, quiet, NOW);
                    assertEquals(
                            isOwn,
                            decision instanceof Decision.Permitted,
                            () -> "failing " + failing + ", " + breaker + ": " + decision);
                }
            }
        }
    }

    @Test
    void refusesTheMainAndEveryFeederEvenForAPerson() {
        for (String breaker : List.of("Q-UTILITY-A", "Q-H1A-IN", "Q-H1A-OUT")) {
            assertDenied(
                    "AC is opened by people only", asking.to(new BreakerId(breaker), true), board);
        }
    }

    @Test
    void refusesABreakerTheSiteDoesNotHave() {
        assertDenied("not on the site", asking.to(new BreakerId("QB-A9-1")), board);
    }

    @Test
    void refusesOneKindOfEvidenceHoweverOften() {
        Vote gas = asking.vote(Kind.GAS, "A1-offgas");

        assertDenied("no two kinds", asking.withVotes(gas, asking.vote(Kind.GAS, "A1-lfl")), board);
        assertDenied("no two kinds", asking.withVotes(gas, gas), board);
        assertDenied("no two kinds", asking.withVotes(), board);
    }

    @Test
    void refusesTwoKindsFromOneDevice() {
        assertDenied(
                "no two kinds",
                asking.withVotes(
                        asking.vote(Kind.VOLTAGE, "A1-S01-bms"),
                        asking.vote(Kind.TEMPERATURE, "A1-S01-bms")),
                board);
    }

    @Test
    void refusesTwoKindsThroughOneGateway() {
        assertDenied(
                "no two kinds",
                asking.withVotes(
                        asking.vote(Kind.VOLTAGE, "A1-S01-bms"),
                        asking.vote(Kind.TEMPERATURE, "A1-S02-bms")),
                board);
    }

    @Test
    void refusesAVoteThatNamesAGatewayItsDeviceIsNotBehind() {
        Vote smoke = asking.vote(Kind.SMOKE, "A1-smoke1");
        Vote gas = asking.vote(Kind.GAS, "A1-offgas");
        var moved =
                new Vote(
                        gas.condition(),
                        gas.kind(),
                        gas.room(),
                        gas.of(),
                        gas.device(),
                        asking.vote(Kind.VOLTAGE, "A1-bank1").gateway(),
                        gas.since(),
                        gas.until(),
                        gas.evidence());

        assertDenied("no two kinds", asking.withVotes(smoke, moved), board);
    }

    @Test
    void refusesVotesOfAnotherRoom() {
        assertDenied(
                "no two kinds",
                asking.withVotes(
                        asking.vote(Kind.GAS, "A1-offgas"),
                        Asking.of(site, new RoomId("B1"), NOW).vote(Kind.SMOKE, "B1-smoke1")),
                board);
    }

    @Test
    void refusesVotesThatHaveLapsedOrAreToCome() {
        Vote gas = asking.vote(Kind.GAS, "A1-offgas");
        Vote smoke = asking.vote(Kind.SMOKE, "A1-smoke1");

        assertDenied(
                "no two kinds",
                asking.withVotes(
                        gas, Asking.during(smoke, NOW.minusSeconds(90), NOW.minusMillis(1))),
                board);
        assertDenied(
                "no two kinds",
                asking.withVotes(gas, Asking.during(smoke, NOW.plusMillis(1), NOW.plusSeconds(90))),
                board);
    }

    @Test
    void aPersonStandsInForVotesAndArmingOnly() {
        var unarmed = new Guard(site, Arming.NOTHING);
        Request approved = asking.withVotes().approved();

        permitted(unarmed, approved, board);
        assertDenied("not armed", unarmed, asking.to(OUTER), board);
        board.flag(UPS, Role.UPS_ON_BATTERY, true, NOW);
        assertDenied("ups.onBattery is true", unarmed, approved, board);
    }

    @Test
    void refusesAThirdAttempt() {
        permitted(guard, asking.attempt(2), board);
        assertDenied("attempt 3", asking.attempt(3), board);
        assertDenied("attempt 0", asking.attempt(0), board);
    }

    @Test
    void refusesASecondRoomWhileOneIsInHandEvenForAPerson() {
        assertDenied("an isolation runs in [B1]", asking.whileInHand("B1"), board);
        assertDenied("an isolation runs in [B1]", asking.whileInHand("B1").approved(), board);
        permitted(guard, asking.whileInHand("A1").request(), board);
    }

    @Test
    void refusesASecondRoomWithinAMinuteWithoutAPerson() {
        assertDenied("one a minute", asking.begunElsewhere(NOW.minusSeconds(59)), board);
        permitted(guard, asking.begunElsewhere(NOW.minusSeconds(59)).approved(), board);
        permitted(guard, asking.begunElsewhere(NOW.minusSeconds(60)).request(), board);
    }

    @Test
    void refusesABreakerThatIsOnLocalOrOutOrNotHealthy() {
        assertDeniedWhen(Role.BREAKER_LOCAL, true);
        assertDeniedWhen(Role.BREAKER_RACKED_IN, false);
        assertDeniedWhen(Role.BREAKER_TRIP_CIRCUIT_HEALTHY, false);
        assertDeniedWhen(Role.BREAKER_CONTROL_SUPPLY_HEALTHY, false);
    }

    private void assertDeniedWhen(Role role, boolean isSet) {
        board.flag(OUTER, role, isSet, NOW);
        assertDenied(role + " is " + isSet, asking.to(OUTER), board);
        board.flag(OUTER, role, !isSet, NOW);
        permitted(guard, asking.to(OUTER), board);
    }

    @Test
    void refusesABreakerThatIsNotClosed() {
        for (Position position : List.of(Position.OPEN, Position.MOVING, Position.BAD)) {
            board.position(OUTER, position, NOW);
            assertDenied("breaker.position is " + position, asking.to(OUTER), board);
        }
    }

    @Test
    void refusesWhileTheUpsBehindRunsOnItsBatteryForOuterAndStringAlike() {
        for (BreakerId breaker : List.of(OUTER, STRING)) {
            board.flag(UPS, Role.UPS_ON_BATTERY, true, NOW);
            assertDenied("ups.onBattery is true", asking.to(breaker), board);
            board.flag(UPS, Role.UPS_ON_BATTERY, false, NOW);
            board.flag(UPS, Role.UPS_RECTIFIER_INPUT, false, NOW);
            assertDenied("ups.rectifierInput is false", asking.to(breaker), board);
            board.flag(UPS, Role.UPS_RECTIFIER_INPUT, true, NOW);
        }
    }

    @Test
    void refusesWhatDropsServers() {
        // H1B runs on its battery and that is open: hall 1 hangs on H1A, and H1A on room A1.
        board.flag(UPS, Role.UPS_ON_BATTERY, true, NOW);
        board.flag(new NodeId("H1B"), Role.UPS_ON_BATTERY, true, NOW);
        board.position(new BreakerId("QB-B1-1"), Position.OPEN, NOW);

        assertDenied("may drop 1000 servers", asking.to(OUTER), board);
    }

    @Test
    void whatItCanNotReadElsewhereIsNoReasonWhileTheRoomsOwnUpsCarriesTheLoad() {
        signals.all().stream()
                .filter(signal -> signal.device().value().matches("B1-.*|H.B-status"))
                .forEach(board::silence);

        permitted(guard, asking.to(OUTER), board);
    }

    @Test
    void aSiblingOnWhichNothingIsHeardSavesNobody() {
        // H1A's own output can't be counted on: hall 1 hangs on H1B, of which nothing is known.
        board.flag(UPS, Role.UPS_ON_BATTERY, true, NOW);
        board.silence(new Subject.OfNode(new NodeId("H1B")), Role.UPS_ON_BATTERY);
        board.silence(new Subject.OfBreaker(new BreakerId("QB-B1-1")), Role.BREAKER_POSITION);

        assertDenied("may drop 1000 servers", asking.to(OUTER), board);
    }

    @Test
    void silenceOfAnythingItNeedsIsRefused() {
        for (BreakerId breaker : site.boundaryOf(A1)) {
            for (Signal signal : needed(breaker)) {
                Reading before = board.reading(signal.index(), NOW);
                board.silence(signal);
                assertDenied("is silent", asking.to(breaker), board);
                board.put(signal, new Reading.Invalid(NOW, 1, "sentinel"));
                assertDenied("no measurement: sentinel", asking.to(breaker), board);
                board.put(signal, before);
            }
            permitted(guard, asking.to(breaker), board);
        }
    }

    @Test
    void aReadingGrownStaleIsSilence() {
        Instant late = NOW.plus(Board.STALE_AFTER).plusMillis(1);
        Asking later = Asking.of(site, A1, late);

        Decision decision = guard.judge(later.to(OUTER), board, late);

        assertInstanceOf(Decision.Denied.class, decision);
    }

    @Test
    void anEmptyBoardPermitsNothing() {
        var silent = new FakeBoard(signals);
        for (BreakerId breaker : site.breakers().keySet()) {
            assertInstanceOf(Decision.Denied.class, guard.judge(asking.to(breaker), silent, NOW));
            assertInstanceOf(
                    Decision.Denied.class, guard.judge(asking.to(breaker, true), silent, NOW));
        }
    }

    @Test
    void allReasonsAreGivenAtOnce() {
        board.flag(OUTER, Role.BREAKER_LOCAL, true, NOW);
        board.flag(UPS, Role.UPS_ON_BATTERY, true, NOW);

        var denied =
                assertInstanceOf(
                        Decision.Denied.class,
                        new Guard(site, Arming.NOTHING)
                                .judge(asking.withVotes().request(), board, NOW));

        assertEquals(4, denied.reasons().size(), "" + denied);
    }

    /** Position, health and place of the breaker, and whether its UPS runs without it. */
    private List<Signal> needed(BreakerId breaker) {
        var needed = new ArrayList<Signal>();
        for (Role role :
                List.of(
                        Role.BREAKER_POSITION,
                        Role.BREAKER_LOCAL,
                        Role.BREAKER_RACKED_IN,
                        Role.BREAKER_TRIP_CIRCUIT_HEALTHY,
                        Role.BREAKER_CONTROL_SUPPLY_HEALTHY)) {
            needed.addAll(signals.of(new Subject.OfBreaker(breaker), role));
        }
        site.busbarsIn(A1)
                .filter(
                        busbar ->
                                busbar.outer().equals(breaker)
                                        || site.stringsIn(A1)
                                                .anyMatch(
                                                        string ->
                                                                string.breaker().equals(breaker)
                                                                        && string.busbar()
                                                                                .equals(
                                                                                        busbar
                                                                                                .id())))
                .forEach(
                        busbar -> {
                            var ups = new Subject.OfNode(busbar.ups());
                            needed.addAll(signals.of(ups, Role.UPS_RECTIFIER_INPUT));
                            needed.addAll(signals.of(ups, Role.UPS_ON_BATTERY));
                        });
        assertEquals(7, needed.size(), breaker.value());
        return needed;
    }

    private static Permit permitted(Guard guard, Request request, Board board) {
        return assertInstanceOf(Decision.Permitted.class, guard.judge(request, board, NOW))
                .permit();
    }

    private void assertDenied(String wanted, Asking by, Board board) {
        assertDenied(wanted, by.request(), board);
    }

    private void assertDenied(String wanted, Request request, Board board) {
        assertDenied(wanted, guard, request, board);
    }

    private static void assertDenied(String wanted, Guard guard, Request request, Board board) {
        var denied = assertInstanceOf(Decision.Denied.class, guard.judge(request, board, NOW));
        assertTrue(
                denied.reasons().stream().anyMatch(reason -> reason.contains(wanted)),
                () -> wanted + " not in " + denied);
    }

    /** A status unit that froze says "on rectifier" for ever; the strings know better. */
    @Test
    void refusesWhileTheStringsTogetherDischargeWhateverTheUpsSays() {
        for (var string : site.strings().values()) {
            board.number(string.id(), Role.RACK_CURRENT, -80, NOW);
        }

        assertDenied("strings discharge", asking.to(OUTER), board);
    }
}
