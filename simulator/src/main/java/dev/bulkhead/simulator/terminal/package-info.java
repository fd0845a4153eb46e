/**
 * A run as it is seen from a terminal while it goes on. Events and the state of things come in, as
 * words; lines go out, and with a terminal a few more that are kept up to date below them. Decides
 * nothing and remembers only what it last drew.
 */
@NullMarked
package dev.bulkhead.simulator.terminal;

import org.jspecify.annotations.NullMarked;
