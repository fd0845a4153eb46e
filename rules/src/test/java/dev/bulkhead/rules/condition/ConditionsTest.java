package dev.bulkhead.rules.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.TestBoard;
import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConditionsTest {
    private static final Site SITE = TestSites.site("two-rooms");
    private static final SignalTable SIGNALS = TestSites.signals("two-rooms");
    private static final String SPREAD =
            """
            of: rack
            when: rack.cellVoltageAverage - rack.cellVoltageMin >= 0.100
            clear: rack.cellVoltageAverage - rack.cellVoltageMin < 0.090
            """;

    private final TestBoard board = new TestBoard(SIGNALS);

    /** A pack of one condition at work; verdicts of rack A1-S03 and room A1 are looked at. */
    private final class Watch {
        private final Conditions conditions;
        private Memory memory;

        Watch(String... lines) {
            String rest =
                    """
                    priority: high
                    latching: true
                    title: T
                    guidance: G
                    """;
            String text =
                    "pack: p\nconditions:\n  - id: c\n"
                            + String.join("\n", lines).concat("\n" + rest).indent(4);
            conditions = Conditions.compile(PackFile.parse("p", text).orElseThrow(), SITE, SIGNALS);
            memory = conditions.memory();
        }

        List<Judged> turn() {
            return conditions.judge(memory, board, board.turn()).stream()
                    .filter(
                            judged ->
                                    judged.subject().toString().startsWith("A1-S03")
                                            || judged.subject().toString().equals("room A1")
                                            || judged.subject().toString().equals("BB-A1-1"))
                    .toList();
        }

        /** What a turn says: verdicts, and "again" for a renewal. */
        String says() {
            List<String> words = new ArrayList<>();
            turn().forEach(
                            judged ->
                                    words.add(
                                            judged.isRenewal()
                                                    ? "again"
                                                    : judged.verdict().name()));
            return String.join(" ", words);
        }

        /** Of the rack. */
        List<String> heldBack() {
            return conditions.heldBack(memory).stream()
                    .filter(held -> held.signal().of().toString().equals("A1-S03"))
                    .map(HeldBack::why)
                    .toList();
        }

        void restart() {
            memory = conditions.memory(memory.image());
        }
    }

    private void pass(double seconds) {
        board.pass(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    private void cells(double minimum) {
        board.measure("A1-S03-bms.CellVMin", minimum);
        board.measure("A1-S03-bms.CellVAvg", 4.1);
    }

    @Test
    void silenceIsUnknownNotZero() {
        var insulation = new Watch("of: busbar", "when: busbar.insulation < 56.0");
        board.measure("A1-climate.ai3", 2000);
        assertEquals("CLEAR", insulation.says());

        pass(1);
        board.silence("A1-climate.ai3");
        assertEquals("UNKNOWN", insulation.says());

        var spread = new Watch(SPREAD);
        cells(4.1);
        assertEquals("CLEAR", spread.says());
        pass(1);
        board.silence("A1-S03-bms.CellVMin");
        assertEquals("UNKNOWN", spread.says());
    }

    @Test
    void whatWasNeverReadIsNotJudged() {
        var watch = new Watch("of: busbar", "when: busbar.insulation < 56.0");

        assertEquals("", watch.says());
    }

    @Test
    void garbageIsUnknown() {
        var watch = new Watch(SPREAD);
        cells(4.1);
        watch.says();
        board.invalidate(board.signal("A1-S03-bms.CellVAvg"));

        List<Judged> judged = watch.turn();

        assertEquals(
                "rack A1-S03: T: unknown, rack.cellVoltageAverage is invalid: garbage",
                judged.getFirst().evidence());
    }

    @Test
    void aReadingThatGrowsOldIsUnknownWithoutAnyNews() {
        var watch = new Watch(SPREAD);
        cells(4.1);
        watch.says();

        pass(30);
        assertEquals("", watch.says());
        pass(1);
        assertEquals("UNKNOWN", watch.says());
    }

    @Test
    void aBreachIsLeftOnlyBelowItsHysteresis() {
        var watch = new Watch(SPREAD);
        cells(3.99);
        assertEquals("BREACHED", watch.says());
        cells(4.005);
        assertEquals("", watch.says());
        cells(4.02);
        assertEquals("CLEAR", watch.says());
    }

    @Test
    void evidenceHasValuesLimitsUnitsAndSamples() {
        var watch = new Watch(SPREAD, "samples: 2");
        cells(3.94);
        watch.turn();
        pass(1);
        cells(3.94);

        assertEquals(
                "rack A1-S03: T: rack.cellVoltageAverage - rack.cellVoltageMin 0.16 V"
                        + " (limit >= 0.1 V), rack.cellVoltageAverage 4.1 V, rack.cellVoltageMin"
                        + " 3.94 V, 2 samples",
                watch.turn().getFirst().evidence());
    }

    @Test
    void aSampleCountsOnceHoweverOftenItIsLookedAt() {
        var watch = new Watch(SPREAD, "samples: 2");
        cells(3.9);
        watch.says();
        pass(1);
        board.measure("A1-S03-bms.CellVAvg", 4.1);
        assertEquals("", watch.says(), "only one of the two was measured anew");
        pass(1);
        board.measure("A1-S03-bms.CellVMin", 3.9);
        assertEquals("BREACHED", watch.says());
    }

    @Test
    void silenceNeitherCompletesNorForgetsWhatHasBegun() {
        var watch = new Watch("of: room", "when: room.lfl >= 25.0", "for: 10 s");
        board.measure("A1-lfl.reading", 30);
        watch.says();
        pass(6);
        board.measure("A1-lfl.reading", 30);
        assertEquals("", watch.says());
        pass(1);
        board.silence("A1-lfl.reading");
        watch.says();
        pass(60);
        board.measure("A1-lfl.reading", 30);
        assertEquals("", watch.says(), "6 s were shown, not 67");
        pass(3);
        board.measure("A1-lfl.reading", 30);
        assertEquals("", watch.says());
        pass(1);
        board.measure("A1-lfl.reading", 30);
        assertEquals("BREACHED", watch.says());
    }

    @Test
    void aRestartCountsNoTimeAwayAndForgetsNoBreach() {
        var watch = new Watch("of: room", "when: room.lfl >= 25.0", "for: 10 s");
        board.measure("A1-lfl.reading", 30);
        watch.says();
        pass(6);
        board.measure("A1-lfl.reading", 30);
        watch.says();
        watch.restart();
        pass(20);
        board.measure("A1-lfl.reading", 30);
        assertEquals("", watch.says());
        pass(4);
        board.measure("A1-lfl.reading", 30);
        assertEquals("BREACHED", watch.says());

        watch.restart();
        pass(5);
        assertEquals("", watch.says(), "what stood before stands");
        board.silence("A1-lfl.reading");
        assertEquals("UNKNOWN", watch.says());
    }

    @Test
    void unknownIsAbsorbedByWhatDecidesWithoutIt() {
        var either = new Watch("of: rack", "when: rack.offGas || rack.temperatureMax > 60.0");
        board.silence("A1-offgas.di3");
        board.measure("A1-S03-bms.ModTmpMax", 70);
        assertEquals("BREACHED", either.says());

        var both = new Watch("of: rack", "when: rack.offGas && rack.temperatureMax > 60.0");
        assertEquals("", both.says(), "unknown from the start is no change");
        board.measure("A1-S03-bms.ModTmpMax", 20);
        assertEquals("CLEAR", both.says());
    }

    /** A block with current and cells, every 10 s for a time. */
    private String block(Watch watch, double amperes, double minimum, double minutes) {
        List<String> words = new ArrayList<>();
        for (double second = 0; second < minutes * 60; second += 10) {
            pass(10);
            board.measure("A1-S03-bms.A", amperes);
            cells(minimum);
            words.add(watch.says());
        }
        return String.join("", words);
    }

    @Test
    void aSpreadIsJudgedOnlyOnceTheStringIsShownIdle() {
        var watch = new Watch(SPREAD, "while: idle(\"rack.current\", 0.05, 10)");

        assertEquals("", block(watch, 0.5, 3.9, 10), "nobody knows what it carried before");
        assertEquals("BREACHED", block(watch, 0.5, 3.9, 1.0 / 6));
        assertEquals(
                "UNKNOWN",
                block(watch, -180, 4.09, 5),
                "under load it is shown neither failing nor sound");
        assertEquals("", block(watch, 0.5, 4.09, 9.5), "nor while it rests");
        assertEquals("CLEAR", block(watch, 0.5, 4.09, 1));
        assertEquals("", block(watch, -180, 3.9, 5), "a discharge spreads the cells of all");
    }

    @Test
    void aDischargeMakesNoSpreadVoteHoweverThePollsFall() {
        var watch = new Watch(SPREAD, "samples: 2", "while: idle(\"rack.current\", 0.05, 10)");
        block(watch, 0.1, 4.1, 11);
        // Mains fail now; the cells are read three times before the current is read again.
        for (int turn = 0; turn < 3; turn++) {
            pass(1);
            cells(3.98);
            assertEquals("", watch.says());
        }
        pass(1);
        board.measure("A1-S03-bms.A", -180);
        assertEquals("", watch.says());
    }

    @Test
    void aRateNeedsItsMeasurementsAndIsPerMinute() {
        var watch =
                new Watch(
                        "of: module", "when: ratePerMinute(\"module.temperature\", 5, 60) >= 1.0");
        List<String> words = new ArrayList<>();
        for (int turn = 0; turn <= 12; turn++) {
            board.measure("A1-S03-bms.module[4].ModCellTmpMax", 24 + turn * 5 / 60.0 * 1.2);
            words.add(watch.says());
            pass(5);
        }

        assertEquals("BREACHED", String.join("", words));
        assertEquals("BREACHED", words.getLast(), "and only once 60 s are covered");
    }

    @Test
    void aCoarseThermistorsStepIsNoRise() {
        var watch =
                new Watch(
                        "of: module", "when: ratePerMinute(\"module.temperature\", 5, 60) >= 1.0");
        List<String> words = new ArrayList<>();
        for (int turn = 0; turn <= 40; turn++) {
            board.measure("A1-S03-bms.module[4].ModCellTmpMax", turn < 20 ? 24 : 24.5);
            words.add(watch.says());
            pass(5);
        }

        assertEquals("CLEAR", String.join("", words));
    }

    private void rackTemperatures(double s01, double s02, double s03, double s04) {
        board.measure("A1-S01-bms.ModTmpMax", s01);
        board.measure("A1-S02-bms.ModTmpMax", s02);
        board.measure("A1-S03-bms.ModTmpMax", s03);
        board.measure("A1-S04-bms.ModTmpMax", s04);
    }

    @Test
    void aRackStandsOutFromThreePeersOrMoreAndNoOneOfThemCanMakeItDo() {
        var watch = new Watch("of: rack", "when: overPeers(\"rack.temperatureMax\") >= 8.0");
        rackTemperatures(24, 25, 34, 26);
        assertEquals("BREACHED", watch.says());

        rackTemperatures(60, 61, 62, 63);
        assertEquals("CLEAR", watch.says(), "all warm together");

        rackTemperatures(24, 25, 26, -40);
        assertEquals("", watch.says(), "one that lies moves nothing");

        pass(1);
        rackTemperatures(24, 25, 34, 26);
        board.silence("A1-S01-bms.ModTmpMax");
        assertEquals("UNKNOWN", watch.says(), "two peers are too few");
    }

    @Test
    void aGatewayThatLiesOfItsRacksMakesNoOtherStandOut() {
        String moved =
                TestSites.siteText("two-rooms")
                        .replace(
                                "profile: sunspec-string, gateway: A1-bms, unit: 1,",
                                "profile: sunspec-string, gateway: A1-ups, unit: 11,")
                        .replace(
                                "profile: sunspec-string, gateway: A1-bms, unit: 2,",
                                "profile: sunspec-string, gateway: A1-ups, unit: 12,");
        var site = SiteFile.parse("s", moved, TestSites.profiles()).orElseThrow();
        var signals = SignalTable.of(site, TestSites.profiles());
        var split = new TestBoard(signals);
        var pack =
                PackFile.parse(
                                "p",
                                """
                                pack: p
                                conditions:
                                  - id: c
                                    of: rack
                                    when: overPeers("rack.temperatureMax") >= 8.0
                                    priority: low
                                    latching: false
                                    title: T
                                    guidance: G
                                """)
                        .orElseThrow();
        var conditions = Conditions.compile(pack, site, signals);
        var memory = conditions.memory();
        split.measureAllAsOnAQuietDay();
        split.measure("A1-S01-bms.ModTmpMax", -40);
        split.measure("A1-S02-bms.ModTmpMax", -40);

        List<Judged> judged = conditions.judge(memory, split, split.turn());

        assertEquals(
                List.of(),
                judged.stream().filter(found -> found.verdict() == Verdict.BREACHED).toList());
    }

    @Test
    void ageCountsFromTheLastMeasurementAndNotBeforeTheFirstCouldCome() {
        var watch = new Watch("of: rack", "when: age(\"rack.voltage\") > 10.0");
        assertEquals("", watch.says());
        pass(9);
        assertEquals("", watch.says());
        pass(2);
        assertEquals("BREACHED", watch.says(), "a device that never answers");
        board.measure("A1-S03-bms.V", 558);
        assertEquals("CLEAR", watch.says());
        pass(5);
        board.silence("A1-S03-bms.V");
        assertEquals("", watch.says());
        pass(6);
        assertEquals("BREACHED", watch.says());

        watch.restart();
        pass(100);
        assertEquals("UNKNOWN", watch.says(), "not yet read since the start");
        pass(1);
        board.measure("A1-S03-bms.V", 558);
        assertEquals("CLEAR", watch.says());
    }

    @Test
    void doubledSensorsAreJudgedEachByItself() {
        var watch =
                new Watch(
                        "of: room",
                        "when: room.smokeFire",
                        "while: '!anySet(\"room.smokeFault\")'");
        board.measure("A1-smoke1.fire1", false);
        board.measure("A1-smoke2.fire1", true);

        assertEquals("CLEAR BREACHED", watch.says());
    }

    @Test
    void aReferenceHoldsBackByItsLastWordAndItsSilenceMakesNothing() {
        var watch =
                new Watch(
                        "of: rack",
                        "when: rack.offGas",
                        "while: '!anySet(\"room.offGasReference\")'");
        Signal second = SIGNALS.with(Role.ROOM_OFF_GAS_REFERENCE).get(1);
        board.measure("A1-offgas.di3", true);
        board.measure(second, new Value.Flag(true));
        assertEquals("CLEAR", watch.says(), "gas from outside");
        pass(1);
        board.silence(second);
        assertEquals("", watch.says(), "silence is no evidence");
        watch.restart();
        board.measure("A1-offgas.di3", true);
        assertEquals("", watch.says(), "nor is a restart");
        board.measure(second, new Value.Flag(false));
        assertEquals("BREACHED", watch.says());
        board.measure(second, new Value.Flag(true));
        assertEquals("UNKNOWN", watch.says(), "what stood isn't shown clear by it");
    }

    @Test
    void aReferenceThatWasNeverHeardHoldsNothingBack() {
        var watch =
                new Watch(
                        "of: rack",
                        "when: rack.offGas",
                        "while: '!anySet(\"room.offGasReference\")'");
        board.measure("A1-offgas.di3", true);

        assertEquals("BREACHED", watch.says());
    }

    @Test
    void whatIsSoAndDoesNotCountIsHeldBackAndSaysWhatItNeeds() {
        var watch =
                new Watch(
                        "of: rack",
                        "when: rack.offGas",
                        "while: '!anySet(\"room.offGasReference\")'",
                        "kind: gas",
                        "vote: true",
                        "window: 90 min");
        Signal reference = SIGNALS.with(Role.ROOM_OFF_GAS_REFERENCE).getFirst();
        List<String> held = List.of("not judged unless !anySet(\"room.offGasReference\")");
        board.measure(reference, new Value.Flag(true));
        board.measure("A1-offgas.di3", false);
        assertEquals("CLEAR", watch.says());
        assertEquals(List.of(), watch.heldBack(), "there is nothing to hold back");
        board.measure("A1-offgas.di3", true);
        assertEquals("", watch.says());
        assertEquals(held, watch.heldBack());
        board.measure(reference, new Value.Flag(false));
        assertEquals("BREACHED", watch.says());
        assertEquals(List.of(), watch.heldBack());
        board.measure(reference, new Value.Flag(true));
        assertEquals("UNKNOWN", watch.says());
        assertEquals(held, watch.heldBack(), "it counts no longer than its window");
        pass(31);
        watch.turn();
        assertEquals(List.of(), watch.heldBack(), "nobody knows whether it is still so");
    }

    @Test
    void whatCannotBeToldOfAGateHoldsBackToo() {
        var watch =
                new Watch(
                        SPREAD,
                        "while: idle(\"rack.current\", 0.05, 10)",
                        "kind: voltage",
                        "vote: true",
                        "window: 10 min");

        block(watch, 0.5, 3.9, 31.0 / 6);

        assertEquals(List.of("rack.current is watched for 5 min of 10 min"), watch.heldBack());
    }

    /** What a rack's gas is by the pack's rule; the references are said of each time. */
    private final class Reference {
        private final Watch watch =
                new Watch(
                        "of: rack",
                        "when: rack.offGas",
                        "while: 'allClearSince(\"room.offGasReference\", \"rack.offGas\", 10)'");
        private final List<Signal> references =
                SIGNALS.with(Role.ROOM_OFF_GAS_REFERENCE).stream()
                        .filter(signal -> signal.room().value().equals("A1"))
                        .toList();

        String says(boolean reference, boolean rack) {
            board.measure(references.getFirst(), new Value.Flag(reference));
            return saysOfTheLast(rack);
        }

        /** No rack is measured. */
        void reference(boolean isSet) {
            references.forEach(signal -> board.measure(signal, new Value.Flag(isSet)));
            watch.turn();
        }

        /** The first of the references isn't measured. */
        String saysOfTheLast(boolean rack) {
            board.measure(references.getLast(), new Value.Flag(false));
            board.measure("A1-offgas.di3", rack);
            return watch.says();
        }

        void quiet(int seconds) {
            for (int second = 0; second < seconds; second += 5) {
                says(false, false);
                pass(5);
            }
        }
    }

    @Test
    void whatIsLeftInARackWhenTheReferenceClearsIsHeldBackUntilTheRackClears() {
        var gas = new Reference();
        assertEquals("CLEAR", gas.says(true, true), "gas from outside");
        pass(25);
        assertEquals("", gas.says(false, true), "what is left of it");
        for (int second = 0; second < 3600; second += 20) {
            pass(20);
            assertEquals("", gas.says(false, true), "for as long as the rack doesn't clear");
        }

        gas.quiet(660);
        assertEquals("BREACHED", gas.says(false, true), "long after the reference had cleared");
    }

    @Test
    void gasThatComesBackMinutesAfterTheReferenceClearedIsStillTheSame() {
        var gas = new Reference();
        gas.says(true, false);
        gas.quiet(600);
        assertEquals("", gas.says(false, true), "10 min after");
        gas.quiet(10);
        assertEquals("BREACHED", gas.says(false, true), "later");
    }

    @Test
    void aReferenceThatIsNotReadHoldsBackWhatBeginsUntilTenMinutesAfter() {
        var gas = new Reference();
        gas.quiet(60);
        pass(31);
        assertEquals("", gas.saysOfTheLast(true), "it may say yes by now");
        pass(1);
        assertEquals("", gas.says(false, true), "it may have said yes");
        gas.quiet(600);
        assertEquals("", gas.says(false, true));
        gas.quiet(10);
        assertEquals("BREACHED", gas.says(false, true), "later");
        for (int again = 0; again < 3; again++) {
            pass(20);
            assertEquals("", gas.saysOfTheLast(true), "it had said no when the rack began");
        }
    }

    @Test
    void aRackThatBeginsWaitsForAWordOfTheReferenceSince() {
        var gas = new Reference();
        gas.saysOfTheLast(false);
        pass(1);
        assertEquals("", gas.saysOfTheLast(true), "never heard");
        pass(1);
        assertEquals("BREACHED", gas.says(false, true));
        gas.quiet(60);
        assertEquals("", gas.saysOfTheLast(true), "heard a while before");
        assertEquals("BREACHED", gas.says(false, true));
    }

    @Test
    void aRackThatReportsAlreadyAtTheStartIsHeldBackUntilItClears() {
        var gas = new Reference();
        for (int second = 0; second < 3600; second += 20) {
            assertEquals(second == 0 ? "CLEAR" : "", gas.says(false, true));
            pass(20);
        }
        gas.quiet(5);
        assertEquals("BREACHED", gas.says(false, true));
    }

    /** What came while the rack was silent may have come long before it is heard again. */
    @Test
    void aRackThatReportsAfterASilenceMayHaveBegunWhenItFellSilent() {
        var gas = new Reference();
        gas.quiet(60);
        gas.reference(true);
        pass(20);
        for (int second = 0; second < 1800; second += 20) {
            gas.reference(false);
            pass(20);
        }
        assertEquals("CLEAR", gas.says(false, true), "the reference said yes in that time");
        gas.quiet(5);
        assertEquals("BREACHED", gas.says(false, true));
    }
}
