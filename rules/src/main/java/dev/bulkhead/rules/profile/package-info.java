/**
 * Register maps as data: where a device keeps a value, how it is encoded, how the device proves
 * what it is. Descriptions only: the agent decodes and the simulator encodes, each by code of its
 * own.
 */
@NullMarked
package dev.bulkhead.rules.profile;

import org.jspecify.annotations.NullMarked;
