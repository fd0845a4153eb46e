package dev.bulkhead.rules.site;

/** Names a hall of servers. */
public record HallId(String value) implements Comparable<HallId> {
    public HallId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a HallId is not blank");
        }
    }

    @Override
    public int compareTo(HallId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
