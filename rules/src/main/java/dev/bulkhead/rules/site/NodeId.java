package dev.bulkhead.rules.site;

/** Names a thing that carries power: a supply, bus, UPS, busbar, battery string or load. */
public record NodeId(String value) implements Comparable<NodeId> {
    public NodeId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a NodeId is not blank");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
