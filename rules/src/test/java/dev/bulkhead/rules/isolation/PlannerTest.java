package dev.bulkhead.rules.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PlannerTest {
    private final QuietDay day = QuietDay.at("two-rooms");

    @Test
    void onAQuietDayNothingSpeaksAgainstIsolatingARoom() {
        Plan plan = day.plan(QuietDay.A1, Rung.BATTERY);

        assertEquals(
                List.of("QB-A1-1", "QB-A1-2", "QS-A1-01", "QS-A1-02", "QS-A1-03", "QS-A1-04"),
                plan.steps().stream().map(step -> step.breaker().value()).toList());
        assertEquals(List.of(1, 2, 3, 4, 5, 6), plan.steps().stream().map(Step::number).toList());
        assertEquals(List.of(), plan.interlocks());
        assertEquals(Loss.NONE, plan.loss());
    }

    @Test
    void itSaysWhatItRejected() {
        String rejected = String.join("\n", day.plan(QuietDay.A1, Rung.BATTERY).rejected());

        assertTrue(rejected.contains("outer breakers alone"), rejected);
        assertTrue(rejected.contains("string breakers alone"), rejected);
        assertTrue(rejected.contains("main switches [Q-UTILITY-A, Q-UTILITY-B]"), rejected);
        assertTrue(rejected.contains("2,000 servers would lose supply"), rejected);
    }

    @Test
    void whatReadsOpenIsNotOpenedAgain() {
        day.board().position(new BreakerId("QB-A1-2"), Position.OPEN, day.now());

        Plan plan = day.plan(QuietDay.A1, Rung.BATTERY);

        assertEquals(5, plan.steps().size());
        assertEquals(new BreakerId("QS-A1-01"), plan.steps().get(1).breaker());
        assertEquals(2, plan.steps().get(1).number());
    }

    @Test
    void whatCanNotBeReadIsStillToBeOpened() {
        var breaker = new BreakerId("QB-A1-2");
        day.board().silence(new Subject.OfBreaker(breaker), Role.BREAKER_POSITION);

        Plan plan = day.plan(QuietDay.A1, Rung.BATTERY);

        assertEquals(6, plan.steps().size());
        assertTrue(plan.steps().get(1).why().contains("position is unknown"));
        assertEquals(List.of(), plan.interlocks());
    }

    @Test
    void aBreakerOnLocalIsNotedAtItsStepAndDoesNotStopTheOthers() {
        day.board().flag(new BreakerId("QS-A1-02"), Role.BREAKER_LOCAL, true, day.now());

        Plan plan = day.plan(QuietDay.A1, Rung.BATTERY);

        assertTrue(plan.steps().get(3).why().contains("switched to LOCAL"));
        assertEquals(List.of(), plan.interlocks());
    }

    @Test
    void onBatteryNoAutomaticPlanTakesTheBatteryAway() {
        day.board().flag(new NodeId("H1A"), Role.UPS_ON_BATTERY, true, day.now());

        assertInterlock("UPS H1A: on battery", day.plan(QuietDay.A1, Rung.BATTERY));
    }

    @Test
    void withItsSiblingOnBatteryToo() {
        day.board().flag(new NodeId("H2B"), Role.UPS_ON_BATTERY, true, day.now());

        assertInterlock("UPS H2B: on battery", day.plan(QuietDay.A1, Rung.BATTERY));
    }

    @Test
    void aSiblingWithoutItsBatteryIsNoBackup() {
        day.board().flag(new NodeId("H1B"), Role.UPS_BATTERY_CIRCUIT_OPEN, true, day.now());

        assertInterlock("UPS H1B: battery circuit open", day.plan(QuietDay.A1, Rung.BATTERY));
    }

    @Test
    void aSilentUpsIsAReasonNotTo() {
        day.board().silence(new Subject.OfNode(new NodeId("H1A")), Role.UPS_ON_BYPASS);

        assertInterlock("UPS H1A: ups.onBypass is unknown", day.plan(QuietDay.A1, Rung.BATTERY));
    }

    @Test
    void aUpsMustHaveRunSteadilyForAMinute() {
        Interlocks.Steadiness brief = _ -> Optional.of(day.now().minusSeconds(59));
        Interlocks.Steadiness none = _ -> Optional.empty();
        Interlocks.Steadiness enough = _ -> Optional.of(day.now().minusSeconds(60));

        assertInterlock("UPS H1A: not steadily", day.plan(QuietDay.A1, Rung.BATTERY, brief));
        assertInterlock("UPS H2A: not steadily", day.plan(QuietDay.A1, Rung.BATTERY, none));
        assertEquals(List.of(), day.plan(QuietDay.A1, Rung.BATTERY, enough).interlocks());
    }

    @Test
    void aPlanThatDropsServersSaysSo() {
        // H1B can't feed the hall, and H1A runs on its battery: it hangs on room A1.
        day.board().flag(new NodeId("H1A"), Role.UPS_ON_BATTERY, true, day.now());
        day.board().flag(new NodeId("H1B"), Role.UPS_ON_BATTERY, true, day.now());
        for (String breaker : List.of("QB-B1-1", "QB-B1-2")) {
            day.board().position(new BreakerId(breaker), Position.OPEN, day.now());
        }

        Plan plan = day.plan(QuietDay.A1, Rung.BATTERY);

        assertEquals(1000, plan.loss().servers());
        assertInterlock("1,000 servers would lose supply", plan);
    }

    @Test
    void theZoneRungIsByPeopleOnly() {
        Plan plan = day.plan(QuietDay.A1, Rung.ZONE);

        assertEquals(6, plan.steps().size());
        assertInterlock("by people only", plan);
    }

    @Test
    void aPlanListsWhatStaysLive() {
        day.board().silence(new Subject.OfNode(new NodeId("A1-S02")), Role.RACK_VOLTAGE);

        List<String> live = day.plan(QuietDay.A1, Rung.BATTERY).staysLive();

        assertTrue(live.contains("string A1-S01 inside its cabinet, last read 558 V"), "" + live);
        assertTrue(live.contains("string A1-S02 inside its cabinet, 408–571 V"), "" + live);
        assertTrue(live.contains("exhaust fan"), "" + live);
    }

    private static void assertInterlock(String wanted, Plan plan) {
        assertTrue(
                plan.interlocks().stream().anyMatch(interlock -> interlock.contains(wanted)),
                () -> wanted + " not in " + plan.interlocks());
    }
}
