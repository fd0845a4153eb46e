package dev.bulkhead.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Role;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise 2: on a quiet site where every breaker is armed, one device or one gateway that says
 * anything at all, for hours, makes no room FAILING and opens nothing.
 */
final class NoSingleCausePropertyTest {
    private static final int SEEDS_PER_DEVICE = 3;
    private static final int SEEDS_PER_GATEWAY = 12;

    private static final Duration LYING = Duration.ofHours(2);
    private static final Duration TURN = Duration.ofSeconds(10);

    static Stream<Arguments> devices() {
        return Watch.site().devices().keySet().stream()
                .flatMap(
                        device ->
                                LongStream.rangeClosed(1, SEEDS_PER_DEVICE)
                                        .mapToObj(seed -> Arguments.of(device, seed)));
    }

    static Stream<Arguments> gateways() {
        return Watch.site().gateways().keySet().stream()
                .flatMap(
                        gateway ->
                                LongStream.rangeClosed(1, SEEDS_PER_GATEWAY)
                                        .mapToObj(seed -> Arguments.of(gateway, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("devices")
    void noSingleDeviceIsolatesARoom(DeviceId device, long seed) {
        lie(signal -> signal.device().equals(device), seed);
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("gateways")
    void noSingleGatewayIsolatesARoom(GatewayId gateway, long seed) {
        lie(signal -> signal.gateway().equals(gateway), seed);
    }

    private static void lie(Predicate<Signal> isLiar, long seed) {
        var garbage = new Garbage(new SplittableRandom(seed));
        Predicate<Signal> isModule = signal -> signal.role().of() == Role.Of.MODULE;
        List<Signal> liars = signals(isLiar);
        List<Signal> modules = signals(isLiar.negate().and(isModule));
        List<Signal> others = signals(isLiar.negate().and(isModule.negate()));
        Watch watch = Watch.armed().rest(Duration.ofMinutes(11));
        for (int turn = 0; turn < LYING.dividedBy(TURN); turn++) {
            // Modules as seldom as they may without growing old: they say the same each time.
            List<Signal> seldom = turn % 3 == 0 ? modules : List.of();
            watch.turn(
                    TURN,
                    board -> {
                        others.forEach(watch::read);
                        seldom.forEach(watch::read);
                        liars.forEach(signal -> garbage.say(board, signal));
                    });
        }
        assertEquals(
                List.of(),
                watch.heard(Event.LevelChanged.class)
                        .filter(change -> change.to() == Level.FAILING)
                        .toList());
        assertEquals(List.of(), watch.heard(Event.Planned.class).toList());
        assertEquals(List.of(), watch.intents());
    }

    private static List<Signal> signals(Predicate<Signal> which) {
        return Watch.signals().stream().filter(which).toList();
    }
}
