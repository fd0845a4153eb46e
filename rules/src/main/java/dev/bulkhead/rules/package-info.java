/** The one door of the rules. */
@NullMarked
package dev.bulkhead.rules;

import org.jspecify.annotations.NullMarked;
