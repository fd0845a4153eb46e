package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile.Block;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a device that answers is alive. Of one that isn't, a gateway may go on telling what it
 * knew last: nothing changes any more, nor does the heartbeat, which a living device doesn't leave
 * as it is for so long. What was seen counts over connections; a link may be closed after each
 * poll.
 */
final class Pulse {
    private final Duration within;
    private final Map<Block, Image> seen = new HashMap<>();
    private Instant changedAt = Instant.EPOCH;
    private Optional<Instant> stillSince = Optional.empty();

    /**
     * @param within how long a living device may leave everything as it is
     */
    Pulse(Duration within) {
        this.within = within;
    }

    /**
     * A block was answered.
     *
     * @param hasBeat whether the heartbeat is in it, and the device keeps one
     */
    void felt(Block block, Image image, boolean hasBeat, Instant requestedAt) {
        if (!image.equals(seen.put(block, image))) {
            changedAt = requestedAt;
            stillSince = Optional.empty();
        } else if (hasBeat && !requestedAt.isBefore(changedAt.plus(within))) {
            stillSince = Optional.of(changedAt);
        }
    }

    /** When anything changed last, if that is too long ago. */
    Optional<Instant> stillSince() {
        return stillSince;
    }
}
