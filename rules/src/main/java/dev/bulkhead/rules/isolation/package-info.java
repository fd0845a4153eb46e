/**
 * How a room is isolated, and how that is shown. A site, its power graph and the latest readings
 * come in; a plan with its cost and what speaks against it, a proof or what is missing for one, and
 * an assessment from the documents alone go out. Nothing is carried out here, and nothing is
 * permitted: that is the guard's.
 */
@NullMarked
package dev.bulkhead.rules.isolation;

import org.jspecify.annotations.NullMarked;
