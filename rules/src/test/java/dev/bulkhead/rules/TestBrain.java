package dev.bulkhead.rules;

import dev.bulkhead.rules.alarm.AlarmChange;
import dev.bulkhead.rules.alarm.Alarms;
import dev.bulkhead.rules.condition.Conditions;
import dev.bulkhead.rules.condition.Judged;
import dev.bulkhead.rules.condition.Memory;
import dev.bulkhead.rules.condition.Pack;
import dev.bulkhead.rules.hazard.Hazards;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.LevelChange;
import dev.bulkhead.rules.hazard.RoomHazard;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Conditions, alarms and hazards of a shipped site at work on a board that a test writes. */
public final class TestBrain {
    /** All that is remembered. */
    public record Image(Memory.Image memory, Alarms.Image alarms, List<RoomHazard> hazards) {}

    public final Site site;
    public final TestBoard board;
    public final Conditions conditions;
    public final Alarms alarms;
    public final Hazards hazards;
    public final List<Judged> judged = new ArrayList<>();
    public final List<AlarmChange> alarmChanges = new ArrayList<>();
    public final List<LevelChange> levelChanges = new ArrayList<>();
    public Memory memory;

    public TestBrain(String site) {
        this(TestSites.site(site), TestPacks.batteryRoom());
    }

    public TestBrain(Site site, Pack pack) {
        this.site = site;
        var signals = SignalTable.of(site, TestSites.profiles());
        board = new TestBoard(signals);
        conditions = Conditions.compile(pack, site, signals);
        memory = conditions.memory();
        alarms = new Alarms(conditions.bindings());
        hazards = new Hazards(site);
    }

    /** One cycle at the board's now; then a second passes. */
    public void turn() {
        List<Judged> verdicts = conditions.judge(memory, board, board.turn());
        judged.addAll(verdicts);
        alarmChanges.addAll(alarms.judged(verdicts));
        levelChanges.addAll(hazards.judged(verdicts, alarms, board.now()));
        board.pass(Duration.ofSeconds(1));
    }

    /** Quiet cycles, with all measured every 5 s. */
    public void rest(Duration time) {
        var until = board.now().plus(time);
        while (board.now().isBefore(until)) {
            board.measureAllAsOnAQuietDay();
            turn();
            board.pass(Duration.ofSeconds(4));
        }
    }

    public Level level(String room) {
        return hazards.of(new RoomId(room)).level();
    }

    public Image image() {
        return new Image(memory.image(), alarms.image(), hazards.image());
    }

    /** As after a restart at an instant. */
    public void restore(Image image, Instant at) {
        memory = conditions.memory(image.memory());
        alarms.restore(image.alarms());
        hazards.restore(image.hazards());
        board.begin(at);
        judged.clear();
        alarmChanges.clear();
        levelChanges.clear();
    }
}
