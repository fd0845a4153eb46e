package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import java.time.Instant;
import java.util.List;

/**
 * What shows that a room is dead: every boundary switch open and every busbar below {@link
 * #DEAD_BELOW_VOLTS}, or far below its own strings where those have less, both requested after the
 * last write.
 */
public record Proof(
        Instant at,
        List<Open> positions,
        List<Dead> busbars,
        List<String> supporting,
        List<String> staysLive) {

    /**
     * IEC 61201's and IEC 60364-4-41's 60 V for DC touch voltage limits (facts: design, promise 4).
     */
    public static final double DEAD_BELOW_VOLTS = 60;

    public Proof {
        positions = List.copyOf(positions);
        busbars = List.copyOf(busbars);
        supporting = List.copyOf(supporting);
        staysLive = List.copyOf(staysLive);
    }

    /** A breaker that reads open. */
    public record Open(BreakerId breaker, Instant requestedAt) {}

    /** A busbar whose own transducer reads dead. */
    public record Dead(NodeId busbar, double volts, Instant requestedAt) {}
}
