package dev.bulkhead.rules.site;

/** Where power comes from: a utility feed, or generators that start when it fails. */
public record Supply(NodeId id, Kind kind, double ratedWatts) {
    /** What stands behind a supply. */
    public enum Kind {
        UTILITY,
        GENERATOR
    }
}
