package dev.bulkhead.rules.site;

/** Names a fire zone. */
public record ZoneId(String value) implements Comparable<ZoneId> {
    public ZoneId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a ZoneId is not blank");
        }
    }

    @Override
    public int compareTo(ZoneId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
