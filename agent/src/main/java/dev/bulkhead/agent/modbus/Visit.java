package dev.bulkhead.agent.modbus;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Identity;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A person's visit to a gateway: one exchange after the other, by the same session that the agent
 * polls with, so that what it takes for an answer is taken here too. It polls nothing by itself,
 * and writes only what it is told to.
 */
public final class Visit implements AutoCloseable {
    /** The leave to write without the guard's, which nobody but a visit has. */
    public static final class Word {
        private Word() {}
    }

    /**
     * What passed on the wire between a request and the end of waiting for its answer.
     *
     * @param answer all that came, right or not; none if nothing did
     */
    public record Passed(Instant sentAt, Bytes request, Bytes answer) {}

    private static final ProfileId UNKNOWN = new ProfileId("unknown");
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final AgentTime time;
    private final Duration connectWithin;
    private final Duration answerWithin;
    private final LinkDriver driver;
    private final Findings findings = new Findings();

    private Visit(
            Gateway gateway,
            List<Device> devices,
            Profile profile,
            LinkTimings timings,
            AgentTime time) {
        LinkTimings here = timings.forGateway(gateway);
        this.time = time;
        this.connectWithin = here.connectTimeout().plus(here.connectTimeout());
        // The session has limits of its own; this one ends what it would never end.
        this.answerWithin =
                here.requestTimeout()
                        .plus(here.pauseBetweenRequests())
                        .multipliedBy(3)
                        .plus(here.connectTimeout())
                        .plus(here.pauseAfterConnect());
        Map<ProfileId, Profile> profiles = Map.of(UNKNOWN, profile);
        Site site = site(gateway, devices);
        this.driver =
                LinkDriver.start(
                        LinkSession.of(
                                site,
                                gateway,
                                profiles,
                                SignalTable.of(site, profiles),
                                here,
                                time.now()),
                        gateway,
                        time,
                        findings);
    }

    /**
     * Goes to a gateway; whether anybody answers shows at the first exchange.
     *
     * @param units that will be asked, whoever they are
     */
    public static Visit to(
            Gateway gateway, Set<Integer> units, LinkTimings timings, AgentTime time) {
        List<Device> devices =
                units.stream()
                        .map(unit -> device("unit-" + unit, gateway, unit, OptionalInt.empty()))
                        .toList();
        return new Visit(gateway, devices, proving(List.of(), List.of(), List.of()), timings, time);
    }

    /**
     * Goes to one device, which is asked and told nothing before it has proved, on the same
     * connection, that it is the one the site means; as much as its register map can prove.
     */
    public static Visit to(
            Gateway gateway, Device device, Profile profile, LinkTimings timings, AgentTime time) {
        Device alone = device(device.id().value(), gateway, device.unit(), device.index());
        return new Visit(gateway, List.of(alone), proofOf(profile), timings, time);
    }

    private static Device device(String id, Gateway gateway, int unit, OptionalInt index) {
        return new Device(
                new DeviceId(id),
                UNKNOWN,
                gateway.id(),
                unit,
                Optional.empty(),
                index,
                List.of(),
                List.of());
    }

    /** Of a register map what proves the device, read once on each connection. */
    private static Profile proofOf(Profile profile) {
        Set<String> names =
                profile.identities().stream().map(Identity::point).collect(Collectors.toSet());
        profile.points().stream()
                .filter(point -> names.contains(point.name()))
                .flatMap(point -> factor(point).stream())
                .toList()
                .forEach(names::add);
        List<Point> points =
                profile.points().stream().filter(point -> names.contains(point.name())).toList();
        List<Block> blocks =
                profile.blocks().stream()
                        .filter(
                                block ->
                                        points.stream().anyMatch(each -> each.extent().isIn(block)))
                        .map(
                                each ->
                                        new Block(
                                                each.table(),
                                                each.address(),
                                                each.count(),
                                                Rate.ONCE))
                        .toList();
        return proving(blocks, points, profile.identities());
    }

    private static Optional<String> factor(Point point) {
        return point.encoding() instanceof Encoding.Numeric number
                ? number.scaling().scaleFactor()
                : Optional.empty();
    }

    private static Profile proving(
            List<Block> blocks, List<Point> points, List<Identity> identities) {
        return new Profile(
                UNKNOWN,
                "",
                new Profile.Source("", Optional.empty()),
                blocks,
                List.of(),
                points,
                List.of(),
                identities,
                Optional.empty(),
                List.of());
    }

