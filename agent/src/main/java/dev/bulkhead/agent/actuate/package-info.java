/**
 * One act at a breaker: a permitted intent comes in, a select and a trip go out, the position is
 * read back, and the end is told to the judge exactly once, as confirmed or failed. A state machine
 * without I/O. Nothing is remembered past the act in hand, nothing is decided, and a trip whose
 * answer is lost is never sent again.
 */
@NullMarked
package dev.bulkhead.agent.actuate;

import org.jspecify.annotations.NullMarked;
