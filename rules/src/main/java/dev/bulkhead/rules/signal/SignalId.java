package dev.bulkhead.rules.signal;

/** Names a signal: its device and its point, as in {@code A1-S01-bms.CellVMin}. */
public record SignalId(String value) implements Comparable<SignalId> {
    public SignalId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a SignalId is not blank");
        }
    }

    @Override
    public int compareTo(SignalId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
