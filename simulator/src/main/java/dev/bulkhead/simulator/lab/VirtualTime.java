package dev.bulkhead.simulator.lab;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that jumps from one event to the next. One thread; events at one instant run in the order
 * they were asked for, so a run repeats exactly.
 */
final class VirtualTime {
    private record Due(Instant at, long sequence, Runnable act) {}

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::sequence));
    private Instant now;
    private long sequence;

    VirtualTime(Instant start) {
        this.now = start;
    }

    Instant now() {
        return now;
    }

    /** Runs {@code act} at that instant, or next if it has passed. */
    void at(Instant when, Runnable act) {
        due.add(new Due(when.isBefore(now) ? now : when, sequence++, act));
    }

    /** Runs everything due until then, and is then there. */
    void runUntil(Instant end) {
        for (Due next = due.peek(); next != null && !next.at.isAfter(end); next = due.peek()) {
            due.remove();
            now = next.at;
            next.act.run();
        }
        now = end;
    }
}
