/** Tests of the scores on hand-made ledgers. */
@NullMarked
package dev.bulkhead.simulator.score;

import org.jspecify.annotations.NullMarked;
