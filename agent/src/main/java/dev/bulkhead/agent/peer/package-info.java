/**
 * Servers that others run: where they are, the secrets and certificates to reach them by, and one
 * connection to an MQTT broker. Secrets and certificates are read from their files anew for every
 * attempt, so that mending a file is enough. What is said to a server, and when, is others' affair.
 */
@NullMarked
package dev.bulkhead.agent.peer;

import org.jspecify.annotations.NullMarked;
