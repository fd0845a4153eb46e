package dev.bulkhead.rules.guard;

import dev.bulkhead.rules.site.BreakerId;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** The breakers that may be opened without a person, by explicit configuration: none by default. */
public record Arming(Set<BreakerId> armed) {
    public static final Arming NOTHING = new Arming(Set.of());

    public Arming {
        armed = Collections.unmodifiableSet(new TreeSet<>(armed));
    }

    public boolean isArmed(BreakerId breaker) {
        return armed.contains(breaker);
    }
}
