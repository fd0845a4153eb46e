package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A peer that is not there must never look like one that agreed. */
class PeerConditionTest {
    private static final String PATH = System.getenv("PATH");

    @Test
    void aMissingPeerSkipsItsTestAndSaysHowToGetIt() {
        var condition = new PeerCondition(Map.of("PATH", PATH));
        var result = condition.evaluate(List.of("sh", "no-such-peer"));
        assertTrue(result.isDisabled());
        assertEquals(
                Optional.of("peer no-such-peer is not installed: make test PEERS=install"),
                result.getReason());
        assertDoesNotThrow(() -> condition.demand(List.of("no-such-peer")));
    }

    @Test
    void aMissingPeerFailsItsTestWhereItIsRequired() {
        var condition = new PeerCondition(Map.of("PATH", PATH, "BULKHEAD_PEERS", "required"));
        assertFalse(condition.evaluate(List.of("no-such-peer")).isDisabled());
        assertThrows(AssertionError.class, () -> condition.demand(List.of("no-such-peer")));
        assertDoesNotThrow(() -> condition.demand(List.of("sh")));
    }

    @Test
    void whatIsNamedByItsWholePathMustBeThere() {
        var condition = new PeerCondition(Map.of("PATH", PATH));
        assertTrue(condition.evaluate(List.of("/no/such/header.h")).isDisabled());
        assertFalse(condition.evaluate(List.of("/etc/passwd")).isDisabled());
    }
}
