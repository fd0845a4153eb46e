/**
 * Telling: samples come in from links, become line protocol, lie in a bounded spool on disk and go
 * to an MQTT broker; a sample leaves the spool when the broker has acknowledged it. Alarms and
 * rooms go as retained messages, ahead of samples. Nobody who watches or decides ever waits here:
 * what can't be laid down is dropped, counted and said.
 */
@NullMarked
package dev.bulkhead.agent.telemetry;

import org.jspecify.annotations.NullMarked;
