package dev.bulkhead.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.Watch.Fate;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.RoomHazard;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

final class JudgePropertyTest {
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final Fate[] FATES = Fate.values();

    /**
     * Promise 1: whatever is evidence in one room says anything, acts come to any end, agents die,
     * journals fail and people approve; what is opened is that room's own.
     */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void evidenceInOneRoomOpensNothingOutsideItsBoundary() {
        int opened = 0;
        for (RoomId room : Watch.site().batteryRooms()) {
            for (long seed = 1; seed <= 16; seed++) {
                opened += burnAtRandom(room, seed);
            }
        }
        assertTrue(opened > 100, "acts there were: " + opened);
    }

    private static int burnAtRandom(RoomId room, long seed) {
        String which = "room " + room + ", seed " + seed;
        var random = new SplittableRandom(seed);
        var garbage = new Garbage(random);
        List<BreakerId> boundary = Watch.site().boundaryOf(room);
        Watch watch =
                (random.nextInt(4) == 0 ? Watch.advising() : Watch.armed())
                        .rest(Duration.ofSeconds(70));
        for (BreakerId breaker : boundary) {
            watch.fate(breaker, fate(random), fate(random), fate(random));
        }
        for (int turn = 0; turn < 300; turn++) {
            watch.turn(
                    TURN,
                    board -> {
                        for (Signal signal : Watch.signals()) {
                            if (isEvidence(signal, room)) {
                                garbage.say(board, signal);
                            } else {
                                watch.read(signal);
                            }
                        }
                    });
            meddle(watch, room, random);
        }

        List<Intent> intents = watch.intents();
        for (Intent intent : intents) {
            assertTrue(boundary.contains(intent.breaker()), () -> which + ": " + intent);
            assertEquals(intent.breaker(), intent.permit().breaker(), which);
        }
        assertEquals(
                intents.size(),
                new HashSet<>(intents.stream().map(Intent::id).toList()).size(),
                which + ": no act has the name of another");
        watch.heard(Event.Planned.class)
                .forEach(planned -> assertEquals(room, planned.room(), which));
        return intents.size();
    }

    private static Fate fate(SplittableRandom random) {
        return random.nextBoolean() ? Fate.OPENS : FATES[random.nextInt(FATES.length)];
    }

    /** What a room's failing is judged by; what its isolation is checked by stays true. */
    private static boolean isEvidence(Signal signal, RoomId room) {
        return signal.room().equals(room)
                && switch (signal.role().of()) {
                    case ROOM, RACK, MODULE -> true;
                    case BUSBAR -> signal.role() != Role.BUSBAR_VOLTAGE;
                    case UPS, BREAKER -> false;
                };
    }

    private static void meddle(Watch watch, RoomId room, SplittableRandom random) {
        switch (random.nextInt(150)) {
            case 0 -> watch.restart(random.nextBoolean());
            case 1 -> watch.journalIs(false);
            case 2, 3 -> watch.say(new Command.Resume());
            case 4, 5, 6 -> watch.state().isolation(room).ifPresent(_ -> watch.approve(room));
            case 7 -> watch.say(new Command.Release(room));
            default -> {}
        }
    }

    /**
     * Promise 3: once nothing is measured any more, no alarm clears, no vote begins or ends before
     * its window, no level falls but by that, and nothing is opened.
     */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void silenceAndGarbageClearNothingAndOpenNothing() {
        boolean hasFallen = false;
        boolean hasAlarmed = false;
        for (long seed = 1; seed <= 16; seed++) {
            var random = new SplittableRandom(seed);
            var garbage = new Garbage(random);
            Watch watch = Watch.armed().rest(Duration.ofMinutes(11));
            // As many lie as to reach, over the seeds, every level.
            int oneIn = 1 << random.nextInt(9);
            List<Signal> liars =
                    Watch.signals().stream().filter(_ -> random.nextInt(oneIn) == 0).toList();
            for (int turn = 0; turn < 40; turn++) {
                watch.turn(
                        TURN,
                        board -> {
                            Watch.signals().forEach(watch::read);
                            liars.forEach(signal -> garbage.say(board, signal));
                        });
            }
            hasAlarmed |= !watch.state().alarms().isEmpty();
            hasFallen |= fallSilent(watch, seed, random);
        }
        assertTrue(hasAlarmed, "alarms stood");
        assertTrue(hasFallen, "windows passed");
    }

    /** Whether a level fell as a window passed. */
    private static boolean fallSilent(Watch watch, long seed, SplittableRandom random) {
        String which = "seed " + seed;
        boolean hasFallen = false;
        // Past the longest window, 90 min.
        for (int turn = 0; turn < 240; turn++) {
            boolean isFirst = turn == 0;
            List<RoomHazard> before = watch.state().hazards();
            int heard = watch.journal().size();
            int wanted = watch.intents().size();
            var at = watch.now();
            watch.turn(
                    Duration.ofSeconds(25),
                    board -> {
                        for (Signal signal : Watch.signals()) {
                            int word = random.nextInt(isFirst ? 2 : 8);
                            if (word == 0) {
                                board.silence(signal);
                            } else if (word == 1) {
                                board.invalidate(signal);
                            }
                        }
                    });

            assertEquals(wanted, watch.intents().size(), which);
            List<Event> news = watch.journal().subList(heard, watch.journal().size());
            for (Event event : news) {
                if (event instanceof Event.AlarmChanged change) {
                    assertTrue(change.to().isActive(), () -> which + ": " + change);
                }
            }
            List<RoomHazard> after = watch.state().hazards();
            for (int room = 0; room < before.size(); room++) {
                List<Vote> standing =
                        before.get(room).votes().stream()
                                .filter(vote -> vote.until().isAfter(at))
                                .toList();
                assertEquals(standing, after.get(room).votes(), which);
                Level was = before.get(room).level();
                Level is = after.get(room).level();
                if (is.compareTo(was) < 0) {
                    hasFallen = true;
                    assertEquals(Level.SUSPECT, was, which + ": only what votes hold up falls");
                    assertFalse(
                            standing.containsAll(before.get(room).votes()), which + ": a window");
                }
                assertTrue(is.compareTo(was) <= 0, which + ": silence is no evidence");
            }
        }
        return hasFallen;
    }
}
