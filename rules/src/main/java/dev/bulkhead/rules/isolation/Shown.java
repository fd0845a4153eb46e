package dev.bulkhead.rules.isolation;

import java.util.List;

/** How far a room is shown to be isolated. */
public sealed interface Shown {

    /** It is. */
    record Proven(Proof proof) implements Shown {}

    /**
     * Every boundary switch reads open, but a busbar isn't shown dead by a measurement of its own.
     */
    record Missing(List<String> missing) implements Shown {
        public Missing {
            missing = List.copyOf(missing);
        }
    }

    /** A boundary switch isn't shown open. */
    record NotOpen(List<String> reasons) implements Shown {
        public NotOpen {
            reasons = List.copyOf(reasons);
        }
    }
}
