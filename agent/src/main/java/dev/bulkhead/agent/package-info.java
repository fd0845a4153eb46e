/**
 * What runs. Here are the command line, the files it reads, and the composition of the daemon; each
 * package below is one edge of it, and only this one sees more than one of them.
 */
@NullMarked
package dev.bulkhead.agent;

import org.jspecify.annotations.NullMarked;
