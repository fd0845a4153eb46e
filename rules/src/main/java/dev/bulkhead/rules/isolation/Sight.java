package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The board as one look needs it: what is silent, no measurement, stale, requested too early or
 * contradicted by its double is unknown, and so empty here.
 *
 * @param after readings must have been requested after this
 */
record Sight(Board board, Instant after, Instant now) {
    /** Any reading that isn't stale. */
    static Sight of(Board board, Instant now) {
        return new Sight(board, Instant.MIN, now);
    }

    Optional<Boolean> flag(NodeId node, Role role) {
        return flag(new Subject.OfNode(node), role);
    }

    Optional<Boolean> flag(Subject subject, Role role) {
        return agreed(
                subject,
                role,
                value ->
                        value instanceof Value.Flag(boolean isSet)
                                ? Optional.of(isSet)
                                : Optional.empty());
    }

    Optional<Position> position(BreakerId breaker) {
        return agreed(
                new Subject.OfBreaker(breaker),
                Role.BREAKER_POSITION,
                value ->
                        value instanceof Value.At(Position position)
                                ? Optional.of(position)
                                : Optional.empty());
    }

    /** The largest magnitude among the measurements there are. */
    OptionalDouble highestMagnitude(NodeId node, Role role) {
        return board.signals().of(new Subject.OfNode(node), role).stream()
                .flatMap(signal -> measured(signal).stream())
                .map(Reading.Measured::value)
                .filter(Value.Quantity.class::isInstance)
                .mapToDouble(value -> Math.abs(((Value.Quantity) value).number()))
                .max();
    }

    Optional<Reading.Measured> measured(Signal signal) {
        return board.measured(signal, now).filter(measured -> measured.at().isAfter(after));
    }

    /** What a signal says, for people. */
    String told(Signal signal) {
        return switch (board.reading(signal.index(), now)) {
            case Reading.Silent _ -> signal.id() + " is silent";
            case Reading.Invalid(var _, var _, String reason) ->
                    signal.id() + " is no measurement: " + reason;
            case Reading.Measured(Instant at, var _, Value value) when !at.isAfter(after) ->
                    signal.id() + " read " + value + " before the last write";
            case Reading.Measured(var _, var _, Value value) -> signal.id() + " reads " + value;
        };
    }

    private <T> Optional<T> agreed(Subject subject, Role role, Function<Value, Optional<T>> as) {
        List<Optional<T>> told =
                board.signals().of(subject, role).stream()
                        .map(signal -> measured(signal).map(Reading.Measured::value).flatMap(as))
                        .distinct()
                        .toList();
        return told.size() == 1 ? told.getFirst() : Optional.empty();
    }
}