    private static Site site(Gateway gateway, List<Device> devices) {
        var known = new LinkedHashMap<DeviceId, Device>();
        devices.forEach(device -> known.put(device.id(), device));
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
                known);
    }

    /** Asks, and waits for the answer; while there is no connection, until there is one. */
    public Answer read(Block block, int unit) throws InterruptedException {
        return offer(Exchange.read(unit, block));
    }

    /**
     * Reads all that a register map asks for; a request that is refused is divided as the agent
     * divides it, until what the device lacks is found.
     *
     * @return the requests that came of it and their answers, by the map's blocks
     */
    public SequencedMap<Block, Answer> readAll(Profile profile, int unit)
            throws InterruptedException {
        var answers = new LinkedHashMap<Block, Answer>();
        for (Block block : profile.blocks()) {
            answers.putAll(readInParts(new BlockParts(block, profile.indivisible()), unit));
            if (answers.lastEntry().getValue() instanceof Answer.NotSent) {
                break;
            }
        }
        return answers;
    }

    private SequencedMap<Block, Answer> readInParts(BlockParts parts, int unit)
            throws InterruptedException {
        var asked = new LinkedHashMap<Block, Answer>();
        Optional<Block> next = Optional.of(parts.whole());
        while (next.isPresent()) {
            Answer answer = read(next.get(), unit);
            asked.put(next.get(), answer);
            if (answer instanceof Answer.NotSent) {
                return new LinkedHashMap<>(Map.of(parts.whole(), answer));
            }
            if (answer instanceof Answer.Values) {
                parts.answered(next.get());
            } else if (answer instanceof Answer.Refused(var _, int code, String _)
                    && LinkSession.isOfAddress(code)) {
                parts.refused(next.get());
            }
            next = parts.blocks().stream().filter(part -> !asked.containsKey(part)).findFirst();
        }
        var answers = new LinkedHashMap<Block, Answer>();
        parts.blocks().forEach(part -> answers.put(part, Site.known(asked, part)));
        return answers;
    }

    /**
     * Writes, and waits for the answer. One frame is sent at most: only what has not left is
     * offered again. {@code Lost}: it may have reached the device.
     */
    public Answer write(Change change, int unit) throws InterruptedException {
        return offer(new Exchange.WriteAsTold(unit, change, new Word()));
    }

    private Answer offer(Exchange exchange) throws InterruptedException {
        long deadline = System.nanoTime() + connectWithin.toNanos();
        while (true) {
            Answer answer = ask(exchange);
            if (!(answer instanceof Answer.NotSent(var _, String reason))) {
                return answer;
            }
            if (System.nanoTime() - deadline > 0) {
                return new Answer.NotSent(time.now(), findings.lost.orElse(reason));
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }

    /** What has passed since this was asked last, the proof of a device among it. */
    public List<Passed> passed() {
        return findings.take();
    }

    /**
     * Looks for the models of a SunSpec device; gives up at the first read without an answer.
     *
     * @param heard is told what became of each read
     */
    public SunSpecWalk walk(int unit, Consumer<Answer> heard) throws InterruptedException {
        SunSpecWalk walk = SunSpecWalk.begin();
        while (walk instanceof SunSpecWalk.Asking asking) {
            String where = asking.block().extent() + ": ";
            Answer answer = read(asking.block(), unit);
            heard.accept(answer);
            walk =
                    switch (answer) {
                        case Answer.Values(var _, var _, Image image) -> asking.answered(image);
                        case Answer.Refused(var _, int code, String reason) ->
                                LinkSession.isNoAnswer(code)
                                        ? new SunSpecWalk.Lost(where + reason)
                                        : asking.refused(reason);
                        case Answer.Lost(var _, String reason) ->
                                new SunSpecWalk.Lost(where + reason);
                        case Answer.NotSent(var _, String reason) ->
                                new SunSpecWalk.Lost("no connection: " + reason);
                        case Answer.Written _ ->
                                throw new IllegalStateException("nothing was written");
                    };
        }
        return walk;
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

    private static final class Findings implements LinkDriver.Findings {
        private volatile Optional<String> lost = Optional.empty();
        // Guards itself: the link's thread adds, the person's takes.
        private final List<Passed> passed = new ArrayList<>();

        private List<Passed> take() {
            synchronized (passed) {
                List<Passed> taken = List.copyOf(passed);
                passed.clear();
                return taken;
            }
        }

        @Override
        public void sent(Instant at, Bytes bytes) {
            synchronized (passed) {
                passed.add(new Passed(at, bytes, Bytes.NONE));
            }
        }

        @Override
        public void received(Bytes bytes) {
            synchronized (passed) {
                if (!passed.isEmpty()) {
                    Passed last = passed.removeLast();
                    passed.add(
                            new Passed(last.sentAt(), last.request(), last.answer().plus(bytes)));
                }
            }
        }

        @Override
        public void sampled(Sample sample) {}

        @Override
        public void silenced(List<Observation> observations) {}

        @Override
        public void news(LinkNews news) {
            if (news instanceof LinkNews.LinkLost(var _, String reason)) {
                lost = Optional.of(reason);
            } else if (news instanceof LinkNews.LinkBack) {
                lost = Optional.empty();
            }
        }
    }
}
