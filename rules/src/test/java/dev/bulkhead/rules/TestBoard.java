package dev.bulkhead.rules;

import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Snapshot;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A board whose readings a test writes, with a clock a test moves. */
public final class TestBoard implements Board {
    private final SignalTable signals;
    private final List<Reading> readings = new ArrayList<>();
    private final TreeMap<Integer, Reading> news = new TreeMap<>();
    private Instant now = Instant.parse("2026-01-15T06:00:00Z");
    private long sequence;

    public TestBoard(SignalTable signals) {
        this.signals = signals;
        signals.all().forEach(_ -> readings.add(new Reading.Silent(Instant.EPOCH, Instant.EPOCH)));
    }

    @Override
    public SignalTable signals() {
        return signals;
    }

    @Override
    public Reading reading(int signal, Instant at) {
        Reading reading = readings.get(signal);
        return reading instanceof Reading.Measured measured
                        && Duration.between(measured.at(), at).compareTo(STALE_AFTER) > 0
                ? new Reading.Silent(at, measured.at())
                : reading;
    }

    public Instant now() {
        return now;
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    /** Begins again at an instant. */
    public void begin(Instant at) {
        now = at;
        news.clear();
    }

    public Signal signal(String id) {
        return signals.find(new SignalId(id)).orElseThrow();
    }

    public void measure(String id, double number) {
        measure(signal(id), new Value.Quantity(number));
    }

    public void measure(String id, boolean isSet) {
        measure(signal(id), new Value.Flag(isSet));
    }

    public void measure(Signal signal, Value value) {
        put(signal, new Reading.Measured(now, ++sequence, value));
    }

    public void silence(String id) {
        silence(signal(id));
    }

    public void silence(Signal signal) {
        Instant lastHeard =
                switch (readings.get(signal.index())) {
                    case Reading.Measured(Instant at, long _, Value _) -> at;
                    case Reading.Silent(Instant _, Instant before) -> before;
                    case Reading.Invalid(Instant at, long _, String _) -> at;
                };
        put(signal, new Reading.Silent(now, lastHeard));
    }

    public void invalidate(Signal signal) {
        put(signal, new Reading.Invalid(now, ++sequence, "garbage"));
    }

    private void put(Signal signal, Reading reading) {
        readings.set(signal.index(), reading);
        news.put(signal.index(), reading);
    }

    /** All signals as on a quiet day. */
    public void measureAllAsOnAQuietDay() {
        signals.all().forEach(signal -> measure(signal, quiet(signal.role())));
    }

    /** What was heard since the last turn. */
    public Snapshot turn() {
        List<Observation> observations = new ArrayList<>();
        news.forEach((signal, reading) -> observations.add(new Observation(signal, reading)));
        news.clear();
        return new Snapshot(now, observations);
    }

    /** What a healthy plant at float shows. */
    public static Value quiet(Role role) {
        return switch (role.type()) {
            case NUMBER -> new Value.Quantity(quietNumber(role));
            case POSITION -> new Value.At(Position.CLOSED);
            case FLAG ->
                    new Value.Flag(
                            switch (role) {
                                case RACK_CONTACTOR_CLOSED,
                                        ROOM_FAN_RUNNING,
                                        ROOM_DAMPER_OPEN,
                                        UPS_RECTIFIER_INPUT,
                                        UPS_INVERTER_ON,
                                        UPS_LOAD_ON_INVERTER,
                                        BREAKER_RACKED_IN,
                                        BREAKER_TRIP_CIRCUIT_HEALTHY,
                                        BREAKER_CONTROL_SUPPLY_HEALTHY ->
                                        true;
                                default -> false;
                            });
        };
    }

    private static double quietNumber(Role role) {
        return switch (role.unit()) {
            case "V" -> role.high() == 5 ? 4.1 : 558;
            case "°C" -> 24;
            case "kΩ" -> 2000;
            case "%" -> role == Role.ROOM_HYDROGEN ? 0 : 45;
            case "A", "% LFL" -> 0;
            default -> 1;
        };
    }
}
