package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.signal.Board;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Since when a current has stayed low, with data that never broke off. */
final class Quiet {
    /** Which current, and what is low. */
    record Key(int signal, double limitAmperes) {}

    private Optional<Instant> begun = Optional.empty();
    private Optional<Instant> lastOver = Optional.empty();
    private Optional<Instant> heard = Optional.empty();

    void add(Instant at, double amperes, double limitAmperes) {
        if (heard.isPresent() && !at.isAfter(heard.get())) {
            return;
        }
        boolean isBroken =
                heard.isEmpty()
                        || Duration.between(heard.get(), at).compareTo(Board.STALE_AFTER) > 0;
        if (isBroken) {
            begun = Optional.of(at);
            lastOver = Optional.empty();
        }
        if (Math.abs(amperes) >= limitAmperes) {
            lastOver = Optional.of(at);
        }
        heard = Optional.of(at);
    }

    /** Yes, no, or nothing while the data don't reach back far enough. */
    Optional<Boolean> isIdle(Duration length) {
        if (heard.isEmpty() || begun.isEmpty()) {
            return Optional.empty();
        }
        Instant until = heard.get();
        if (lastOver.isPresent() && Duration.between(lastOver.get(), until).compareTo(length) < 0) {
            return Optional.of(false);
        }
        Instant from = lastOver.orElse(begun.get());
        return Duration.between(from, until).compareTo(length) >= 0
                ? Optional.of(true)
                : Optional.empty();
    }

    /** How far back unbroken data reach. */
    Duration watched() {
        return begun.isPresent() && heard.isPresent()
                ? Duration.between(begun.get(), heard.get())
                : Duration.ZERO;
    }

    Memory.QuietImage image(String signal, double limitAmperes) {
        return new Memory.QuietImage(signal, limitAmperes, begun, lastOver, heard);
    }

    void restore(Memory.QuietImage image) {
        begun = image.begun();
        lastOver = image.lastOver();
        heard = image.heard();
    }
}
