/**
 * What devices say over Modbus. A session per gateway decides what to ask which unit when, checks
 * every answer against the one request in flight, and decodes registers into readings by the unit's
 * profile; it does no I/O. A driver owns the socket and the thread. Submitted exchanges come in,
 * among them the only write there is, which needs a guard's leave; readings and answers go out.
 * Nothing is judged here, no value is made up for one that is missing, and no write is sent twice.
 */
@NullMarked
package dev.bulkhead.agent.modbus;

import org.jspecify.annotations.NullMarked;
