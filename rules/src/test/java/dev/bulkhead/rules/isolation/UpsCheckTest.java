package dev.bulkhead.rules.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UpsCheckTest {
    private static final NodeId UPS = new NodeId("H1A");

    private final QuietDay day = QuietDay.at("two-rooms");
    private final Instant write = day.now();
    private final Instant later = write.plusSeconds(2);

    @Test
    void aReadingRequestedBeforeTheWriteDoesNotShowThatTheUpsStillRuns() {
        assertInstanceOf(UpsCheck.Runs.class, UpsCheck.look(UPS, day.board(), later));
        assertInstanceOf(UpsCheck.Hold.class, UpsCheck.look(UPS, day.board(), write, later));
    }

    @Test
    void afterTheWriteItRunsOnItsRectifierThoughItsBatteryIsOpen() {
        readAfterTheWrite();
        day.board().flag(UPS, Role.UPS_BATTERY_CIRCUIT_OPEN, true, later);

        assertEquals(new UpsCheck.Runs(UPS), UpsCheck.look(UPS, day.board(), write, later));
    }

    @Test
    void aUpsThatFellToBypassHoldsTheNextStep() {
        readAfterTheWrite();
        day.board().flag(UPS, Role.UPS_ON_BYPASS, true, later);

        assertEquals(
                new UpsCheck.Hold(UPS, List.of("UPS H1A: on bypass")),
                UpsCheck.look(UPS, day.board(), write, later));
    }

    private void readAfterTheWrite() {
        day.board()
                .flag(UPS, Role.UPS_RECTIFIER_INPUT, true, later)
                .flag(UPS, Role.UPS_LOAD_ON_INVERTER, true, later)
                .flag(UPS, Role.UPS_ON_BYPASS, false, later)
                .flag(UPS, Role.UPS_ON_BATTERY, false, later);
    }
}
