package dev.bulkhead.rules.hazard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.Garbage;
import dev.bulkhead.rules.TestBrain;
import dev.bulkhead.rules.condition.Judged;
import dev.bulkhead.rules.condition.Verdict;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.RoomId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Laws of the whole chain from readings to levels, on the shipped pack. */
final class HazardPropertyTest {
    private final TestBrain brain = new TestBrain("two-rooms");
    private final TestBrain.Image rested;
    private final Instant start;

    HazardPropertyTest() {
        brain.rest(Duration.ofMinutes(11));
        rested = brain.image();
        start = brain.board.now();
    }

    private void beginAgain() {
        brain.restore(rested, start);
    }

    @Test
    void noSingleDeviceMakesARoomFailingWhateverItSays() {
        for (var device : brain.site.devices().keySet()) {
            for (long seed = 1; seed <= 2; seed++) {
                lie(signal -> signal.device().equals(device), seed, 80, device.value());
            }
        }
    }

    @Test
    void noSingleGatewayMakesARoomFailingWhateverAllBehindItSay() {
        for (var gateway : brain.site.gateways().keySet()) {
            for (long seed = 1; seed <= 5; seed++) {
                lie(signal -> signal.gateway().equals(gateway), seed, 120, gateway.value());
            }
        }
    }

    private void lie(Predicate<Signal> isLiar, long seed, int turns, String who) {
        beginAgain();
        var garbage = new Garbage(new SplittableRandom(seed));
        for (int turn = 0; turn < turns; turn++) {
            brain.board.measureAllAsOnAQuietDay();
            for (Signal signal : brain.board.signals().all()) {
                if (isLiar.test(signal)) {
                    garbage.say(brain.board, signal);
                }
            }
            brain.turn();
            for (RoomId room : brain.site.rooms().keySet()) {
                assertTrue(
                        brain.level(room.value()).compareTo(Level.FAILING) < 0,
                        () -> who + " alone, seed " + seed + ": " + brain.hazards.of(room));
            }
        }
    }

    /** All strings carry the load, warm together and spread their cells; nothing is failing. */
    @Test
    void aMainsFailureLeavesEveryRoomAtOrBelowWatch() {
        for (long seed = 1; seed <= 3; seed++) {
            beginAgain();
            var random = new SplittableRandom(seed);
            Map<Signal, Double> offsets = new HashMap<>();
            brain.board
                    .signals()
                    .all()
                    .forEach(signal -> offsets.put(signal, random.nextDouble(-1, 1)));
            for (int second = 0; second < 20 * 60; second++) {
                brain.board.measureAllAsOnAQuietDay();
                mainsFailed(second, offsets, random);
                brain.turn();
                for (RoomId room : brain.site.rooms().keySet()) {
                    Level level = brain.level(room.value());
                    int at = second;
                    long with = seed;
                    assertTrue(
                            level.compareTo(Level.WATCH) <= 0,
                            () -> "seed " + with + " at " + at + " s: " + brain.hazards.of(room));
                }
            }
            assertEquals(Level.WATCH, brain.level("A1"), "warm racks are watched");
        }
    }

    /** Twelve minutes of discharge, then charging; a device's blocks are read at odd instants. */
    private void mainsFailed(int second, Map<Signal, Double> offsets, SplittableRandom random) {
        boolean isOut = second < 12 * 60;
        double warmed = isOut ? second * 3.5 / 60 : 42 - (second - 720) * 0.5 / 60;
        for (Signal signal : brain.board.signals().all()) {
            double offset = offsets.getOrDefault(signal, 0.0);
            switch (signal.role()) {
                case RACK_CURRENT -> {
                    // The current may be read some seconds after the voltages.
                    if (second > 3 || random.nextBoolean()) {
                        number(signal, isOut ? -180 + offset : 60);
                    } else {
                        brain.board.silence(signal);
                    }
                }
                case RACK_CELL_VOLTAGE_AVERAGE, MODULE_CELL_VOLTAGE_AVERAGE ->
                        number(signal, isOut ? 3.8 : 4.0);
                case RACK_CELL_VOLTAGE_MIN, MODULE_CELL_VOLTAGE_MIN ->
                        number(signal, isOut ? 3.695 : 3.97);
                case RACK_TEMPERATURE_MAX, MODULE_TEMPERATURE, BANK_TEMPERATURE_MAX ->
                        number(signal, 24 + warmed + offset);
                case UPS_ON_BATTERY -> brain.board.measure(signal, new Value.Flag(isOut));
                case UPS_RECTIFIER_INPUT -> brain.board.measure(signal, new Value.Flag(!isOut));
                default -> {}
            }
        }
    }

    private void number(Signal signal, double number) {
        brain.board.measure(signal, new Value.Quantity(number));
    }

    @Test
    void sameInputsSameImageWhateverRanBefore() {
        List<TestBrain.Image> images = new ArrayList<>();
        List<List<Judged>> verdicts = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            lie(signal -> signal.gateway().value().equals("A1-bms"), 7, 60, "A1-bms");
            images.add(brain.image());
            verdicts.add(List.copyOf(brain.judged));
        }

        assertEquals(images.getFirst(), images.getLast());
        assertEquals(
                verdicts.getFirst().stream().map(Judged::evidence).toList(),
                verdicts.getLast().stream().map(Judged::evidence).toList());
    }

    /** Whatever stood when all fell silent: no verdict but UNKNOWN follows, age apart. */
    @Test
    void silenceNeverClearsNorBreaches() {
        for (long seed = 1; seed <= 20; seed++) {
            beginAgain();
            var random = new SplittableRandom(seed);
            var garbage = new Garbage(random);
            for (int turn = 0; turn < 30; turn++) {
                for (Signal signal : brain.board.signals().all()) {
                    garbage.say(brain.board, signal);
                }
                brain.turn();
            }
            brain.judged.clear();
            for (int turn = 0; turn < 40; turn++) {
                for (Signal signal : brain.board.signals().all()) {
                    if (random.nextInt(4) == 0) {
                        brain.board.silence(signal);
                    } else if (random.nextInt(8) == 0) {
                        brain.board.invalidate(signal);
                    }
                }
                brain.turn();
            }
            long with = seed;
            for (Judged judged : brain.judged) {
                assertTrue(
                        judged.verdict() == Verdict.UNKNOWN
                                || judged.condition().when().toString().startsWith("age("),
                        () -> "seed " + with + ": " + judged.evidence());
            }
        }
    }
}
