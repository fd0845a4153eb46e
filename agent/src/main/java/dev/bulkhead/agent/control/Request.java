package dev.bulkhead.agent.control;

import dev.bulkhead.rules.Command;

/** All that can be asked of a running agent. */
public sealed interface Request {
    /** Show what you see. */
    record Look() implements Request {}

    /** Show every signal, as it was last heard. */
    record LookAtSignals() implements Request {}

    /**
     * Do this.
     *
     * @param by who asks, as they call themselves
     * @param why their reason, for the record
     */
    record Order(String by, String why, Command command) implements Request {
        private static final int LONGEST_NAME = 80;
        private static final int LONGEST_REASON = 500;

        public Order {
            check("by", by, LONGEST_NAME);
            check("why", why, LONGEST_REASON);
        }

        /** What goes into the journal and onto terminals is one line of printable text. */
        private static void check(String key, String text, int longest) {
            if (text.isBlank()) {
                throw new IllegalArgumentException("'" + key + "' is empty");
            }
            if (text.length() > longest) {
                throw new IllegalArgumentException(
                        "'" + key + "' is longer than " + longest + " characters");
            }
            if (text.codePoints().anyMatch(Order::isUnprintable)) {
                throw new IllegalArgumentException("'" + key + "' has control characters in it");
            }
        }

        private static boolean isUnprintable(int codePoint) {
            return switch (Character.getType(codePoint)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE,
                        Character.UNASSIGNED ->
                        true;
                default -> false;
            };
        }
    }
}
