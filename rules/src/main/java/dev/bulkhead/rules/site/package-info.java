/**
 * The facility as documented: rooms, fire zones, the power network as built, the devices that watch
 * it. A file's text comes in; a {@link dev.bulkhead.rules.site.Site} goes out, or all its problems,
 * each with line and column. Knows no reading and judges nothing.
 */
@NullMarked
package dev.bulkhead.rules.site;

import org.jspecify.annotations.NullMarked;
