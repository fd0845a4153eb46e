package dev.bulkhead.simulator.lab;

import java.time.Instant;

/**
 * Something that must not happen and did.
 *
 * @param text what, of what, with the numbers
 */
public record Surprise(Instant at, Kind kind, String text) {

    /** Which promise it breaks. */
    public enum Kind {
        /** A breaker was tripped in a room where nothing had failed. */
        FALSE_ISOLATION("false isolation"),
        /** A room burnt, nothing stood in the way, and it stayed live. */
        MISSED_ISOLATION("missed isolation"),
        /** A breaker that isn't the failing room's own was tripped (promise 1). */
        WRONG_BREAKER("wrong breaker"),
        /** Servers lost their supply although the utility or the generators carried. */
        SERVERS_LOST("servers lost"),
        /** FAILING on evidence that one device or gateway gave (promise 2). */
        SINGLE_CAUSE("single cause"),
        /** A room called ISOLATED that was live (promise 4). */
        FALSE_PROOF("false proof"),
        /** A command sent a second time (promise 7). */
        REPEATED_COMMAND("repeated command"),
        /** A measurement that wasn't so (promise 3). */
        WRONG_NUMBER("wrong number"),
        /** A measurement of a device that didn't answer (promise 3). */
        NUMBER_FROM_NOBODY("number from nobody"),
        /** A device that answers and isn't read. */
        NOT_READ("not read"),
        /** The agent's code threw. */
        BROKE("broke");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }
}
