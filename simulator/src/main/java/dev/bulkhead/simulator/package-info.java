/**
 * The command line of the simulator, and what reads a facility's files for it. Paths come in; a
 * {@link dev.bulkhead.simulator.Facility} goes out, or all the mistakes of its files. What happens
 * in the facility, and how it is served, is known below this package.
 */
@NullMarked
package dev.bulkhead.simulator;

import org.jspecify.annotations.NullMarked;
