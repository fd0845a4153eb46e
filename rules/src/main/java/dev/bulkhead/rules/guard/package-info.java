/**
 * The last judge before a step, and the only maker of a permit. A request comes in with the votes
 * that stand and the latest readings; a permit or all reasons against it go out. It reads the site
 * itself, has an adjacency and a count of servers of its own, and uses neither planner nor power
 * graph: a mistake there must not be a mistake here. It decides nothing but yes or no.
 */
@NullMarked
package dev.bulkhead.rules.guard;

import org.jspecify.annotations.NullMarked;
