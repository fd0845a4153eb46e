package dev.bulkhead.rules.site;

/** Names a register map. */
public record ProfileId(String value) implements Comparable<ProfileId> {
    public ProfileId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a ProfileId is not blank");
        }
    }

    @Override
    public int compareTo(ProfileId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
