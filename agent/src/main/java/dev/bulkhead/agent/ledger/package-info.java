/**
 * Which samples there are, and what became of each: counted when decoded, kept in the spool,
 * dropped for a reason, stored. Samples are told apart by their keys (run, device, sequence), never
 * by totals alone. Reads and writes no file and asks no store: others hand it what they know.
 */
@NullMarked
package dev.bulkhead.agent.ledger;

import org.jspecify.annotations.NullMarked;
