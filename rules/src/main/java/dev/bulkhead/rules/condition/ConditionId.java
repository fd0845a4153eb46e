package dev.bulkhead.rules.condition;

/** Names a condition of a pack. */
public record ConditionId(String value) implements Comparable<ConditionId> {
    public ConditionId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a ConditionId is not blank");
        }
    }

    @Override
    public int compareTo(ConditionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
