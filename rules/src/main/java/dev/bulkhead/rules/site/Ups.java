package dev.bulkhead.rules.site;

/** A double-conversion UPS. Its input and outputs are feeders; its battery is behind a busbar. */
public record Ups(NodeId id, RoomId room, double ratedWatts) {}
