package dev.bulkhead.rules.alarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestBrain;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.condition.Priority;
import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class AlarmsTest {
    private static final RoomId A1 = new RoomId("A1");
    private static final AlarmId SMOKE = new AlarmId("room-smoke-vote@A1");
    private static final AlarmId ISOLATION = new AlarmId("isolation-failed@A1");
    private static final Nature LATCHING = new Nature(Priority.HIGH, true, Optional.empty());

    private final TestBrain brain = new TestBrain("two-rooms");
    private final Instant now = brain.board.now();

    private void show(int seconds, Consumer<TestBrain> odd) {
        for (int second = 0; second < seconds; second++) {
            brain.board.measureAllAsOnAQuietDay();
            odd.accept(brain);
            brain.turn();
        }
    }

    private static Consumer<TestBrain> smoke(int detector, boolean isSet) {
        return brain -> brain.board.measure("A1-smoke" + detector + ".fire1", isSet);
    }

    private AlarmState state(AlarmId id) {
        return brain.alarms.find(id).map(Alarm::state).orElse(AlarmState.NORMAL);
    }

    @Test
    void anAlarmOfTwoDetectorsGoesOnlyWhenBothAreMeasuredClear() {
        show(1, smoke(1, true).andThen(smoke(2, true)));
        assertEquals(AlarmState.UNACKNOWLEDGED, state(SMOKE));
        show(1, smoke(1, true));
        assertEquals(AlarmState.UNACKNOWLEDGED, state(SMOKE));
        show(1, brain -> brain.board.silence("A1-smoke1.fire1"));
        assertEquals(AlarmState.UNACKNOWLEDGED, state(SMOKE), "silence clears nothing");
        show(1, _ -> {});
        assertEquals(AlarmState.LATCHED_UNACKNOWLEDGED, state(SMOKE));
    }

    @Test
    void aLatchedAlarmNeedsToBeSeenAndThenReset() {
        show(1, smoke(1, true));
        assertEquals(
                new Answer.Refused("room-smoke-vote@A1: its cause still stands"),
                brain.alarms.reset(now, SMOKE, "Kim"));
        show(1, _ -> {});
        assertEquals(
                new Answer.Refused("room-smoke-vote@A1: it must be acknowledged first"),
                brain.alarms.reset(now, SMOKE, "Kim"));
        brain.alarms.acknowledge(now, SMOKE, "Kim");
        assertEquals(AlarmState.LATCHED_ACKNOWLEDGED, state(SMOKE));
        brain.alarms.reset(now, SMOKE, "Kim");

        assertEquals(AlarmState.NORMAL, state(SMOKE));
        assertEquals(
                new Answer.Refused("room-smoke-vote@A1: there is no such alarm"),
                brain.alarms.reset(now, SMOKE, "Kim"));
    }

    @Test
    void theMostUrgentOfOneCycleIsTheFirstCauseAndNothingUrgentHidesBehindLess() {
        AlarmId advisory = new AlarmId("room-smoke-alert@A1");
        AlarmId gas = new AlarmId("rack-off-gas@A1-S03");
        Consumer<TestBrain> alert = with -> with.board.measure("A1-smoke1.alert", true);
        show(15, alert);
        show(
                1,
                alert.andThen(with -> with.board.measure("A1-offgas.di3", true))
                        .andThen(with -> with.board.measure("A1-smoke1.action1", true)));

        var standing = brain.alarms.standing();
        assertTrue(standing.containsKey(advisory));
        assertEquals(
                List.of(gas),
                standing.values().stream()
                        .filter(alarm -> alarm.nature().priority() == Priority.HIGH)
                        .filter(alarm -> alarm.firstCause().isEmpty())
                        .map(Alarm::id)
                        .filter(gas::equals)
                        .toList());
        assertEquals(
                List.of(gas),
                standing.values().stream()
                        .filter(alarm -> alarm.condition().equals("room-smoke-action"))
                        .flatMap(alarm -> alarm.firstCause().stream())
                        .toList());
    }

    @Test
    void whatFollowedIsToldByItselfOnceTheFirstIsGone() {
        show(1, smoke(1, true));
        show(1, smoke(1, true).andThen(with -> with.board.measure("A1-smoke1.action1", true)));
        AlarmId action = new AlarmId("room-smoke-action@A1");
        assertEquals(Optional.of(SMOKE), brain.alarms.find(action).orElseThrow().firstCause());

        show(1, with -> with.board.measure("A1-smoke1.action1", true));
        brain.alarms.acknowledge(now, SMOKE, "Kim");
        brain.alarms.reset(now, SMOKE, "Kim");

        assertEquals(Optional.empty(), brain.alarms.find(action).orElseThrow().firstCause());
    }

    @Test
    void theJudgesOwnAlarmsLatchToo() {
        brain.alarms.raise(now, ISOLATION, A1, LATCHING, "QB-A1-1 did not move");
        assertEquals(Optional.empty(), brain.alarms.raise(now, ISOLATION, A1, LATCHING, "again"));
        brain.alarms.clear(now, ISOLATION, "opened by hand");

        assertEquals(AlarmState.LATCHED_UNACKNOWLEDGED, state(ISOLATION));
    }

    @Test
    void alarmsComeBackFromTheJournalAndStandUntilAllTheirDetectorsAreMeasuredClear() {
        show(1, smoke(1, true));
        brain.alarms.raise(now, ISOLATION, A1, LATCHING, "why");
        var after = new TestBrain("two-rooms");
        brain.alarmChanges.forEach(change -> after.alarms.restore(change, LATCHING));
        after.alarms.restore(
                new AlarmChange(
                        now, ISOLATION, A1, AlarmState.NORMAL, AlarmState.ACKNOWLEDGED, "why"),
                LATCHING);
        after.board.measure("A1-smoke2.fire1", false);
        after.turn();
        assertEquals(
                AlarmState.UNACKNOWLEDGED,
                after.alarms.find(SMOKE).orElseThrow().state(),
                "the other may still burn");
        after.board.measure("A1-smoke1.fire1", false);
        after.turn();

        assertEquals(
                AlarmState.LATCHED_UNACKNOWLEDGED, after.alarms.find(SMOKE).orElseThrow().state());
        assertEquals(
                Optional.of(Kind.SMOKE), after.alarms.find(SMOKE).orElseThrow().nature().kind());
        after.alarms.clear(now, ISOLATION, "done");
        assertEquals(
                AlarmState.LATCHED_ACKNOWLEDGED,
                after.alarms.find(ISOLATION).orElseThrow().state());
    }
}
