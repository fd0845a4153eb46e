/**
 * How people at the machine reach a running agent: a unix-domain socket, one line of JSON for one
 * line of JSON. They look at what the agent last showed, or give one of the judge's commands with
 * their name and reason; nothing else can be asked, and no text is ever run. Decides nothing: a
 * command goes to the judge, and its answer comes back.
 */
@NullMarked
package dev.bulkhead.agent.control;

import org.jspecify.annotations.NullMarked;
