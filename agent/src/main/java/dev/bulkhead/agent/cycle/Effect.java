package dev.bulkhead.agent.cycle;

import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.Intent;
import java.util.List;

/** What the cycle wants done. */
public sealed interface Effect {
    /** Make these events durable, then answer with {@link Cycle#durable} under this ticket. */
    record Append(long ticket, List<Event> events) implements Effect {}

    /** Carry this out: its event is durable. */
    record Act(Intent intent) implements Effect {}
}
