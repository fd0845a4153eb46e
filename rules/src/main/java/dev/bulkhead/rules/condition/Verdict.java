package dev.bulkhead.rules.condition;

/** What a condition says of a subject. */
public enum Verdict {
    /** Measured, and as it should be. */
    CLEAR,
    /** Measured, and it has lasted as long as the condition asks. */
    BREACHED,
    /** Not measured, or not judged; neither good nor bad. */
    UNKNOWN
}
