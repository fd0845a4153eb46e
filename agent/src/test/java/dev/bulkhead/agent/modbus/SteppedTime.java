package dev.bulkhead.agent.modbus;

import dev.bulkhead.agent.AgentTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Agent time that goes on in steps, over real sockets: it stands still until every driver has
 * looked at it twice since the step before, so that a machine with too much to do delays nobody in
 * it.
 */
final class SteppedTime {
    static final Duration STEP = Duration.ofMillis(50);

    /** How long a driver may stay away on the wall before it counts as stuck. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long a driver waits on the wall before it looks again. */
    private static final Duration LOOK = Duration.ofNanos(200_000);

    /** The time as one driver sees it; counts how often it was about to wait. */
    private final class View implements AgentTime {
        private long waits;

        @Override
        public Instant now() {
            return SteppedTime.this.now();
        }

        @Override
        public Duration wall(Duration agentDuration) {
            synchronized (SteppedTime.this) {
                waits++;
                SteppedTime.this.notifyAll();
            }
            return agentDuration.isPositive() ? LOOK : Duration.ZERO;
        }

        @Override
        public Duration agent(Duration wallDuration) {
            return wallDuration;
        }
    }

    private final List<View> views = new ArrayList<>();
    private final List<BooleanSupplier> rests = new ArrayList<>();
    private Instant now = Bench.START;

    synchronized Instant now() {
        return now;
    }

    /** The time for one driver, from now on waited for. */
    synchronized AgentTime view() {
        var view = new View();
        views.add(view);
        return view;
    }

    /** Stands still too while this doesn't hold. To be said before the first step. */
    synchronized void stepsOnlyWhile(BooleanSupplier rest) {
        rests.add(rest);
    }

    synchronized void awaitInstant(Instant end) throws InterruptedException {
        while (now.isBefore(end)) {
            wait();
        }
    }

    void run(Duration time) throws InterruptedException {
        settle();
        Instant end = now().plus(time);
        while (now().isBefore(end)) {
            step();
        }
    }

    private void step() throws InterruptedException {
        synchronized (this) {
            now = now.plus(STEP);
            notifyAll();
        }
        settle();
    }

    /** Until whatever is due now is done. */
    private void settle() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        awaitViews(deadline);
        for (BooleanSupplier rest : rests) {
            while (!rest.getAsBoolean()) {
                TimeUnit.MICROSECONDS.sleep(50);
                checkPatience(deadline);
            }
        }
    }

    private synchronized void awaitViews(long deadline) throws InterruptedException {
        for (View view : views) {
            long seen = view.waits;
            while (view.waits < seen + 2) {
                wait(PATIENCE.toMillis());
                checkPatience(deadline);
            }
        }
    }

    private static void checkPatience(long deadline) {
        if (System.nanoTime() - deadline > 0) {
            throw new AssertionError("a link or a slave stands still");
        }
    }
}
