/**
 * Truth against what was done. Records of runs come in, one per policy, in words and numbers of
 * their own; figures, {@code report.json} and {@code report.html} go out. Every figure of supply
 * and of the zone comes from the plant's own ledger, never from what the agent believes. Nothing is
 * played or judged here.
 */
@NullMarked
package dev.bulkhead.simulator.score;

import org.jspecify.annotations.NullMarked;
