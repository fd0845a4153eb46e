package dev.bulkhead.agent;

import dev.bulkhead.agent.control.View;
import dev.bulkhead.rules.Isolation;
import dev.bulkhead.rules.State;
import dev.bulkhead.rules.alarm.Alarm;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.hazard.RoomHazard;
import dev.bulkhead.rules.isolation.Step;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Site;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeSet;

/** What people are shown of the judge's state. */
final class Views {
    private Views() {}

    static View of(Site site, State state, Instant now) {
        return new View(
                now,
                state.hazards().stream()
                        .filter(hazard -> site.batteryRooms().contains(hazard.room()))
                        .map(hazard -> room(hazard, state, now))
                        .toList(),
                state.alarms().stream()
                        .filter(alarm -> alarm.state() != AlarmState.NORMAL)
                        .map(Views::alarm)
                        .toList(),
                state.isolations().values().stream().map(Views::plan).toList());
    }

    private static View.Room room(RoomHazard hazard, State state, Instant now) {
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
                devices.size(),
                devices.size() - heard.size());
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
