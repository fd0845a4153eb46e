package dev.bulkhead.rules.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InterlocksTest {
    private static final BreakerId OUTER = new BreakerId("QB-A1-1");

    private final QuietDay day = QuietDay.at("two-rooms");
    private final Interlocks interlocks = new Interlocks(day.site(), day.graph());

    @Test
    void aHealthyBreakerHasNone() {
        assertEquals(List.of(), interlocks.of(OUTER, day.board(), day.now()));
    }

    @Test
    void everyHindranceIsNamedAtOnce() {
        day.board()
                .flag(OUTER, Role.BREAKER_LOCAL, true, day.now())
                .flag(OUTER, Role.BREAKER_RACKED_IN, false, day.now())
                .flag(OUTER, Role.BREAKER_TRIP_CIRCUIT_HEALTHY, false, day.now())
                .flag(OUTER, Role.BREAKER_CONTROL_SUPPLY_HEALTHY, false, day.now())
                .position(OUTER, Position.BAD, day.now());

        assertEquals(
                List.of(
                        "breaker QB-A1-1: switched to LOCAL",
                        "breaker QB-A1-1: racked out",
                        "breaker QB-A1-1: trip circuit not healthy",
                        "breaker QB-A1-1: control supply not healthy",
                        "breaker QB-A1-1: position reads BAD"),
                interlocks.of(OUTER, day.board(), day.now()));
    }

    @Test
    void silenceIsAHindranceToo() {
        day.board().silence(new Subject.OfBreaker(OUTER), Role.BREAKER_LOCAL);

        assertEquals(
                List.of("breaker QB-A1-1: breaker.local is unknown"),
                interlocks.of(OUTER, day.board(), day.now()));
    }

    @Test
    void aBreakerMovedByHandNeedsNoMoreReasons() {
        assertEquals(
                List.of("breaker Q-H1A-IN: moved by hand only"),
                interlocks.of(new BreakerId("Q-H1A-IN"), day.board(), day.now()));
    }
}
