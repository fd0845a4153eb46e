package dev.bulkhead.rules.guard;

import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Permits one step, or refuses it with every reason. A person's approval stands in for votes,
 * arming and the pause between rooms; it stands in for nothing else.
 */
public final class Guard {
    /** A breaker that didn't move twice won't the third time; people must look (proposal). */
    private static final int MOST_ATTEMPTS = 2;

    /** One room a minute without an operator (proposal): two at once may have one cause. */
    public static final Duration BETWEEN_ROOMS = Duration.ofMinutes(1);

    /**
     * Share of their capacity in an hour above which strings are no longer idle: 0.05 C (proposal).
     */
    private static final double DISCHARGE_SHARE = 0.05;

    private final Site site;
    private final Arming arming;
    private final ServerCount count;

    public Guard(Site site, Arming arming) {
        this.site = site;
        this.arming = arming;
        this.count = new ServerCount(site);
    }

    public Decision judge(Request request, Board board, Instant now) {
        Breaker breaker = site.breakers().get(request.breaker());
        if (breaker == null) {
            return new Decision.Denied(
                    List.of("breaker " + request.breaker() + ": not on the site"));
        }
        var reasons = new ArrayList<String>();
        checkRoom(request, breaker, reasons);
        checkVotes(request, now, reasons);
        checkPace(request, now, reasons);
        checkBreaker(breaker, board, now, reasons);
        checkUps(breaker.id(), board, now, reasons);
        checkServers(breaker.id(), board, now, reasons);
        return reasons.isEmpty()
                ? new Decision.Permitted(
                        new Permit(request.plan(), request.step(), breaker.id(), now))
                : new Decision.Denied(reasons);
    }

    /** Promise 1: the failing room's own battery DC breakers, and nothing else. */
    private void checkRoom(Request request, Breaker breaker, List<String> reasons) {
        switch (breaker.duty()) {
            case OUTER, STRING -> {}
            case FEEDER, MAIN ->
                    reasons.add("breaker " + breaker.id() + ": AC is opened by people only");
        }
        Set<RoomId> parted = roomsPartedBy(breaker.id());
        if (!parted.equals(Set.of(request.room()))) {
            reasons.add(
                    "breaker "
                            + breaker.id()
                            + ": not room "
                            + request.room()
                            + "'s own, it parts the battery of "
                            + parted);
        }
        if (site.feeders().values().stream()
                .anyMatch(feeder -> feeder.breaker().equals(Optional.of(breaker.id())))) {
            reasons.add("breaker " + breaker.id() + ": interrupts a feeder");
        }
    }

    /** The rooms whose battery a breaker parts from something. */
    private Set<RoomId> roomsPartedBy(BreakerId breaker) {
        var rooms = new TreeSet<RoomId>();
        for (Busbar busbar : site.busbars().values()) {
            if (busbar.outer().equals(breaker)) {
                rooms.add(busbar.room());
            }
        }
        for (BatteryString string : site.strings().values()) {
            if (string.breaker().equals(breaker)) {
                rooms.add(string.room());
            }
        }
        return rooms;
    }

    /** Promise 2: two kinds of evidence, from different devices behind different gateways. */
    private void checkVotes(Request request, Instant now, List<String> reasons) {
        if (request.isApproved()) {
            return;
        }
        if (!arming.isArmed(request.breaker())) {
            reasons.add("breaker " + request.breaker() + ": not armed, and nobody approved");
        }
        List<Vote> votes =
                request.votes().stream().filter(vote -> counts(vote, request.room(), now)).toList();
        boolean isAgreed =
                votes.stream()
                        .anyMatch(
                                one -> votes.stream().anyMatch(other -> isIndependent(one, other)));
        if (!isAgreed) {
            reasons.add(
                    "room "
                            + request.room()
                            + ": no two kinds of evidence from different devices and gateways");
        }
    }

