package dev.bulkhead.rules.site;

import java.util.Optional;

/** A conductor that carries power from one node to another, through a breaker if it has one. */
public record Feeder(
        FeederId id, NodeId from, NodeId to, Optional<BreakerId> breaker, double ratedAmperes) {}
