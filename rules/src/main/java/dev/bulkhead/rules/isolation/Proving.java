package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Looks whether a room is shown isolated (promise 4): every boundary switch reads open, and every
 * busbar, which was seen live, reads dead by a transducer behind another gateway; all of it
 * requested after the last write.
 */
public final class Proving {
    /** A string that floats, or hangs in the air, carries less. */
    private static final double IDLE_BELOW_AMPERES = 1;

    /**
     * A transducer that shows less than this share of an empty string's voltage is wrong
     * (proposal).
     */
    private static final double FULL_SHARE = 0.9;

    /**
     * Strings for 48 V never reach {@link Proof#DEAD_BELOW_VOLTS}: what shows less than this share
     * of an empty string's voltage comes from none that is connected (proposal).
     */
    private static final double DEAD_SHARE = 0.5;

    private final Site site;

    public Proving(Site site) {
        this.site = site;
    }

    /**
     * The room's busbars that read live now. Who wants a proof must have seen each live before: a
     * transducer that always says 0 V shows nothing.
     */
    public SequencedSet<NodeId> seenLive(RoomId room, Board board, Instant now) {
        Sight sight = Sight.of(board, now);
        var live = new LinkedHashSet<NodeId>();
        site.busbarsIn(room)
                .map(Busbar::id)
                .filter(
                        busbar ->
                                signals(busbar, sight)
                                        .anyMatch(signal -> isFull(busbar, signal, sight)))
                .forEach(live::add);
        return live;
    }

    /**
     * Whether a transducer shows what strings put on a busbar, and not just something over "dead".
     */
    private boolean isFull(NodeId busbar, Signal signal, Sight sight) {
        return sight.measured(signal)
                .flatMap(Proving::volts)
                .filter(volts -> volts >= FULL_SHARE * emptyVolts(busbar))
                .isPresent();
    }

    /** What the lowest of a busbar's strings puts on it when it is empty. */
    private double emptyVolts(NodeId busbar) {
        return site.strings().values().stream()
                .filter(string -> string.busbar().equals(busbar))
                .mapToDouble(BatteryString::emptyVolts)
                .min()
                .orElse(0);
    }

    /** Whether a busbar that measures so is not dead, whatever its polarity. */
    public boolean isLive(NodeId busbar, double volts) {
        double dead = Math.min(Proof.DEAD_BELOW_VOLTS, DEAD_SHARE * emptyVolts(busbar));
        return Math.abs(volts) >= dead;
    }

    /**
     * Looks once.
     *
     * @param after when the plan's last write was answered: what was requested before shows nothing
     * @param seenLive busbars that read live at some time before
     */
    public Shown look(RoomId room, Board board, Instant after, Set<NodeId> seenLive, Instant now) {
        Sight sight = new Sight(board, after, now);
        SequencedSet<BreakerId> boundary = new LinkedHashSet<>(site.boundaryOf(room));
        if (boundary.isEmpty()) {
            return new Shown.NotOpen(List.of("room " + room + ": no battery breakers documented"));
        }
        List<String> notOpen =
                boundary.stream().flatMap(breaker -> notOpen(breaker, sight)).toList();
        if (!notOpen.isEmpty()) {
            return new Shown.NotOpen(notOpen);
        }
        Set<GatewayId> positionsFrom = new TreeSet<>();
        boundary.forEach(
                breaker ->
                        positions(breaker, sight)
                                .forEach(signal -> positionsFrom.add(signal.gateway())));
        List<String> missing =
                site.busbarsIn(room)
                        .flatMap(busbar -> missing(busbar.id(), sight, positionsFrom, seenLive))
                        .toList();
        if (!missing.isEmpty()) {
            return new Shown.Missing(missing);
        }
        return new Shown.Proven(
                new Proof(
                        now,
                        boundary.stream().map(breaker -> open(breaker, sight)).toList(),
                        site.busbarsIn(room)
                                .flatMap(busbar -> dead(busbar.id(), sight, positionsFrom))
                                .toList(),
                        supporting(room, sight),
                        staysLive(room, board, now)));
    }

    /** Why a breaker isn't shown open. Every pair of contacts that reports it must say so. */
    private static Stream<String> notOpen(BreakerId breaker, Sight sight) {
        if (positions(breaker, sight).findAny().isEmpty()) {
            return Stream.of("breaker " + breaker + ": no position can be read");
        }
        return positions(breaker, sight)
                .filter(
                        signal ->
                                sight.measured(signal)
                                        .map(Reading.Measured::value)
                                        .filter(new Value.At(Position.OPEN)::equals)
                                        .isEmpty())
                .map(signal -> "breaker " + breaker + ": " + sight.told(signal));
    }

