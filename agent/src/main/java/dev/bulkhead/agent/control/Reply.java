package dev.bulkhead.agent.control;

/** What a running agent answers. */
public sealed interface Reply {
    /** What it sees. */
    record Seen(View view) implements Reply {}

    /** The judge took the command; what became of it. */
    record Accepted(String what) implements Reply {}

    /** Nothing was done, and why. */
    record Refused(String why) implements Reply {}
}
