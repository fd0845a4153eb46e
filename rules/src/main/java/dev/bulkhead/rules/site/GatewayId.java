package dev.bulkhead.rules.site;

/** Names a link on which units answer. */
public record GatewayId(String value) implements Comparable<GatewayId> {
    public GatewayId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a GatewayId is not blank");
        }
    }

    @Override
    public int compareTo(GatewayId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