    private static Proof.Open open(BreakerId breaker, Sight sight) {
        Instant requestedAt =
                positions(breaker, sight)
                        .flatMap(signal -> sight.measured(signal).stream())
                        .map(Reading.Measured::at)
                        .min(Instant::compareTo)
                        .orElseThrow();
        return new Proof.Open(breaker, requestedAt);
    }

    /** Why a busbar isn't shown dead. */
    private Stream<String> missing(
            NodeId busbar, Sight sight, Set<GatewayId> positionsFrom, Set<NodeId> seenLive) {
        String name = "busbar " + busbar + ": ";
        if (signals(busbar, sight).findAny().isEmpty()) {
            return Stream.of(name + "no voltage transducer");
        }
        List<String> live =
                signals(busbar, sight)
                        .filter(signal -> isLive(busbar, signal, sight))
                        .map(signal -> name + sight.told(signal) + " V, not dead")
                        .toList();
        if (!live.isEmpty()) {
            return live.stream();
        }
        if (signals(busbar, sight).allMatch(signal -> positionsFrom.contains(signal.gateway()))) {
            return Stream.of(name + "its voltage comes through the gateway of the positions");
        }
        if (dead(busbar, sight, positionsFrom).findAny().isEmpty()) {
            return signals(busbar, sight)
                    .filter(signal -> !positionsFrom.contains(signal.gateway()))
                    .map(signal -> name + sight.told(signal));
        }
        return seenLive.contains(busbar)
                ? Stream.empty()
                : Stream.of(name + "never seen live, so its transducer shows no change");
    }

    /** The first measurement of its own that shows a busbar dead. */
    private Stream<Proof.Dead> dead(NodeId busbar, Sight sight, Set<GatewayId> positionsFrom) {
        return signals(busbar, sight)
                .filter(signal -> !positionsFrom.contains(signal.gateway()))
                .filter(signal -> !isLive(busbar, signal, sight))
                .flatMap(signal -> sight.measured(signal).stream())
                .flatMap(
                        measured ->
                                volts(measured)
                                        .map(volts -> new Proof.Dead(busbar, volts, measured.at()))
                                        .stream())
                .limit(1);
    }

    private static Stream<Signal> positions(BreakerId breaker, Sight sight) {
        return sight
                .board()
                .signals()
                .of(new Subject.OfBreaker(breaker), Role.BREAKER_POSITION)
                .stream();
    }

    private static Stream<Signal> signals(NodeId busbar, Sight sight) {
        return sight.board().signals().of(new Subject.OfNode(busbar), Role.BUSBAR_VOLTAGE).stream();
    }

    private boolean isLive(NodeId busbar, Signal signal, Sight sight) {
        return sight.measured(signal)
                .flatMap(Proving::volts)
                .filter(volts -> isLive(busbar, volts))
                .isPresent();
    }

    private static Optional<Double> volts(Reading.Measured measured) {
        return measured.value() instanceof Value.Quantity(double volts)
                ? Optional.of(volts)
                : Optional.empty();
    }

    /** What agrees, but proves nothing: a floating battery carries no current anyway. */
    private List<String> supporting(RoomId room, Sight sight) {
        var supporting = new ArrayList<String>();
        List<BatteryString> strings = site.stringsIn(room).toList();
        long idle =
                strings.stream()
                        .map(string -> sight.highestMagnitude(string.id(), Role.RACK_CURRENT))
                        .filter(OptionalDouble::isPresent)
                        .filter(amperes -> amperes.getAsDouble() < IDLE_BELOW_AMPERES)
                        .count();
        supporting.add(idle + " of " + strings.size() + " strings read less than 1 A");
        site.busbarsIn(room)
                .map(Busbar::ups)
                .distinct()
                .filter(ups -> sight.flag(ups, Role.UPS_BATTERY_CIRCUIT_OPEN).orElse(false))
                .forEach(ups -> supporting.add("UPS " + ups + " says its battery circuit is open"));
        return supporting;
    }

    /** What is live in a room though everything around it is open. */
    public List<String> staysLive(RoomId room, Board board, Instant now) {
        Sight sight = Sight.of(board, now);
        var live = new ArrayList<String>();
        site.stringsIn(room)
                .map(
                        string ->
                                "string "
                                        + string.id()
                                        + " inside its cabinet, "
                                        + volts(string, sight))
                .forEach(live::add);
        live.addAll(Site.known(site.rooms(), room).staysLive());
        return live;
    }

    private static String volts(BatteryString string, Sight sight) {
        OptionalDouble volts = sight.highestMagnitude(string.id(), Role.RACK_VOLTAGE);
        return volts.isPresent()
                ? String.format(Locale.ROOT, "last read %.0f V", volts.getAsDouble())
                : String.format(
                        Locale.ROOT, "%.0f–%.0f V", string.emptyVolts(), string.fullVolts());
    }
}
