package dev.bulkhead.rules.guard;

import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.site.BreakerId;
import java.time.Instant;

/** Permits without a guard, for tests of what is done with them. */
public final class Leaves {
    private Leaves() {}

    public static Permit permit(String breaker, Instant now) {
        return new Permit(new PlanId("A1#1"), 1, new BreakerId(breaker), now);
    }

    public static Permit.Leave leave(String breaker, Instant now) {
        return permit(breaker, now).redeem(new BreakerId(breaker), now).orElseThrow();
    }
}
