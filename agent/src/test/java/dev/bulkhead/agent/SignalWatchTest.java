package dev.bulkhead.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.bulkhead.agent.control.SignalView;
import dev.bulkhead.agent.modbus.Bench;
import dev.bulkhead.agent.modbus.LinkNews;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SignalWatchTest {
    private final SignalWatch watch = new SignalWatch(new Bench(502).signals);
    private Instant now = Bench.START;

    private SignalView first() {
        return watch.look().getFirst();
    }

    /** The first signal is read after so long. */
    private void read(double seconds, boolean isAgain) {
        Duration took = Duration.ofMillis(Math.round(seconds * 1000));
        now = now.plus(took);
        watch.sampled(
                new Sample(
                        new DeviceId("panel"),
                        1,
                        now,
                        isAgain ? Optional.of(took) : Optional.empty(),
                        List.of(
                                new Observation(
                                        0, new Reading.Measured(now, 1, new Value.Quantity(1))))));
    }

    @Test
    void whatWasNeverReadIsSilentAndHasNoInterval() {
        SignalView view = first();
        assertInstanceOf(Reading.Silent.class, view.reading());
        assertEquals(Duration.ZERO, view.interval());
    }

    @Test
    void theLongestIntervalIsForgottenAfterAWhile() {
        read(1, false);
        assertEquals(Duration.ZERO, first().interval());
        read(7, true);
        for (int i = 0; i < 600; i++) {
            read(1, true);
            assertEquals(Duration.ofSeconds(1), first().interval());
            assertEquals(Duration.ofSeconds(7), first().longest());
        }
        for (int i = 0; i < 600; i++) {
            read(1, true);
        }
        assertEquals(Duration.ofSeconds(1), first().longest());
    }

    @Test
    void aSilentSignalSaysWhyAndOneThatIsReadDoesNot() {
        watch.told(new LinkNews.DeviceLost(first().device(), "no answer within 2 s"));
        assertEquals("no answer within 2 s", first().whySilent());
        read(1, false);
        assertEquals("", first().whySilent());
        watch.silenced(List.of(new Observation(0, new Reading.Silent(now, now))));
        watch.told(new LinkNews.DeviceStill(first().device(), now));
        assertEquals("nothing of it has changed since " + now, first().whySilent());
    }

    @Test
    void silenceIsShownAndChangesNoInterval() {
        read(1, false);
        read(2, true);
        watch.silenced(List.of(new Observation(0, new Reading.Silent(now, now))));
        assertInstanceOf(Reading.Silent.class, first().reading());
        assertEquals(Duration.ofSeconds(2), first().interval());
    }
}
