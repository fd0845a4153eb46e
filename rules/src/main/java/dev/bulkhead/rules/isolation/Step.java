package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.site.BreakerId;

/** One act of a plan: open this breaker. */
public record Step(int number, BreakerId breaker, String why) {}
