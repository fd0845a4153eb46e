/**
 * The power graph at work: what is live and from where, who loses supply, what each UPS carries.
 * Which breakers are open and which supplies are dead comes in; liveness, loss and watts go out.
 * Knows no reading and decides nothing.
 */
@NullMarked
package dev.bulkhead.rules.network;

import org.jspecify.annotations.NullMarked;
