/**
 * What is known of the facility at an instant. Site and profiles come in; the table of signals goes
 * out, and the readings that fill it. A reading that is no measurement never becomes a number here.
 */
@NullMarked
package dev.bulkhead.rules.signal;

import org.jspecify.annotations.NullMarked;
