package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.HallId;
import dev.bulkhead.rules.site.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the plant itself wrote down: the truth a score is made of.
 *
 * @param end how far the plant was played
 * @param losses servers that lost supply, in the order in which they did; they stay down
 * @param throughZone how many of the servers lost could be fed only through the failing zone
 * @param zoneEnergised when any busbar of the failing room was live, in order and without overlap
 * @param shortedAt when the faulty cell's internal short began
 * @param ventedAt when the first cell let gas out
 * @param ranAwayAt when the first cell went into thermal runaway: the fire
 * @param waterNeeded when the fire service needed water
 */
public record Ledger(
        Instant end,
        List<Loss> losses,
        int throughZone,
        List<Stretch> zoneEnergised,
        Optional<Instant> shortedAt,
        Optional<Instant> ventedAt,
        Optional<Instant> ranAwayAt,
        Optional<Instant> waterNeeded) {

    /** Servers that lost supply together. */
    public record Loss(NodeId load, HallId hall, int servers, Instant at) {}

    public Ledger {
        losses = List.copyOf(losses);
        zoneEnergised = List.copyOf(zoneEnergised);
        int lost = losses.stream().mapToInt(Loss::servers).sum();
        if (throughZone < 0 || throughZone > lost) {
            throw new IllegalArgumentException(throughZone + " of " + lost + " servers");
        }
    }

    /** Each server counts once, however often it would have lost supply. */
    public int serversLost() {
        return losses.stream().mapToInt(Loss::servers).sum();
    }

    /** When the zone went dead for good; empty if it was live at the end or never live. */
    public Optional<Instant> zoneDeadSince() {
        return zoneEnergised.isEmpty()
                ? Optional.empty()
                : Optional.of(zoneEnergised.getLast().to()).filter(last -> last.isBefore(end));
    }
}
