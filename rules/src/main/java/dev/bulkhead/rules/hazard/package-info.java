/**
 * How far a room has failed. Verdicts that vote come in; a level per room goes out. A room is
 * FAILING only on two different kinds of evidence from different devices behind different gateways.
 */
@NullMarked
package dev.bulkhead.rules.hazard;

import org.jspecify.annotations.NullMarked;
