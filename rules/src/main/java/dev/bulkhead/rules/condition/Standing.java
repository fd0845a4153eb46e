package dev.bulkhead.rules.condition;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of one instance: its verdict, whether it has breached and not been shown clear
 * since, and how far a breach has come that doesn't count yet.
 *
 * <p>A breach lasts from measurement to measurement: time between the last one before a silence and
 * the first after it doesn't count, nor does time the agent was away.
 */
final class Standing {
    private Verdict verdict = Verdict.UNKNOWN;
    private boolean isBreached;
    private int samples;
    private Duration lasted = Duration.ZERO;
    private Optional<Instant> countedTo = Optional.empty();
    private Optional<Instant> sampledTo = Optional.empty();
    // Only for people to see, and found again at the first look: no part of the image.
    private Optional<String> heldBack = Optional.empty();

    Verdict verdict() {
        return verdict;
    }

    boolean isBreached() {
        return isBreached;
    }

    int samples() {
        return samples;
    }

    Duration lasted() {
        return lasted;
    }

    Optional<String> heldBack() {
        return heldBack;
    }

    /** Why it doesn't count though what the condition asks is so; empty if it counts. */
    void holdBack(Optional<String> why) {
        heldBack = why;
    }

    void become(Verdict next) {
        verdict = next;
    }

    void breach() {
        isBreached = true;
    }

    /** Shown clear: whatever had begun is forgotten. */
    void forget() {
        isBreached = false;
        samples = 0;
        lasted = Duration.ZERO;
        countedTo = Optional.empty();
        sampledTo = Optional.empty();
    }

    /** Nothing is known for a while; what was counted stays. */
    void pause() {
        countedTo = Optional.empty();
    }

    /**
     * Counts a measurement in breach, unless it isn't new.
     *
     * @param from the oldest reading it rests on; new only if even that is newer than all before
     * @param to the newest
     */
    boolean count(Instant from, Instant to) {
        if (sampledTo.isPresent() && !from.isAfter(sampledTo.get())) {
            return false;
        }
        countedTo.ifPresent(before -> lasted = lasted.plus(Duration.between(before, to)));
        countedTo = Optional.of(to);
        sampledTo = Optional.of(to);
        samples++;
        return true;
    }

    Memory.StandingImage image(String key) {
        return new Memory.StandingImage(key, verdict, isBreached, samples, lasted, sampledTo);
    }

    void restore(Memory.StandingImage image) {
        verdict = image.verdict();
        isBreached = image.isBreached();
        samples = image.samples();
        lasted = image.lasted();
        countedTo = Optional.empty();
        sampledTo = image.sampledTo();
    }
}
