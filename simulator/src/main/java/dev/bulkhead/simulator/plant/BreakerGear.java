package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.Breaker;
import java.util.Optional;

/**
 * One breaker as it really is.
 *
 * <pre>
 *   CLOSED --trip pulse, or by hand--> MOVING --opening time--> OPEN
 *      ^                                                          |
 *      +---- by hand; one that has tripped: after a reset where it stands
 * </pre>
 *
 * A moulded-case breaker with a shunt or undervoltage trip needs the local reset (Schneider Class
 * 615).
 */
final class BreakerGear {
    private final Breaker breaker;
    private Position position = Position.CLOSED;
    private Optional<Position> lie = Optional.empty();
    private boolean hasTripped;
    private boolean isTripping;
    private boolean isLocal;
    private boolean isRackedIn = true;
    private boolean isSupplied = true;
    private boolean isTripCircuitWhole = true;
    private boolean isStuck;
    private long selectedUntil = Long.MIN_VALUE;

    BreakerGear(Breaker breaker) {
        this.breaker = breaker;
    }

    Breaker breaker() {
        return breaker;
    }

    /** Current still flows while the contacts part. */
    boolean conducts() {
        return isRackedIn && position != Position.OPEN;
    }

    private boolean isReady() {
        return breaker.operation() == Breaker.Operation.REMOTE
                && !isLocal
                && isRackedIn
                && isSupplied;
    }

    boolean select(long now, long holds) {
        if (!isReady()) {
            return false;
        }
        selectedUntil = now + holds;
        return true;
    }

    /** Takes the trip pulse, and uses up the select; whether the panel let it through. */
    boolean takesTrip(long now) {
        boolean isSelected = now <= selectedUntil;
        selectedUntil = Long.MIN_VALUE;
        return isSelected && isReady();
    }

    /** Starts to open; whether it moves at all. */
    boolean startOpening(boolean byTripCoil) {
        boolean isCoilDead = byTripCoil && !isTripCircuitWhole;
        if (isStuck || position != Position.CLOSED || isCoilDead) {
            return false;
        }
        position = Position.MOVING;
        isTripping = byTripCoil;
        return true;
    }

    void open() {
        position = Position.OPEN;
        hasTripped = isTripping;
    }

    boolean close() {
        if (isStuck || position != Position.OPEN || hasTripped) {
            return false;
        }
        position = Position.CLOSED;
        return true;
    }

    /** Whether there was anything to reset. */
    boolean reset() {
        boolean had = hasTripped;
        hasTripped = false;
        return had;
    }

    boolean isClosed() {
        return position == Position.CLOSED;
    }

    /** What the auxiliary contacts show. */
    Position shown() {
        return lie.orElse(position);
    }

    boolean hasTripped() {
        return hasTripped;
    }

    boolean isLocal() {
        return isLocal;
    }

    boolean isRackedIn() {
        return isRackedIn;
    }

    boolean isSupplied() {
        return isSupplied;
    }

    boolean isTripCircuitWhole() {
        return isTripCircuitWhole && isSupplied;
    }

    void setLocal(boolean local) {
        isLocal = local;
    }

    void rackOut() {
        isRackedIn = false;
    }

    void loseSupply() {
        isSupplied = false;
    }

    void breakTripCircuit() {
        isTripCircuitWhole = false;
    }

    void stick() {
        isStuck = true;
    }

    void lie(Position shown) {
        lie = Optional.of(shown);
    }
}
