package dev.bulkhead.rules.signal;

import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A board a test writes on. What was never written is silent; what is old becomes so. */
public final class FakeBoard implements Board {
    private final SignalTable signals;
    private final Map<Integer, Reading> readings = new HashMap<>();

    public FakeBoard(SignalTable signals) {
        this.signals = signals;
    }

    /** Everything that isolation looks at, as on a quiet day, requested at {@code at}. */
    public static FakeBoard quiet(SignalTable signals, Instant at) {
        var board = new FakeBoard(signals);
        signals.all()
                .forEach(
                        signal ->
                                quiet(signal.role())
                                        .ifPresent(value -> board.put(signal, value, at)));
        return board;
    }

    private static Optional<Value> quiet(Role role) {
        return Optional.ofNullable(
                switch (role) {
                    case BREAKER_POSITION -> new Value.At(Position.CLOSED);
                    case BREAKER_RACKED_IN,
                            BREAKER_TRIP_CIRCUIT_HEALTHY,
                            BREAKER_CONTROL_SUPPLY_HEALTHY,
                            UPS_RECTIFIER_INPUT,
                            UPS_INVERTER_ON,
                            UPS_LOAD_ON_INVERTER ->
                            new Value.Flag(true);
                    case BREAKER_LOCAL,
                            BREAKER_TRIPPED,
                            UPS_ON_BYPASS,
                            UPS_ON_BATTERY,
                            UPS_BATTERY_CIRCUIT_OPEN ->
                            new Value.Flag(false);
                    case BUSBAR_VOLTAGE, RACK_VOLTAGE -> new Value.Quantity(558);
                    case RACK_CURRENT -> new Value.Quantity(0);
                    default -> null;
                });
    }

    @Override
    public SignalTable signals() {
        return signals;
    }

    @Override
    public Reading reading(int signal, Instant now) {
        Reading reading = readings.get(signal);
        if (reading == null) {
            return new Reading.Silent(now, Instant.EPOCH);
        }
        return now.isAfter(reading.at().plus(STALE_AFTER))
                ? new Reading.Silent(now, reading.at())
                : reading;
    }

    public void put(Signal signal, Value value, Instant at) {
        readings.put(signal.index(), new Reading.Measured(at, 1, value));
    }

    public void put(Signal signal, Reading reading) {
        readings.put(signal.index(), reading);
    }

    public FakeBoard position(BreakerId breaker, Position position, Instant at) {
        of(new Subject.OfBreaker(breaker), Role.BREAKER_POSITION)
                .forEach(signal -> put(signal, new Value.At(position), at));
        return this;
    }

    public FakeBoard flag(BreakerId breaker, Role role, boolean isSet, Instant at) {
        of(new Subject.OfBreaker(breaker), role)
                .forEach(signal -> put(signal, new Value.Flag(isSet), at));
        return this;
    }

    public FakeBoard flag(NodeId node, Role role, boolean isSet, Instant at) {
        of(new Subject.OfNode(node), role)
                .forEach(signal -> put(signal, new Value.Flag(isSet), at));
        return this;
    }

    public FakeBoard number(NodeId node, Role role, double number, Instant at) {
        of(new Subject.OfNode(node), role)
                .forEach(signal -> put(signal, new Value.Quantity(number), at));
        return this;
    }

    public FakeBoard silence(Subject subject, Role role) {
        of(subject, role).forEach(this::silence);
        return this;
    }

    public void silence(Signal signal) {
        readings.remove(signal.index());
    }

    /** A test that sets what no device has would test nothing. */
    private List<Signal> of(Subject subject, Role role) {
        List<Signal> found = signals.of(subject, role);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no device reads " + role + " of " + subject);
        }
        return found;
    }
}
