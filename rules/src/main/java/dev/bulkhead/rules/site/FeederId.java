package dev.bulkhead.rules.site;

/** Names a conductor between two nodes. */
public record FeederId(String value) implements Comparable<FeederId> {
    public FeederId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a FeederId is not blank");
        }
    }

    @Override
    public int compareTo(FeederId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
