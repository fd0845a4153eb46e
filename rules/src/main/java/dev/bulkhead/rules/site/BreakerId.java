package dev.bulkhead.rules.site;

/** Names a breaker, as on its panel. */
public record BreakerId(String value) implements Comparable<BreakerId> {
    public BreakerId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a BreakerId is not blank");
        }
    }

    @Override
    public int compareTo(BreakerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
