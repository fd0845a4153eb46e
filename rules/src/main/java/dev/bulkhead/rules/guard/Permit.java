package dev.bulkhead.rules.guard;

import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.site.BreakerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Leave to open one breaker once. Only the guard makes one, and no breaker can be written without
 * one. It is bound to plan, step and breaker, expires, and is used up by the first {@link #redeem}.
 */
public final class Permit {
    /**
     * Longer than a select, a trip and a busy link take; short enough that the facts behind it
     * hold.
     */
    public static final Duration LIFE = Duration.ofSeconds(10);

    private final PlanId plan;
    private final int step;
    private final BreakerId breaker;
    private final Instant until;
    private boolean isUsed;

    Permit(PlanId plan, int step, BreakerId breaker, Instant now) {
        this.plan = plan;
        this.step = step;
        this.breaker = breaker;
        this.until = now.plus(LIFE);
    }

    public PlanId plan() {
        return plan;
    }

    public int step() {
        return step;
    }

    public BreakerId breaker() {
        return breaker;
    }

    public Instant until() {
        return until;
    }

    /**
     * Uses this permit up. Empty: it was used before, has expired, or is for another breaker. What
     * comes out is what a device write must carry.
     */
    public synchronized Optional<Leave> redeem(BreakerId wanted, Instant now) {
        if (isUsed || now.isAfter(until) || !breaker.equals(wanted)) {
            return Optional.empty();
        }
        isUsed = true;
        return Optional.of(new Leave(breaker, until));
    }

    /** A permit in use: the writes of one act carry it, and a late one is refused at the link. */
    public static final class Leave {
        private final BreakerId breaker;
        private final Instant until;

        private Leave(BreakerId breaker, Instant until) {
            this.breaker = breaker;
            this.until = until;
        }

        public boolean covers(BreakerId wanted, Instant now) {
            return breaker.equals(wanted) && !now.isAfter(until);
        }
    }

    @Override
    public String toString() {
        return "permit for " + breaker + ", plan " + plan + " step " + step + ", until " + until;
    }
}
