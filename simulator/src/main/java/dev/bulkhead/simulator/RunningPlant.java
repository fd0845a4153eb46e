package dev.bulkhead.simulator;

import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Player;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A plant whose time runs, so many times as fast as the clock's. Its thread {@code plant} moves it;
 * others look at it, and act on it, under its lock.
 */
public final class RunningPlant implements AutoCloseable {
    /** Between two moves: short against the fastest poll, 1 s, at any speed a test runs at. */
    private static final Duration STEP = Duration.ofMillis(20);

    /**
     * How far the plant goes while others wait for it: two steps of its own. One that lags has much
     * to catch up with.
     */
    private static final Duration STRIDE = Duration.ofSeconds(1);

    private final Plant plant;
    private final Optional<Player> player;
    private final double speed;
    private final Instant start;

    /** Guards the plant and all that reads it: gateways, their units and faults. */
    private final Lock lock = new ReentrantLock(true);

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Thread thread = Thread.ofPlatform().name("plant").daemon().unstarted(this::run);

    /** A plant that nothing befalls. */
    public RunningPlant(Plant plant, double speed) {
        this(plant, Optional.empty(), speed);
    }

    /**
     * A plant and what befalls it.
     *
     * @param player of this plant; at its scenario's end the plant goes on by itself
     */
    public RunningPlant(Plant plant, Optional<Player> player, double speed) {
        this.plant = plant;
        this.player = player;
        this.speed = speed;
        this.start = plant.now();
    }

    public Lock lock() {
        return lock;
    }

    /** The plant's time; under the lock. */
    public Instant now() {
        return plant.now();
    }

    public void start() {
        thread.start();
    }

    private void run() {
        long began = System.nanoTime();
        try {
            while (!stopping.await(STEP.toNanos(), TimeUnit.NANOSECONDS)) {
                Instant due = start.plusNanos(Math.round((System.nanoTime() - began) * speed));
                while (stopping.getCount() > 0 && lagsAfterAStride(due)) {
                    // Whoever waited has had a turn.
                }
            }
            end.complete(null);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            end.complete(null);
        } catch (RuntimeException broken) {
            end.completeExceptionally(broken);
        }
    }

    /** Goes a stride towards an instant, if it is so far; whether there is more to go. */
    private boolean lagsAfterAStride(Instant due) {
        lock.lock();
        try {
            Instant next = plant.now().plus(STRIDE);
            Instant until = next.isBefore(due) ? next : due;
            player.ifPresent(it -> it.advanceTo(until));
            plant.advanceTo(until);
            return until.isBefore(due);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for {@link #close}; throws what broke the plant, should it break before. */
    public void awaitEnd() {
        end.join();
    }

    @Override
    public void close() {
        stopping.countDown();
    }
}
