package dev.bulkhead.rules.guard;

import java.util.List;

/** The guard's answer. */
public sealed interface Decision {

    /** Yes, once. */
    record Permitted(Permit permit) implements Decision {}

    /** No, and everything that speaks against it. */
    record Denied(List<String> reasons) implements Decision {
        public Denied {
            reasons = List.copyOf(reasons);
        }
    }
}
