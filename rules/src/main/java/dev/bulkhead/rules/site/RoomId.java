package dev.bulkhead.rules.site;

/** Names a room, as on its door. */
public record RoomId(String value) implements Comparable<RoomId> {
    public RoomId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a RoomId is not blank");
        }
    }

    @Override
    public int compareTo(RoomId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
