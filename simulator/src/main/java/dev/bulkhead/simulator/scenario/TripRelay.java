package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.score.Outcome;
import dev.bulkhead.simulator.score.RunRecord;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.score.RunRecord.Stage;
import dev.bulkhead.simulator.score.Score;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The trip circuit of every battery room, which a {@link RoomTrip} closes. It energises the trip
 * coils of all breakers of the room at once, through their panels, and stays closed: a breaker that
 * refused while in LOCAL is tripped as soon as it is back in REMOTE. What it knows of a breaker is
 * the lamp of its auxiliary contacts. It proves nothing and resets nothing.
 */
final class TripRelay {
    /** How often the relay tries again and the lamps are looked at. Proposal. */
    private static final Duration SCAN = Duration.ofSeconds(1);

    /** A breaker that shows itself closed this long after its pulse has failed. */
    private static final Duration OPENS_WITHIN = Duration.ofSeconds(1);

    private final Plant plant;
    private final RoomTrip wiring;
    private final Instant start;
    private final SequencedMap<RoomId, List<Coil>> tripped = new LinkedHashMap<>();
    private final List<Decision> decisions = new ArrayList<>();

    /** A breaker of a tripped room. */
    private static final class Coil {
        final BreakerId breaker;
        final Set<String> told = new LinkedHashSet<>();
        Optional<Instant> pulsedAt = Optional.empty();

        Coil(BreakerId breaker) {
            this.breaker = breaker;
        }
    }

    TripRelay(Plant plant, RoomTrip wiring) {
        this.plant = plant;
        this.wiring = wiring;
        this.start = plant.now();
    }

    /** When it next looks, after the plant's now. */
    Instant next() {
        long scans = Duration.between(start, plant.now()).dividedBy(SCAN);
        return start.plus(SCAN.multipliedBy(scans + 1));
    }

    private boolean isTimeFor(Duration cycle) {
        Duration since = Duration.between(start, plant.now());
        return since.minus(cycle.multipliedBy(since.dividedBy(cycle))).isZero();
    }

    /** Looks at every room, if it is time to. */
    void look() {
        if (!isTimeFor(SCAN)) {
            return;
        }
        if (isTimeFor(wiring.cycle())) {
            plant.site().batteryRooms().stream()
                    .filter(room -> !tripped.containsKey(room))
                    .forEach(room -> wiring.look(room).ifPresent(why -> close(room, why)));
        }
        tripped.forEach((room, coils) -> coils.forEach(coil -> tend(room, coil)));
    }

    private void close(RoomId room, String why) {
        tell(Stage.DETECTION, Score.FAILING, room, Optional.empty(), why);
        tripped.put(room, plant.site().boundaryOf(room).stream().map(Coil::new).toList());
    }

    private void tend(RoomId room, Coil coil) {
        if (coil.pulsedAt.isEmpty()) {
            pulse(room, coil);
        }
        if (shows(coil.breaker) == Position.OPEN) {
            tellOnce(room, coil, "open", "its lamp shows OPEN");
        } else if (coil.pulsedAt
                .filter(at -> !at.plus(OPENS_WITHIN).isAfter(plant.now()))
                .isPresent()) {
            tellOnce(room, coil, "failed", "its lamp shows " + shows(coil.breaker));
        }
    }

    private void pulse(RoomId room, Coil coil) {
        Breaker breaker = Site.known(plant.site().breakers(), coil.breaker);
        if (breaker.operation() != Breaker.Operation.REMOTE) {
            tellOnce(room, coil, "failed", "operated by hand only: it has no trip coil");
        } else if (plant.select(coil.breaker) && plant.trip(coil.breaker)) {
            coil.pulsedAt = Optional.of(plant.now());
            tellOnce(room, coil, RunRecord.TRIP, "trip coil energised");
        } else {
            tellOnce(room, coil, "refused", "LOCAL, racked out or without control supply");
        }
    }

    private Position shows(BreakerId breaker) {
        return plant.sense(Role.BREAKER_POSITION, new Subject.OfBreaker(breaker))
                        instanceof Value.At(Position position)
                ? position
                : Position.BAD;
    }

    private void tellOnce(RoomId room, Coil coil, String kind, String text) {
        if (coil.told.add(kind)) {
            tell(Stage.BREAKER, kind, room, Optional.of(coil.breaker), text);
        }
    }

    private void tell(
            Stage stage, String kind, RoomId room, Optional<BreakerId> breaker, String text) {
        decisions.add(new Decision(plant.now(), stage, kind, Optional.of(room), breaker, text));
    }

    List<RoomId> tripped() {
        return List.copyOf(tripped.keySet());
    }

    List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    /** What became of a room, as the lamps show it. */
    Outcome outcome(RoomId room) {
        if (!tripped.containsKey(room)) {
            return Outcome.NONE;
        }
        return plant.site().boundaryOf(room).stream()
                        .allMatch(breaker -> shows(breaker) == Position.OPEN)
                ? Outcome.NOT_PROVEN
                : Outcome.FAILED;
    }
}
