package dev.bulkhead.agent;

import dev.bulkhead.agent.control.SignalView;
import dev.bulkhead.agent.modbus.LinkNews;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The newest reading of each signal and how often it is read, for people to see. Of a signal's
 * device only one link writes, one at a time; anybody may look.
 */
final class SignalWatch {
    /** The longest interval shown is of the last one to two of these. */
    private static final Duration WINDOW = Duration.ofMinutes(10);

    /**
     * @param interval between the last two polls; zero: there weren't two
     * @param longest since {@code windowBegan}
     * @param longestBefore in the window before
     */
    private record Seen(
            Reading reading,
            Duration interval,
            Duration longest,
            Duration longestBefore,
            Instant windowBegan) {
        private static final Seen NOTHING =
                new Seen(
                        new Reading.Silent(Instant.EPOCH, Instant.EPOCH),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Instant.EPOCH);

        private Seen with(Reading next) {
            return new Seen(next, interval, longest, longestBefore, windowBegan);
        }

        private Seen with(Reading next, Duration took) {
            return next.at().isBefore(windowBegan.plus(WINDOW))
                    ? new Seen(next, took, longer(longest, took), longestBefore, windowBegan)
                    : new Seen(next, took, took, longest, next.at());
        }
    }

    private final SignalTable signals;
    private final AtomicReferenceArray<Seen> seen;
    private final Map<DeviceId, String> whySilent = new ConcurrentHashMap<>();

    SignalWatch(SignalTable signals) {
        this.signals = signals;
        this.seen = new AtomicReferenceArray<>(signals.size());
        for (int signal = 0; signal < signals.size(); signal++) {
            seen.set(signal, Seen.NOTHING);
        }
    }

    void sampled(Sample sample) {
        for (Observation observation : sample.observations()) {
            Seen before = seen.get(observation.signal());
            seen.set(
                    observation.signal(),
                    sample.interval()
                            .map(took -> before.with(observation.reading(), took))
                            .orElseGet(() -> before.with(observation.reading())));
        }
    }

    void silenced(List<Observation> observations) {
        for (Observation observation : observations) {
            seen.set(
                    observation.signal(),
                    seen.get(observation.signal()).with(observation.reading()));
        }
    }

    /** Why a device is silent holds until it is silent for another reason. */
    void told(LinkNews news) {
        if (news instanceof LinkNews.DeviceLost(DeviceId device, String reason)) {
            whySilent.put(device, reason);
        } else if (news instanceof LinkNews.DeviceStill(DeviceId device, Instant since)) {
            whySilent.put(device, "nothing of it has changed since " + since);
        }
    }

    /** Every signal, by index. */
    List<SignalView> look() {
        return signals.all().stream().map(this::look).toList();
    }

    private SignalView look(Signal signal) {
        Seen now = seen.get(signal.index());
        return new SignalView(
                signal.id(),
                signal.device(),
                signal.role(),
                now.reading(),
                now.reading() instanceof Reading.Silent
                        ? whySilent.getOrDefault(signal.device(), "")
                        : "",
                now.interval(),
                longer(now.longest(), now.longestBefore()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
