package dev.bulkhead.rules.network;

import dev.bulkhead.rules.site.NodeId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * What is live, and from where.
 *
 * @param sources of each live node, the supplies and battery strings that reach it; a node that
 *     isn't here is dead
 */
public record Energised(SequencedMap<NodeId, SequencedSet<NodeId>> sources) {
    public Energised {
        var copy = new LinkedHashMap<NodeId, SequencedSet<NodeId>>();
        sources.forEach(
                (node, from) ->
                        copy.put(
                                node,
                                Collections.unmodifiableSequencedSet(new LinkedHashSet<>(from))));
        sources = Collections.unmodifiableSequencedMap(copy);
    }

    public boolean isLive(NodeId node) {
        return sources.containsKey(node);
    }

    public SequencedSet<NodeId> from(NodeId node) {
        SequencedSet<NodeId> from = sources.get(node);
        return from == null ? Collections.emptySortedSet() : from;
    }
}