    private boolean counts(Vote vote, RoomId room, Instant now) {
        Device device = site.devices().get(vote.device());
        return vote.room().equals(room)
                && isIn(room, vote.of())
                && device != null
                && device.gateway().equals(vote.gateway())
                && !vote.since().isAfter(now)
                && !vote.until().isBefore(now);
    }

    private boolean isIn(RoomId room, Subject subject) {
        return switch (subject) {
            case Subject.OfRoom(RoomId of) -> of.equals(room);
            case Subject.OfModule(NodeId string, int _) -> isIn(room, string);
            case Subject.OfNode(NodeId node) -> isIn(room, node);
            case Subject.OfBreaker(BreakerId breaker) ->
                    roomsPartedBy(breaker).equals(Set.of(room));
        };
    }

    private boolean isIn(RoomId room, NodeId node) {
        BatteryString string = site.strings().get(node);
        Busbar busbar = site.busbars().get(node);
        return (string != null && string.room().equals(room))
                || (busbar != null && busbar.room().equals(room));
    }

    private static boolean isIndependent(Vote one, Vote other) {
        return one.kind() != other.kind()
                && !one.device().equals(other.device())
                && !one.gateway().equals(other.gateway());
    }

    /** One room at a time, a few attempts. */
    private static void checkPace(Request request, Instant now, List<String> reasons) {
        if (request.attempt() < 1 || request.attempt() > MOST_ATTEMPTS) {
            reasons.add("attempt " + request.attempt() + ": limit " + MOST_ATTEMPTS);
        }
        var others = new TreeSet<>(request.othersInHand());
        others.remove(request.room());
        if (!others.isEmpty()) {
            reasons.add("an isolation runs in " + others);
        }
        request.lastBegunElsewhere()
                .filter(_ -> !request.isApproved())
                .filter(begun -> now.isBefore(begun.plus(BETWEEN_ROOMS)))
                .ifPresent(
                        begun ->
                                reasons.add(
                                        "another room's isolation began at "
                                                + begun
                                                + ": one a minute without a person"));
    }

    /** It can be moved, it says where it is, and it isn't there yet. */
    private static void checkBreaker(
            Breaker breaker, Board board, Instant now, List<String> reasons) {
        String name = "breaker " + breaker.id() + ": ";
        switch (breaker.operation()) {
            case REMOTE -> {}
            case BY_HAND -> reasons.add(name + "moved by hand only");
        }
        var of = new Subject.OfBreaker(breaker.id());
        check(of, Role.BREAKER_POSITION, new Value.At(Position.CLOSED), board, now, reasons);
        check(of, Role.BREAKER_LOCAL, new Value.Flag(false), board, now, reasons);
        check(of, Role.BREAKER_RACKED_IN, new Value.Flag(true), board, now, reasons);
        check(of, Role.BREAKER_TRIP_CIRCUIT_HEALTHY, new Value.Flag(true), board, now, reasons);
        check(of, Role.BREAKER_CONTROL_SUPPLY_HEALTHY, new Value.Flag(true), board, now, reasons);
    }

    /** The UPS behind the battery runs without it. */
    private void checkUps(BreakerId breaker, Board board, Instant now, List<String> reasons) {
        var behind = new TreeSet<NodeId>();
        for (Busbar busbar : site.busbars().values()) {
            boolean feeds =
                    busbar.outer().equals(breaker)
                            || site.strings().values().stream()
                                    .anyMatch(
                                            string ->
                                                    string.breaker().equals(breaker)
                                                            && string.busbar().equals(busbar.id()));
            if (feeds) {
                behind.add(busbar.ups());
            }
        }
        for (NodeId ups : behind) {
            var of = new Subject.OfNode(ups);
            check(of, Role.UPS_RECTIFIER_INPUT, new Value.Flag(true), board, now, reasons);
            check(of, Role.UPS_ON_BATTERY, new Value.Flag(false), board, now, reasons);
            checkStrings(ups, board, now, reasons);
        }
    }

