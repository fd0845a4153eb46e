/**
 * How the records of the rules are written as JSON: names of things as plain texts, instants in ISO
 * form, components in the order of their record, alternatives by the name of their record. Knows
 * types and no files; what it can't read exactly it refuses.
 */
@NullMarked
package dev.bulkhead.agent.json;

import org.jspecify.annotations.NullMarked;
