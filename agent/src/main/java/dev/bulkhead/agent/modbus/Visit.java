package dev.bulkhead.agent.modbus;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A person's visit to a gateway: reads one after the other, by the same session that the agent
 * polls with, so that what it takes for an answer is taken here too. It polls nothing by itself and
 * writes nothing.
 */
public final class Visit implements AutoCloseable {
    private static final ProfileId UNKNOWN = new ProfileId("unknown");
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final AgentTime time;
    private final Duration connectWithin;
    private final Duration answerWithin;
    private final LinkDriver driver;
    private volatile String lost = "no answer to connecting";

    private Visit(Gateway gateway, Set<Integer> units, LinkTimings timings, AgentTime time) {
        this.time = time;
        this.connectWithin = timings.connectTimeout().plus(timings.connectTimeout());
        this.answerWithin = timings.requestTimeout().multipliedBy(3);
        var profile =
                new Profile(
                        UNKNOWN,
                        "",
                        new Profile.Source("", Optional.empty()),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty());
        Map<ProfileId, Profile> profiles = Map.of(UNKNOWN, profile);
        Site site = site(gateway, units);
        this.driver =
                LinkDriver.start(
                        LinkSession.of(
                                site,
                                gateway,
                                profiles,
                                SignalTable.of(site, profiles),
                                timings.forGateway(gateway),
                                time.now()),
                        gateway,
                        time,
                        new Findings());
    }

    /**
     * Goes there; whether anybody answers shows at the first read.
     *
     * @param units that will be asked
     */
    public static Visit to(
            Gateway gateway, Set<Integer> units, LinkTimings timings, AgentTime time) {
        return new Visit(gateway, units, timings, time);
    }

    private static Site site(Gateway gateway, Set<Integer> units) {
        var devices = new LinkedHashMap<DeviceId, Device>();
        for (int unit : units) {
            var id = new DeviceId("unit-" + unit);
            devices.put(
                    id,
                    new Device(
                            id,
                            UNKNOWN,
                            gateway.id(),
                            unit,
                            Optional.empty(),
                            OptionalInt.empty(),
                            List.of(),
                            List.of()));
        }
        return new Site(
                "visit",
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(Map.of(gateway.id(), gateway)),
                devices);
    }

    /** Asks, and waits for the answer; while there is no connection, until there is one. */
    public Answer read(Profile.Block block, int unit) throws InterruptedException {
        Exchange exchange = Exchange.read(unit, block);
        long deadline = System.nanoTime() + connectWithin.toNanos();
        while (true) {
            Answer answer = ask(exchange);
            if (!(answer instanceof Answer.NotSent)) {
                return answer;
            }
            if (System.nanoTime() - deadline > 0) {
                return new Answer.NotSent(time.now(), lost);
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }

    private Answer ask(Exchange exchange) throws InterruptedException {
        var answered = new CompletableFuture<Answer>();
        driver.submit(exchange, answered::complete);
        try {
            return answered.get(answerWithin.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return new Answer.Lost(time.now(), "no answer");
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug);
        }
    }

    @Override
    public void close() {
        driver.close();
    }

    private final class Findings implements LinkDriver.Findings {
        @Override
        public void sampled(Sample sample) {}

        @Override
        public void silenced(List<Observation> observations) {}

        @Override
        public void news(LinkNews news) {
            if (news instanceof LinkNews.LinkLost(var _, String reason)) {
                lost = reason;
            }
        }
    }
}
