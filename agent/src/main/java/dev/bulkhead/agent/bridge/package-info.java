/**
 * From MQTT to a store that speaks InfluxDB's line protocol. Messages come in, are gathered into
 * batches, and are acknowledged to the broker when the store has every line, or a dead letter has
 * the lines the store refuses, with its reason. Lines are not looked into: what they mean is the
 * sender's and the store's affair. Writing a line twice writes the same point.
 */
@NullMarked
package dev.bulkhead.agent.bridge;

import org.jspecify.annotations.NullMarked;
