package dev.bulkhead.agent;

import dev.bulkhead.agent.control.View;
import dev.bulkhead.agent.cycle.Cycle;
import dev.bulkhead.rules.Isolation;
import dev.bulkhead.rules.State;
import dev.bulkhead.rules.alarm.Alarm;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.condition.HeldBack;
import dev.bulkhead.rules.hazard.RoomHazard;
import dev.bulkhead.rules.isolation.Step;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Site;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** What people are shown of the judge's state. */
final class Views {
    private Views() {}

    static View of(Site site, Cycle cycle, Instant now) {
        State state = cycle.state();
        List<HeldBack> held = cycle.heldBack();
        return new View(
                now,
                state.hazards().stream()
                        .filter(hazard -> site.batteryRooms().contains(hazard.room()))
                        .map(hazard -> room(hazard, held, state, now))
                        .toList(),
                state.alarms().stream()
                        .filter(alarm -> alarm.state() != AlarmState.NORMAL)
                        .map(Views::alarm)
                        .toList(),
                state.isolations().values().stream().map(Views::plan).toList());
    }

    private static View.Room room(
            RoomHazard hazard, List<HeldBack> held, State state, Instant now) {
        var devices = new TreeSet<DeviceId>();
        var heard = new TreeSet<DeviceId>();
        for (Signal signal : state.signals().all()) {
            if (signal.room().equals(hazard.room())) {
                devices.add(signal.device());
                if (state.measured(signal, now).isPresent()) {
                    heard.add(signal.device());
                }
            }
        }
        return new View.Room(
                hazard.room(),
                hazard.level(),
                hazard.votes(),
                held.stream()
                        .filter(it -> it.signal().room().equals(hazard.room()))
                        .filter(it -> !isCast(hazard, it))
                        .map(
                                it ->
                                        new View.HeldBack(
                                                it.condition().id(), it.signal().of(), it.why()))
                        .distinct()
                        .toList(),
                devices.size(),
                devices.size() - heard.size());
    }

    /** Whether what is held back now was cast before, and still counts. */
    private static boolean isCast(RoomHazard hazard, HeldBack held) {
        return hazard.votes().stream()
                .anyMatch(
                        vote ->
                                vote.condition().equals(held.condition().id())
                                        && vote.of().equals(held.signal().of())
                                        && vote.device().equals(held.signal().device()));
    }

    private static View.Alarm alarm(Alarm alarm) {
        return new View.Alarm(alarm.id(), alarm.room(), alarm.state(), alarm.since(), alarm.why());
    }

    private static View.Plan plan(Isolation isolation) {
        long open = isolation.ended().stream().filter(Isolation.Ended::isOpen).count();
        return new View.Plan(
                isolation.plan().id(),
                isolation.room(),
                isolation.plan().rung(),
                isolation.phase().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                isolation.plan().steps().stream().map(Step::breaker).toList(),
                open + " of " + isolation.plan().steps().size() + " steps ended open");
    }
}