    /**
     * What the strings themselves say of their UPS: together they must not discharge, whatever its
     * status says. Where one of them isn't heard, as one that burns, nothing follows.
     */
    private void checkStrings(NodeId ups, Board board, Instant now, List<String> reasons) {
        double amperes = 0;
        double capacity = 0;
        for (BatteryString string : site.strings().values()) {
            Busbar busbar = site.busbars().get(string.busbar());
            if (busbar == null || !busbar.ups().equals(ups)) {
                continue;
            }
            Optional<Double> current = current(string, board, now);
            if (current.isEmpty()) {
                return;
            }
            amperes += current.get();
            capacity += string.ampereHours();
        }
        if (amperes < -DISCHARGE_SHARE * capacity) {
            reasons.add(
                    "UPS "
                            + ups
                            + ": its strings discharge "
                            + -amperes
                            + " A: it runs on its battery");
        }
    }

    private static Optional<Double> current(BatteryString string, Board board, Instant now) {
        return board.signals().of(new Subject.OfNode(string.id()), Role.RACK_CURRENT).stream()
                .flatMap(signal -> board.measured(signal, now).stream())
                .flatMap(
                        measured ->
                                measured.value() instanceof Value.Quantity(double amperes)
                                        ? Stream.of(amperes)
                                        : Stream.empty())
                .findFirst();
    }

    /** Every signal of a role must measure what is wanted. None, or silence, is not that. */
    private static void check(
            Subject of, Role role, Value wanted, Board board, Instant now, List<String> reasons) {
        List<Signal> signals = board.signals().of(of, role);
        if (signals.isEmpty()) {
            reasons.add(of + ": " + role + " can't be read");
        }
        for (Signal signal : signals) {
            switch (board.reading(signal.index(), now)) {
                case Reading.Measured(var _, var _, Value value) when value.equals(wanted) -> {}
                case Reading.Measured(var _, var _, Value value) ->
                        reasons.add(of + ": " + role + " is " + value + ", wanted " + wanted);
                case Reading.Silent _ -> reasons.add(of + ": " + role + " is silent");
                case Reading.Invalid(var _, var _, String reason) ->
                        reasons.add(of + ": " + role + " is no measurement: " + reason);
            }
        }
    }

    private void checkServers(BreakerId breaker, Board board, Instant now, List<String> reasons) {
        var told =
                new ServerCount.Told(
                        of -> carries(of, board, now), ups -> isInputFed(ups, board, now));
        int dropped = count.droppedBy(breaker, told);
        if (dropped > 0) {
            reasons.add("breaker " + breaker + ": may drop " + dropped + " servers");
        }
    }

    /** A breaker that nothing reads counts as documented: closed. */
    private static Fed carries(BreakerId breaker, Board board, Instant now) {
        List<Signal> signals =
                board.signals().of(new Subject.OfBreaker(breaker), Role.BREAKER_POSITION);
        if (signals.isEmpty()) {
            return Fed.YES;
        }
        return told(
                signals, new Value.At(Position.CLOSED), new Value.At(Position.OPEN), board, now);
    }

    /** A UPS on battery takes nothing from its input; one that isn't heard may do so too. */
    private Fed isInputFed(NodeId node, Board board, Instant now) {
        if (!site.ups().containsKey(node)) {
            return Fed.YES;
        }
        List<Signal> signals = board.signals().of(new Subject.OfNode(node), Role.UPS_ON_BATTERY);
        return told(signals, new Value.Flag(false), new Value.Flag(true), board, now);
    }

    private static Fed told(List<Signal> signals, Value yes, Value no, Board board, Instant now) {
        List<Optional<Value>> values =
                signals.stream()
                        .map(signal -> board.measured(signal, now).map(Reading.Measured::value))
                        .distinct()
                        .toList();
        if (values.equals(List.of(Optional.of(yes)))) {
            return Fed.YES;
        }
        return values.equals(List.of(Optional.of(no))) ? Fed.NO : Fed.UNKNOWN;
    }
}
