package dev.bulkhead.rules;

import dev.bulkhead.rules.guard.Permit;
import dev.bulkhead.rules.site.BreakerId;

/** An act the judge wants done: open this breaker. Sent only after its event is durable. */
public record Intent(IntentId id, BreakerId breaker, Permit permit) {}
