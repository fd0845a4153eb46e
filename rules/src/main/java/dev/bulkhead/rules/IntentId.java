package dev.bulkhead.rules;

/** Names an act: its plan, step and attempt, as in {@code A1#1.3.1}. Never used twice. */
public record IntentId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
