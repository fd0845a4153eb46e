/**
 * The durable record of what was seen, decided and done. Events come in; once {@link
 * dev.bulkhead.agent.journal.Journal.Result.Durable} is answered they survive a kill and a power
 * cut, and come back in their order when the journal is opened again. What can't be read back
 * exactly is said and stops everything after it. Decides nothing, and keeps nothing that is not an
 * event.
 */
@NullMarked
package dev.bulkhead.agent.journal;

import org.jspecify.annotations.NullMarked;
