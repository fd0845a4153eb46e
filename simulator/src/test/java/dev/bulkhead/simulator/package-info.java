/** Tests across the simulator's packages. */
@NullMarked
package dev.bulkhead.simulator;

import org.jspecify.annotations.NullMarked;
