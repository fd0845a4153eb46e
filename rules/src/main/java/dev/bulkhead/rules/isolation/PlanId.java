package dev.bulkhead.rules.isolation;

/** Names a plan: its room and its ordinal, as in {@code A1#1}. */
public record PlanId(String value) implements Comparable<PlanId> {
    public PlanId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a PlanId is not blank");
        }
    }

    @Override
    public int compareTo(PlanId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
