package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.condition.Instance.Peer;
import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** One instance at one instant: what its expressions read. */
record Moment(Instance instance, Memory memory, Board board, Instant now) {
    /** Fewer peers than this have no median that one of them couldn't move (proposal). */
    static final int PEERS = 3;

    /**
     * After a start, a signal that wasn't read yet has no age until this is over: the scan interval
     * that Korean rules allow since 2023.
     */
    static final Duration SETTLING = Duration.ofSeconds(10);

    /** The figure of a peer, and where it is from. */
    private record Figure(GatewayId gateway, double number) {}

    /** A reading that is missing; absorbed by {@code true ||} and {@code false &&}. */
    static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Missing(String why) {
            super(why, null, false, false);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /** The latest value, as CEL knows it. */
    Object latest(Role role) {
        return switch (measured(role).value()) {
            case Value.Quantity(double number) when role.type() == Role.Type.NUMBER -> number;
            case Value.Flag(boolean isSet) when role.type() == Role.Type.FLAG -> isSet;
            case Value.At(var position) when role.type() == Role.Type.POSITION -> position.name();
            case Value.Quantity _, Value.Flag _, Value.At _ ->
                    throw new Missing(role + " is of another type");
        };
    }

    double number(Role role) {
        return latest(role) instanceof Double number ? number : Double.NaN;
    }

    private Reading.Measured measured(Role role) {
        for (int signal : instance.signals(role)) {
            if (board.reading(signal, now) instanceof Reading.Measured measured) {
                return measured;
            }
        }
        throw new Missing(whyMissing(role));
    }

    private int fresh(Role role) {
        for (int signal : instance.signals(role)) {
            if (board.reading(signal, now) instanceof Reading.Measured) {
                return signal;
            }
        }
        throw new Missing(whyMissing(role));
    }

    private String whyMissing(Role role) {
        List<Integer> signals = instance.signals(role);
        if (signals.isEmpty()) {
            return "nothing measures " + role;
        }
        return switch (board.reading(signals.getFirst(), now)) {
            case Reading.Silent(Instant _, Instant lastHeard)
                    when lastHeard.equals(Instant.EPOCH) ->
                    role + " was never read";
            case Reading.Silent(Instant _, Instant lastHeard) ->
                    role + " is silent since " + lastHeard;
            case Reading.Invalid(Instant _, long _, String reason) ->
                    role + " is invalid: " + reason;
            case Reading.Measured _ -> role + " is measured";
        };
    }

    /** Seconds since the last measurement. */
    double ageSeconds(Role role) {
        List<Integer> signals = instance.signals(role);
        if (signals.isEmpty()) {
            throw new Missing("nothing measures " + role);
        }
        Optional<Instant> last = memory.heard(signals.getFirst());
        boolean isSettling = Duration.between(memory.begun(), now).compareTo(SETTLING) <= 0;
        if (!memory.isHeardNow(signals.getFirst()) && isSettling) {
            throw new Missing(role + " wasn't read yet since the start");
        }
        return Duration.between(last.orElse(memory.begun()), now).toNanos() / 1e9;
    }

    /** Least-squares slope of the last measurements. */
    double ratePerMinute(Role role, long count, Duration span) {
        var series = memory.series(new Series.Key(fresh(role), (int) count, span));
        return series.slopePerMinute()
                .orElseThrow(
                        () ->
                                new Missing(
                                        role
                                                + " has "
                                                + series.size()
                                                + " of "
                                                + count
                                                + " measurements"));
    }

    /** Whether the current stayed low. */
    boolean isIdle(Role role, double capacityFraction, Duration length) {
        double limitAmperes = capacityFraction * instance.ampereHours();
        var quiet = memory.quiet(new Quiet.Key(fresh(role), limitAmperes));
        return quiet.isIdle(length)
                .orElseThrow(
                        () ->
                                new Missing(
                                        role
                                                + " is watched for "
                                                + Wording.length(quiet.watched())
                                                + " of "
                                                + Wording.length(length)));
    }

    /**
     * Whether any signal said yes when it was last measured. Its last word holds, so that falling
     * silent changes nothing; one that was never heard has said nothing.
     */
    boolean isAnySet(Role role) {
        return instance.any().getOrDefault(role, List.of()).stream().anyMatch(memory::wasSet);
    }

    /**
     * Whether every signal is known to have said no since a while before the subject's own flag
     * began to say yes, and again since it did. What wasn't measured in that time isn't known; nor
     * is when a flag began that never said no.
     *
     * @throws Missing if the flag can't be read or isn't set
     */
    boolean isAllClearSince(Role role, Role own, Duration before) {
        int flag = fresh(own);
        Instant rose = memory.setFrom(flag).orElseThrow(() -> new Missing(own + " isn't set"));
        Optional<Instant> from = memory.clearTo(flag).map(clear -> clear.minus(before));
        return instance.any().getOrDefault(role, List.of()).stream()
                .allMatch(signal -> from.isPresent() && memory.wasClear(signal, from.get(), rose));
    }

    /**
     * How far the value is from the median of its peers: the other devices that measure the same
     * role in the room, each with the median of its own. So that no device and no gateway but the
     * value's own can make it stand out, the median is also taken without each other gateway in
     * turn, and the least deviation counts.
     */
    double overPeers(Role role) {
        double value = number(role);
        List<Figure> figures = figures(role);
        double least = value - median(role, figures, _ -> true);
        double most = least;
        var gateways = new LinkedHashSet<GatewayId>();
        figures.forEach(figure -> gateways.add(figure.gateway()));
        gateways.remove(instance.signal().gateway());
        for (GatewayId without : gateways) {
            double deviation = value - median(role, figures, gateway -> !gateway.equals(without));
            least = Math.min(least, deviation);
            most = Math.max(most, deviation);
        }
        if (least > 0) {
            return least;
        }
        return most < 0 ? most : 0;
    }

    private List<Figure> figures(Role role) {
        List<Figure> figures = new ArrayList<>();
        for (Peer peer : instance.peers().getOrDefault(role, List.of())) {
            if (!peer.device().equals(instance.signal().device())) {
                List<Double> numbers = new ArrayList<>();
                for (int signal : peer.signals()) {
                    if (board.reading(signal, now) instanceof Reading.Measured measured
                            && measured.value() instanceof Value.Quantity(double number)) {
                        numbers.add(number);
                    }
                }
                median(numbers)
                        .ifPresent(number -> figures.add(new Figure(peer.gateway(), number)));
            }
        }
        return figures;
    }

    private double median(Role role, List<Figure> figures, Predicate<GatewayId> isAdmitted) {
        List<Double> numbers = new ArrayList<>();
        for (Figure figure : figures) {
            if (isAdmitted.test(figure.gateway())) {
                numbers.add(figure.number());
            }
        }
        if (numbers.size() < PEERS) {
            throw new Missing(
                    role + " has " + numbers.size() + " peers of " + PEERS + " that are needed");
        }
        return median(numbers).orElseThrow();
    }

    private static OptionalDouble median(List<Double> numbers) {
        if (numbers.isEmpty()) {
            return OptionalDouble.empty();
        }
        numbers.sort(Double::compare);
        int half = numbers.size() / 2;
        return OptionalDouble.of(
                numbers.size() % 2 == 1
                        ? numbers.get(half)
                        : (numbers.get(half - 1) + numbers.get(half)) / 2);
    }

    /** The instants of the readings an expression rests on, as far as they are measurements. */
    List<Instant> measuredAt(Expression expression) {
        List<Instant> instants = new ArrayList<>();
        for (Use use : expression.uses()) {
            if (isReading(use)) {
                for (int signal : instance.signals(use.role())) {
                    if (board.reading(signal, now) instanceof Reading.Measured measured) {
                        instants.add(measured.at());
                        break;
                    }
                }
            }
        }
        return instants;
    }

    private static boolean isReading(Use use) {
        return switch (use) {
            case Use.Latest _, Use.Rate _, Use.OverPeers _, Use.Idle _ -> true;
            case Use.Age _, Use.AnySet _, Use.AllClearSince _ -> false;
        };
    }
}
