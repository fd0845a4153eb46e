/**
 * Where the agent meets the plant: drivers of time, the agent as a child process (LAB) or in
 * process on in-memory links and virtual time (CAMPAIGN), and the demo. The only package that sees
 * both sides. It judges nothing and scores nothing.
 */
@NullMarked
package dev.bulkhead.simulator.lab;

import org.jspecify.annotations.NullMarked;
