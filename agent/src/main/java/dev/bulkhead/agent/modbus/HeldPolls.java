package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile.Model;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Answered polls of a SunSpec device whose readings count once the device has shown again where it
 * has their model.
 */
final class HeldPolls {
    /**
     * One of them.
     *
     * @param interval since the poll before of the same registers
     */
    record Poll(
            Model model,
            Instant requestedAt,
            Optional<Duration> interval,
            List<Observation> readings) {
        Poll {
            readings = List.copyOf(readings);
        }

        /** What it says, as the device's sample of this number. */
        Sample sample(DeviceId device, long number) {
            return new Sample(
                    device,
                    number,
                    requestedAt,
                    interval,
                    readings.stream().map(reading -> numbered(reading, number)).toList());
        }

        private static Observation numbered(Observation one, long number) {
            return new Observation(
                    one.signal(),
                    switch (one.reading()) {
                        case Reading.Measured(Instant at, long _, Value value) ->
                                new Reading.Measured(at, number, value);
                        case Reading.Invalid(Instant at, long _, String reason) ->
                                new Reading.Invalid(at, number, reason);
                        case Reading.Silent silent -> silent;
                    });
        }
    }

    private final List<Poll> held = new ArrayList<>();

    void hold(Poll poll) {
        held.add(poll);
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Those of the models that are shown to be where they were. */
    List<Poll> release(Predicate<Model> isShown) {
        if (held.isEmpty()) {
            return List.of();
        }
        List<Poll> released = held.stream().filter(poll -> isShown.test(poll.model())).toList();
        held.removeAll(released);
        return released;
    }

    /**
     * All that are left, which nothing proves any more: that they were answered is all they say.
     */
    List<Poll> drop() {
        List<Poll> dropped =
                held.stream()
                        .map(
                                poll ->
                                        new Poll(
                                                poll.model(),
                                                poll.requestedAt(),
                                                poll.interval(),
                                                List.of()))
                        .toList();
        held.clear();
        return dropped;
    }
}
