/**
 * How bytes are written so that they are there, whole, after a crash: a file behind an interface
 * that tests can fill up or break, and a frame with a checksum. What is in a frame, and when it
 * counts as durable, is its owner's affair.
 */
@NullMarked
package dev.bulkhead.agent.disk;

import org.jspecify.annotations.NullMarked;
