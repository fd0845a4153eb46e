/**
 * Feeds inputs to the judge and hands out the outcome. Readings, people's commands and the ends of
 * acts come in; entries for the journal and acts to carry out go out. Owns the judge's state. It
 * has no thread, no socket and no clock: a driver has them, so the same code runs live and in a
 * campaign.
 */
@NullMarked
package dev.bulkhead.agent.cycle;

import org.jspecify.annotations.NullMarked;
