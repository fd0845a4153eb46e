package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.signal.Signal;

/**
 * A vote that isn't cast though what its condition asks is so.
 *
 * @param signal the signal it is bound to
 * @param why what would have to be so before it counts, or what isn't known of that
 */
public record HeldBack(Condition condition, Signal signal, String why) {}
