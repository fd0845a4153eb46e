package dev.bulkhead.agent.actuate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.modbus.Answer;
import dev.bulkhead.agent.modbus.Bench;
import dev.bulkhead.agent.modbus.Exchange;
import dev.bulkhead.agent.modbus.Image;
import dev.bulkhead.rules.Input;
import dev.bulkhead.rules.Intent;
import dev.bulkhead.rules.IntentId;
import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.guard.Permit;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.BreakerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ActuationTest {
    // Breaker 2 of the panel: register 1, coils 2 and 3.
    private static final BreakerId BREAKER = Bench.breaker(2);
    private static final int SELECT = 2;
    private static final int TRIP = 3;
    private static final Duration ROUND_TRIP = Duration.ofMillis(10);
    private static final int OPEN = 0b10;
    private static final int CLOSED = 0b01;
    private static final int MOVING = 0b00;
    private static final int BAD = 0b11;

    private final Bench bench = new Bench(502);
    private final Actuation actuation = new Actuation(BreakerWiring.of(bench.site, bench.profiles));
    private final List<Exchange> submitted = new ArrayList<>();
    private final List<Input> ends = new ArrayList<>();
    private Instant now = Bench.START;

    /** What the link and the panel do with an exchange; empty: no answer ever. */
    private interface Panel extends Function<Exchange, Optional<Answer>> {}

    /** Selects and trips as it should, and then reads as given, the last for good. */
    private Panel panel(Optional<Answer> select, Optional<Answer> trip, int... positions) {
        var reads = new int[1];
        return exchange ->
                switch (exchange) {
                    case Exchange.WriteCoil write when write.address() == SELECT -> select;
                    case Exchange.WriteCoil _ -> trip;
                    case Exchange.ReadRegisters _ ->
                            positions.length == 0
                                    ? Optional.of(new Answer.Lost(answeredAt(), "no answer"))
                                    : Optional.of(
                                            values(
                                                    positions[
                                                            Math.min(
                                                                    reads[0]++,
                                                                    positions.length - 1)]));
                    case Exchange.ReadBits _, Exchange.WriteAsTold _ ->
                            throw new IllegalStateException("not asked for");
                };
    }

    private Answer values(int register) {
        return new Answer.Values(now, answeredAt(), Image.of(register));
    }

    private Instant answeredAt() {
        return now.plus(ROUND_TRIP);
    }

    private static Optional<Answer> written() {
        Instant at = Bench.START;
        return Optional.of(new Answer.Written(at, at.plus(ROUND_TRIP)));
    }

    private static Optional<Answer> refused() {
        return Optional.of(new Answer.Refused(Bench.START, 2, "exception 2"));
    }

    private static Optional<Answer> lost() {
        return Optional.of(new Answer.Lost(Bench.START, "no answer"));
    }

    private static Optional<Answer> notSent() {
        return Optional.of(new Answer.NotSent(Bench.START, "no link"));
    }

    private Permit permit() {
        return Leaves.permit(BREAKER.value(), now);
    }

    private void carryOut(Permit permit, Panel panel) {
        var intent = new Intent(new IntentId("A1#1.1.1"), BREAKER, permit);
        apply(actuation.on(new Actuation.Event.Begin(intent), now), panel);
        while (actuation.wakeAt().isPresent()) {
            Instant next = actuation.wakeAt().get();
            now = next.isAfter(now) ? next : now;
            apply(actuation.on(new Actuation.Event.Tick(), now), panel);
        }
    }

    private void apply(List<Actuation.Effect> effects, Panel panel) {
        for (Actuation.Effect effect : effects) {
            switch (effect) {
                case Actuation.Effect.Done(Input end) -> ends.add(end);
                case Actuation.Effect.Submit(long number, var gateway, Exchange exchange) -> {
                    assertEquals(Bench.GATEWAY, gateway);
                    assertEquals(Bench.PANEL, exchange.unit());
                    submitted.add(exchange);
                    Optional<Answer> answer = panel.apply(exchange);
                    if (answer.isPresent()) {
                        now = answeredAt();
                        apply(
                                actuation.on(
                                        new Actuation.Event.Answered(number, answer.get()), now),
                                panel);
                    }
                }
            }
        }
    }

    private Input end() {
        assertEquals(1, ends.size(), ends::toString);
        assertTrue(actuation.hasEnded());
        return ends.getFirst();
    }

    private long writes(int coil) {
        return submitted.stream()
                .filter(
                        exchange ->
                                exchange instanceof Exchange.WriteCoil write
                                        && write.address() == coil)
                .count();
    }

    @Test
    void selectsTripsAndReadsUntilTheBreakerIsOpen() {
        carryOut(permit(), panel(written(), written(), CLOSED, MOVING, OPEN));

        var confirmed = assertInstanceOf(Input.Confirmed.class, end());
        assertEquals(Position.OPEN, confirmed.position());
        assertTrue(confirmed.requestedAt().isAfter(confirmed.writtenAt()));
        assertEquals(
                List.of(
                        "WriteCoil",
                        "WriteCoil",
                        "ReadRegisters",
                        "ReadRegisters",
                        "ReadRegisters"),
                submitted.stream().map(exchange -> exchange.getClass().getSimpleName()).toList());
        assertEquals(1, ((Exchange.ReadRegisters) submitted.getLast()).address());
        assertEquals(BREAKER, ((Exchange.WriteCoil) submitted.getFirst()).breaker());
    }

    static Stream<Arguments> endsThatFail() {
        return Stream.of(
                Arguments.argumentSet(
                        "select refused, as in LOCAL",
                        refused(),
                        written(),
                        new int[] {CLOSED},
                        false,
                        0),
                Arguments.argumentSet(
                        "select not answered", lost(), written(), new int[] {CLOSED}, false, 0),
                Arguments.argumentSet(
                        "select never sent", notSent(), written(), new int[] {CLOSED}, false, 0),
                Arguments.argumentSet(
                        "select swallowed",
                        Optional.empty(),
                        written(),
                        new int[] {CLOSED},
                        false,
                        0),
                Arguments.argumentSet(
                        "trip refused", written(), refused(), new int[] {CLOSED}, false, 1),
                Arguments.argumentSet(
                        "trip lost and closed", written(), lost(), new int[] {CLOSED}, true, 1),
                Arguments.argumentSet(
                        "trip lost and not readable", written(), lost(), new int[] {}, true, 1),
                Arguments.argumentSet(
                        "trip swallowed and closed",
                        written(),
                        Optional.empty(),
                        new int[] {CLOSED},
                        true,
                        1),
                Arguments.argumentSet(
                        "tripped and stuck", written(), written(), new int[] {CLOSED}, true, 1),
                Arguments.argumentSet(
                        "tripped and between", written(), written(), new int[] {MOVING}, true, 1),
                Arguments.argumentSet(
                        "tripped and contacts bad", written(), written(), new int[] {BAD}, true, 1),
                Arguments.argumentSet(
                        "tripped and not readable", written(), written(), new int[] {}, true, 1));
    }

    @ParameterizedTest
    @MethodSource("endsThatFail")
    void anActThatIsNotSeenToOpenFailsOnceAndSaysWhetherItMayHaveMoved(
            Optional<Answer> select,
            Optional<Answer> trip,
            int[] positions,
            boolean mayHaveMoved,
            int trips) {
        carryOut(permit(), panel(select, trip, positions));

        var failed = assertInstanceOf(Input.Failed.class, end());
        assertEquals(mayHaveMoved, failed.mayHaveMoved(), failed::toString);
        assertEquals(trips, writes(TRIP));
        assertTrue(Duration.between(Bench.START, now).compareTo(Duration.ofSeconds(16)) < 0);
    }

    @Test
    void aTripWhoseAnswerIsLostIsReadAndNotRepeated() {
        carryOut(permit(), panel(written(), lost(), MOVING, OPEN));

        assertInstanceOf(Input.Confirmed.class, end());
        assertEquals(1, writes(TRIP));
    }

    @Test
    void aTripThatNeverLeftIsTriedAgainWhileTheSelectLasts() {
        var times = new int[1];
        Panel good = panel(written(), written(), OPEN);
        carryOut(
                permit(),
                exchange ->
                        exchange instanceof Exchange.WriteCoil write
                                        && write.address() == TRIP
                                        && times[0]++ < 3
                                ? notSent()
                                : good.apply(exchange));

        assertInstanceOf(Input.Confirmed.class, end());
        assertEquals(4, writes(TRIP));
    }

    @Test
    void aTripThatNeverLeftUntilTheSelectLapsedFailsUnmoved() {
        carryOut(permit(), panel(written(), notSent(), CLOSED));

        var failed = assertInstanceOf(Input.Failed.class, end());
        assertEquals(false, failed.mayHaveMoved());
        assertTrue(failed.reason().contains("no link"), failed::reason);
    }

    @Test
    void withoutAGoodPermitNothingIsSent() {
        Permit used = permit();
        used.redeem(BREAKER, now);
        carryOut(used, panel(written(), written(), OPEN));

        assertEquals(false, assertInstanceOf(Input.Failed.class, end()).mayHaveMoved());
        assertEquals(List.of(), submitted);
    }

    @Test
    void anExpiredPermitSendsNothing() {
        Permit old = permit();
        now = now.plus(Permit.LIFE).plusNanos(1);
        carryOut(old, panel(written(), written(), OPEN));

        assertInstanceOf(Input.Failed.class, end());
        assertEquals(List.of(), submitted);
    }

    @Test
    void aPermitForAnotherBreakerSendsNothing() {
        carryOut(Leaves.permit("Q3", now), panel(written(), written(), OPEN));

        assertInstanceOf(Input.Failed.class, end());
        assertEquals(List.of(), submitted);
    }

    @Test
    void aBreakerWithoutATripCoilIsSaidToHaveNone() {
        var intent = new Intent(new IntentId("A1#1.1.1"), new BreakerId("Q99"), permit());
        apply(
                actuation.on(new Actuation.Event.Begin(intent), now),
                panel(written(), written(), OPEN));

        assertEquals(
                "nothing is wired to trip Q99",
                assertInstanceOf(Input.Failed.class, end()).reason());
    }

    @Test
    void anAnswerThatComesAfterTheEndChangesNothing() {
        carryOut(permit(), panel(written(), written(), OPEN));

        for (long number = 0; number < 5; number++) {
            assertEquals(
                    List.of(),
                    actuation.on(
                            new Actuation.Event.Answered(number, written().orElseThrow()), now));
        }
        assertEquals(Optional.empty(), actuation.wakeAt());
    }

    @Test
    void anActIsBegunOnce() {
        carryOut(permit(), panel(written(), written(), OPEN));
        var again = new Actuation.Event.Begin(new Intent(new IntentId("x"), BREAKER, permit()));

        assertThrows(IllegalStateException.class, () -> actuation.on(again, now));
    }
}
