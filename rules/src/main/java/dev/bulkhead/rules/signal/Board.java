package dev.bulkhead.rules.signal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The latest readings, as the judge may use them: read-only, one per signal, by index. */
public interface Board {
    /**
     * A reading older than this is silence whatever it says: three times the 10 s in which Korean
     * rules since 2023 want every battery measured (facts 3.1: the age at which a quality vote
     * falls).
     */
    Duration STALE_AFTER = Duration.ofSeconds(30);

    SignalTable signals();

    /** The latest reading of a signal; {@link Reading.Silent} if it was never read or is stale. */
    Reading reading(int signal, Instant now);

    /** The latest measurement of a signal, if it is one. */
    default Optional<Reading.Measured> measured(Signal signal, Instant now) {
        return reading(signal.index(), now) instanceof Reading.Measured measured
                ? Optional.of(measured)
                : Optional.empty();
    }
}
