package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.HallId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What the plant itself wrote down: the truth a score is made of.
 *
 * @param end how far the plant was played
 * @param losses servers that lost supply, in the order in which they did
 * @param throughZone how many of the servers lost could be fed only through the failing zone
 * @param zoneEnergised when any busbar of a failing room was live, in order and without overlap
 * @param beganAt when it began to go wrong: the first internal short or, if there is none, the
 *     first vent, flame or leak in a failing room
 * @param ventedAt when the first cell let gas out
 * @param ranAwayAt when the first cell went into thermal runaway
 * @param flameAt when the first flame was
 * @param waterNeeded when the fire service needed water
 * @param rooms every battery room, in the order of the site
 * @param strays breakers that opened though they are no battery room's own, and nobody opened them
 *     by hand
 * @param unbackedServerMinutes servers that ran on fewer than two UPS with a battery behind them,
 *     though they had two at the start, times minutes; sampled
 */
public record Ledger(
        Instant end,
        List<Loss> losses,
        int throughZone,
        List<Stretch> zoneEnergised,
        Optional<Instant> beganAt,
        Optional<Instant> ventedAt,
        Optional<Instant> ranAwayAt,
        Optional<Instant> flameAt,
        Optional<Instant> waterNeeded,
        List<RoomFate> rooms,
        List<BreakerId> strays,
        double unbackedServerMinutes) {

    /**
     * Servers that lost supply together.
     *
     * @param until when somebody started them again, if anybody did
     */
    public record Loss(
            NodeId load, HallId hall, int servers, Instant at, Optional<Instant> until) {}

    /**
     * What became of a battery room.
     *
     * @param flameAt its first flame
     * @param trippedAt when the first of its battery breakers opened, if not by a person's hand
     * @param lastByHandAt when the last of them that a person's hand opened did
     * @param energised when any of its busbars was live, in order and without overlap
     */
    public record RoomFate(
            RoomId room,
            Optional<Instant> flameAt,
            Optional<Instant> trippedAt,
            Optional<Instant> lastByHandAt,
            List<Stretch> energised) {
        public RoomFate {
            energised = List.copyOf(energised);
        }

        /** When it went dead for good; empty if it was live at the end. */
        Optional<Instant> deadSince(Instant end) {
            return Ledger.deadSince(energised, end);
        }
    }

    public Ledger {
        losses = List.copyOf(losses);
        zoneEnergised = List.copyOf(zoneEnergised);
        rooms = List.copyOf(rooms);
        strays = List.copyOf(strays);
        int lost = serversLost(losses);
        if (throughZone < 0 || throughZone > lost) {
            throw new IllegalArgumentException(throughZone + " of " + lost + " servers");
        }
    }

    /** Each server counts once, however often it would have lost supply. */
    public int serversLost() {
        return serversLost(losses);
    }

    private static int serversLost(List<Loss> losses) {
        SequencedMap<NodeId, Integer> once = new LinkedHashMap<>();
        losses.forEach(loss -> once.put(loss.load(), loss.servers()));
        return once.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** When the zone went dead for good; empty if it was live at the end or never live. */
    public Optional<Instant> zoneDeadSince() {
        return deadSince(zoneEnergised, end);
    }

    private static Optional<Instant> deadSince(List<Stretch> energised, Instant end) {
        return energised.isEmpty()
                ? Optional.empty()
                : Optional.of(energised.getLast().to()).filter(last -> last.isBefore(end));
    }

    RoomFate room(RoomId id) {
        return fate(id).orElseThrow();
    }

    /** What became of a room, if it is a battery room. */
    Optional<RoomFate> fate(RoomId id) {
        return rooms.stream().filter(fate -> fate.room().equals(id)).findFirst();
    }
}
