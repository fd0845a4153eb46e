package dev.bulkhead.agent.control;

import dev.bulkhead.rules.Command;

/** Takes a person's command to the judge. */
@FunctionalInterface
public interface CommandSink {
    /**
     * Returns with the judge's answer, or refuses when it doesn't come within a few seconds: while
     * this waits, nobody else is answered.
     *
     * @param who the person's name for themselves, and the user the machine knows them as
     */
    Reply order(Command command, String who, String why);
}
