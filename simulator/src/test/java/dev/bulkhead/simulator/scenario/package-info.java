/** Tests of scenarios, their files and their playing. */
@NullMarked
package dev.bulkhead.simulator.scenario;

import org.jspecify.annotations.NullMarked;
