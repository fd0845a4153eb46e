package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.condition.ConditionId;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToldTest {
    private static final RoomId A1 = new RoomId("A1");
    private static final Instant NOW = Instant.parse("2026-01-15T06:00:00Z");

    private static Vote vote(String device, String evidence) {
        return new Vote(
                new ConditionId("room-smoke-vote"),
                Kind.SMOKE,
                A1,
                new Subject.OfRoom(A1),
                new DeviceId(device),
                new GatewayId("field"),
                NOW,
                NOW.plusSeconds(60),
                evidence);
    }

    private static String said(Level to, Vote... votes) {
        return Told.decision(new Event.LevelChanged(NOW, A1, Level.SUSPECT, to, List.of(votes)))
                .text();
    }

    @Test
    void ofTwoDevicesThatSayTheSameEachIsNamed() {
        assertEquals(
                "smoke set (smoke-1); earth fault; smoke set (smoke-2)",
                said(
                        Level.FAILING,
                        vote("smoke-1", "smoke set"),
                        vote("insulation", "earth fault"),
                        vote("smoke-2", "smoke set")));
    }

    @Test
    void aLevelWithoutVotesSaysSo() {
        assertEquals("something stands out, and nothing votes", said(Level.WATCH));
        assertEquals("nothing stands out any more", said(Level.NORMAL));
    }
}
