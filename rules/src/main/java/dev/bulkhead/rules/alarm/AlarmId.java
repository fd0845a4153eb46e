package dev.bulkhead.rules.alarm;

/** Names an alarm: its condition and subject, as in {@code rack-off-gas@A1-S03}. */
public record AlarmId(String value) implements Comparable<AlarmId> {
    @Override
    public int compareTo(AlarmId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
