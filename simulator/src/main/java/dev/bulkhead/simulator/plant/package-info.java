/**
 * The plant's own truth: cells, racks, rooms and the power network as they behave. A site as
 * documented, the settings in which the real plant differs from it, and a seed come in; what a
 * perfect register behind each real sensor would show goes out, with a timeline of what happened
 * and a ledger of which servers had supply. Nothing is judged here, and nothing of the agent's
 * analysis is used: what judges and what is judged share no mistakes. No clock and no randomness
 * but the seed's: time is what {@code advanceTo} is told.
 */
@NullMarked
package dev.bulkhead.simulator.plant;

import org.jspecify.annotations.NullMarked;
