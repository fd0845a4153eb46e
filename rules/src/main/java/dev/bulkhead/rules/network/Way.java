package dev.bulkhead.rules.network;

import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.FeederId;
import dev.bulkhead.rules.site.NodeId;
import java.util.Optional;

/**
 * One step power can take from a node to the next.
 *
 * @param breaker what interrupts it; empty: nothing does
 * @param feeder the conductor of the site it stands for; empty for DC connections and cords
 */
public record Way(NodeId from, NodeId to, Optional<BreakerId> breaker, Optional<FeederId> feeder) {}
