package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.SerialLine;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LinkTimingsTest {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final LinkTimings TIMINGS = Bench.TIMINGS;

    @Test
    void eachFailureWaitsLongerUpToTheCapAndTheSameEachTime() {
        for (int device = 0; device < 500; device++) {
            String who = "rack-" + device;
            Duration before = Duration.ZERO;
            for (int failures = 1; failures <= 40; failures++) {
                Duration wait = TIMINGS.backoff(FIRST, failures, who);
                Duration full =
                        failures > 4
                                ? TIMINGS.backoffCap()
                                : FIRST.multipliedBy(1L << (failures - 1));
                assertTrue(wait.compareTo(full) <= 0, who + " " + wait);
                assertTrue(
                        wait.compareTo(full.multipliedBy(3).dividedBy(4)) >= 0, who + " " + wait);
                assertTrue(failures > 4 || wait.compareTo(before) > 0, who + " " + wait);
                assertEquals(wait, TIMINGS.backoff(FIRST, failures, who));
                before = wait;
            }
        }
    }

    @Test
    void whoFailedTogetherDoesNotComeBackTogether() {
        assertNotEquals(TIMINGS.backoff(FIRST, 5, "rack-1"), TIMINGS.backoff(FIRST, 5, "rack-2"));
        long distinct =
                IntStream.range(0, 100)
                        .mapToObj(device -> TIMINGS.backoff(FIRST, 5, "rack-" + device))
                        .distinct()
                        .count();
        assertTrue(distinct > 90, distinct + " different waits of 100");
    }

    /** Modbus over serial line 1.02, section 2.5.1.1: 3.5 characters, 1.75 ms above 19200 baud. */
    @Test
    void aSerialLineIsQuietBetweenFramesAndHasTimeForThem() {
        LinkTimings slow = serial(new SerialLine("/dev/a", 9600, SerialLine.Parity.EVEN, 8, 1));
        assertEquals(Duration.ofNanos(4_010_417), slow.pauseBetweenRequests());
        assertTrue(slow.pauseAfterConnect().compareTo(slow.pauseBetweenRequests()) > 0);
        // 512 characters of 11 bits.
        assertEquals(TIMINGS.requestTimeout().plusNanos(586_666_667), slow.requestTimeout());
        assertEquals(TIMINGS.silenceAfter().plusNanos(586_666_667), slow.silenceAfter());
        assertEquals(
                Duration.ofNanos(1_750_000),
                serial(new SerialLine("/dev/a", 115_200, SerialLine.Parity.NONE, 8, 2))
                        .pauseBetweenRequests());
    }

    private static LinkTimings serial(SerialLine line) {
        return TIMINGS.forGateway(new Gateway(Bench.GATEWAY, new Link.Rtu(line), Courtesy.NONE));
    }

    @Test
    void theLongerOfTwoPausesHolds() {
        var courtesy = new Courtesy(false, Duration.ofMillis(200), Duration.ofMillis(50));
        LinkTimings polite =
                TIMINGS.forGateway(
                        new Gateway(Bench.GATEWAY, new Link.RtuOverTcp("h", 1), courtesy));
        assertEquals(Duration.ofMillis(200), polite.pauseAfterConnect());
        assertEquals(Duration.ofMillis(50), polite.pauseBetweenRequests());
        assertEquals(TIMINGS, TIMINGS.forGateway(Gateway.tcp(Bench.GATEWAY, "h", 1)));
    }
}
