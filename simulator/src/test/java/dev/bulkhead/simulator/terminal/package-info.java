/** Tests of what a terminal shows. */
@NullMarked
package dev.bulkhead.simulator.terminal;

import org.jspecify.annotations.NullMarked;
