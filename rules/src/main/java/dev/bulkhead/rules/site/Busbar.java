package dev.bulkhead.rules.site;

/**
 * The DC busbar of a battery room, between the outer breaker towards its UPS and the string
 * breakers.
 */
public record Busbar(NodeId id, RoomId room, NodeId ups, BreakerId outer) {}
