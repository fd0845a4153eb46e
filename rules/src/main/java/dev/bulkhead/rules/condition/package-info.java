/**
 * Rule expressions over roles, compiled and type-checked at load. Readings come in, a verdict for
 * each condition and subject goes out: CLEAR, BREACHED or UNKNOWN, with its evidence.
 */
@NullMarked
package dev.bulkhead.rules.condition;

import org.jspecify.annotations.NullMarked;
