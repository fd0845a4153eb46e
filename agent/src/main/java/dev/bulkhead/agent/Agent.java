package dev.bulkhead.agent;

import dev.bulkhead.agent.AgentSettings.TelemetrySettings;
import dev.bulkhead.agent.actuate.BreakerWiring;
import dev.bulkhead.agent.control.Display;
import dev.bulkhead.agent.control.Reply;
import dev.bulkhead.agent.control.View;
import dev.bulkhead.agent.cycle.Cycle;
import dev.bulkhead.agent.cycle.Effect;
import dev.bulkhead.agent.cycle.Inbox;
import dev.bulkhead.agent.journal.Journal;
import dev.bulkhead.agent.journal.JournalFile;
import dev.bulkhead.agent.journal.JournalWriter;
import dev.bulkhead.agent.modbus.Answer;
import dev.bulkhead.agent.modbus.Exchange;
import dev.bulkhead.agent.modbus.LinkDriver;
import dev.bulkhead.agent.modbus.LinkNews;
import dev.bulkhead.agent.modbus.LinkSession;
import dev.bulkhead.agent.telemetry.TelemetryDriver;
import dev.bulkhead.rules.Command;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.Input;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running agent: its threads, and what they hand each other. The only place that knows all of
 * its parts.
 *
 * <pre>
 *  link-… ──readings──► Inbox ──► cycle ──append──► journal ──durable──► cycle ──► actuate-… ──► link-…
 *     │                            │◄────────────────── end of act ─────────────────┘
 *     │        control ──command──►│
 *     └──sample──► telemetry ◄─────┘ events
 * </pre>
 */
public final class Agent implements Display, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /**
     * Commands, ends of acts and the journal's answers waiting for the cycle: one of each is
     * already much. When it is full, whoever hands in waits; readings never do.
     */
    private static final int MOST_WAITING = 1000;

    /** How fresh people's view is: making one looks at every signal. */
    private static final Duration VIEW_EVERY = Duration.ofSeconds(2);

    /** How long a person waits for the judge's word. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);

    /** What each part gets to stop in. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    /** How well the agent kept its own times. */
    public record Punctuality(long skippedPolls, long lateCycles) {}

    private sealed interface Message {
        record Judge(Input input) implements Message {}

        record Durable(long ticket, List<Event> events) implements Message {}

        record NotDurable(long ticket, String reason, List<Event> events) implements Message {}

        record Order(Input.Person person, CompletableFuture<Reply> reply) implements Message {}
    }

    private final Facility facility;
    private final AgentSettings settings;
    private final AgentTime time;
    private final Consumer<List<Event>> told;
    private final Journal journal;
    private final JournalWriter writer;
    private final Cycle cycle;
    private final BreakerWiring wiring;
    private final Inbox inbox = new Inbox();
    private final SignalWatch watch;
    private final Optional<TelemetryDriver> telemetry;

    /** What was known before the start; forgotten when it was told. */
    private List<Event> past;

    private final BlockingQueue<Message> messages = new ArrayBlockingQueue<>(MOST_WAITING);
    private final SequencedMap<GatewayId, LinkDriver> links = new LinkedHashMap<>();
    private final AtomicLong lateCycles = new AtomicLong();
    private final Thread cycleThread;
    private final Thread journalThread;
    private volatile View view;

    /**
     * Begins where the journal ends.
     *
     * @param told hears every event once, in order, after the journal has it or has failed to take
     *     it
     */
    public Agent(
            AgentFile.Configuration configuration,
            AgentTime time,
            JournalFile.Opening.Opened opened,
            Consumer<List<Event>> told) {
        this.facility = configuration.facility();
        this.settings = configuration.settings();
        this.time = time;
        this.told = told;
        this.journal = opened.journal();
        this.watch = new SignalWatch(facility.signals());
        this.cycle = new Cycle(configuration.judge(), time.now(), opened.past());
        this.view = Views.of(facility.site(), cycle, time.now());
        this.telemetry = settings.telemetry().map(this::telemetry);
        this.wiring = BreakerWiring.of(facility.site(), facility.profiles());
        this.writer = new JournalWriter(journal, this::journalChanged);
        this.journalThread = Thread.ofPlatform().name("journal").unstarted(writer);
        this.cycleThread = Thread.ofPlatform().name("cycle").unstarted(this::run);
        this.past = opened.past();
        opened.damage().ifPresent(this::suspend);
    }

    private TelemetryDriver telemetry(TelemetrySettings to) {
        return new TelemetryDriver(
                to.broker(),
                to.spool(),
                to.quotaBytes(),
                facility.site(),
                facility.signals(),
                time);
    }

    /** How alarms and rooms stand before anything is told. */
    private void tellHowThingsStand(TelemetryDriver to) {
        // An alarm that ended while nobody could be told stands at the broker as it was.
        to.found(past);
        for (View.Room room : view.rooms()) {
            Optional<String> isolation =
                    view.plans().stream()
                            .filter(plan -> plan.room().equals(room.room()))
                            .map(View.Plan::phase)
                            .reduce((_, last) -> last);
            to.room(room.room(), room.level(), room.votes(), isolation);
        }
        for (View.Alarm alarm : view.alarms()) {
            to.alarm(alarm.alarm(), alarm.room(), alarm.state(), alarm.since(), alarm.text());
        }
    }

    /** A journal that can't be relied on from the start: automatic acts wait for a person. */
    private void suspend(String damage) {
        put(new Message.Judge(new Input.JournalState(time.now(), false, damage)));
    }

    public void start() {
        telemetry.ifPresent(
                to -> {
                    tellHowThingsStand(to);
                    to.start();
                });
        past = List.of();
        journalThread.start();
        cycleThread.start();
        for (Gateway gateway : facility.site().gateways().values()) {
            var session =
                    LinkSession.of(
                            facility.site(),
                            gateway,
                            facility.profiles(),
                            facility.signals(),
                            settings.timings().forGateway(gateway).onWall(time),
                            time.now());
            links.put(gateway.id(), LinkDriver.start(session, gateway, time, new Findings()));
        }
    }

    public Punctuality punctuality() {
        long skipped = links.values().stream().mapToLong(LinkDriver::overruns).sum();
        return new Punctuality(skipped, lateCycles.get());
    }

    /** What there is to see, as of the last cycle. */
    @Override
    public View view() {
        return view;
    }

    @Override
    public Reply.SeenSignals signals() {
        return new Reply.SeenSignals(time.now(), watch.look());
    }

    /** Hands a person's command to the judge and waits for what becomes of it. */
    public Reply order(Command command, String who, String why) {
        var reply = new CompletableFuture<Reply>();
        var order = new Message.Order(new Input.Person(time.now(), who, why, command), reply);
        try {
            if (messages.offer(order, ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                return reply.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            }
            return new Reply.Refused("the agent is too busy; nothing was done");
        } catch (TimeoutException _) {
            return new Reply.Refused("the agent has not answered yet; look what became of it");
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Reply.Refused("the agent is stopping");
        }
    }

    private static Reply answer(Input.Person person, List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Append.class::isInstance)
                .flatMap(append -> ((Effect.Append) append).events().stream())
                .filter(Event.CommandRefused.class::isInstance)
                .<Reply>map(refused -> new Reply.Refused(((Event.CommandRefused) refused).why()))
                .findFirst()
                .orElseGet(() -> new Reply.Accepted(person.command().toString()));
    }

    private void run() {
        Duration interval = settings.cycle();
        Instant next = time.now().plus(interval);
        try {
            while (true) {
                Instant now = time.now();
                if (!now.isBefore(next)) {
                    carryOut(cycle.turn(inbox.take(now)));
                    if (!now.isBefore(view.at().plus(VIEW_EVERY))) {
                        look(now);
                    }
                    next = next.plus(interval);
                    if (next.isBefore(now)) {
                        lateCycles.incrementAndGet();
                        next = now.plus(interval);
                    }
                    // A cycle that takes longer than its interval must not keep people and acts
                    // waiting.
                    for (Message waiting = messages.poll();
                            waiting != null;
                            waiting = messages.poll()) {
                        take(waiting);
                    }
                    continue;
                }
                Duration wait = time.wall(Duration.between(now, next));
                Message message = messages.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
                if (message != null) {
                    take(message);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Message message) {
        switch (message) {
            case Message.Judge(Input input) -> carryOut(cycle.step(input));
            case Message.Durable(long ticket, List<Event> events) -> {
                tell(events);
                carryOut(cycle.durable(ticket));
            }
            case Message.NotDurable(long ticket, String reason, List<Event> events) -> {
                tell(events);
                carryOut(cycle.notDurable(ticket, reason, time.now()));
            }
            case Message.Order(Input.Person person, CompletableFuture<Reply> reply) -> {
                List<Effect> effects = cycle.step(person);
                reply.complete(answer(person, effects));
                carryOut(effects);
                look(time.now());
            }
        }
    }

    private void look(Instant now) {
        view = Views.of(facility.site(), cycle, now);
        telemetry.ifPresent(
                to ->
                        view.rooms()
                                .forEach(
                                        room ->
                                                to.seen(
                                                        room.room(),
                                                        room.devices(),
                                                        room.silent())));
    }

    /** The journal has these, or could not take them: people may hear of them. */
    private void tell(List<Event> events) {
        told.accept(events);
        telemetry.ifPresent(to -> to.tell(events));
    }

    private void carryOut(List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Append(long ticket, List<Event> events) ->
                        writer.append(events, result -> put(answer(ticket, events, result)));
                case Effect.Act(var intent) ->
                        Thread.ofVirtual()
                                .name("actuate-" + intent.breaker())
                                .start(
                                        new Act(
                                                intent,
                                                wiring,
                                                this::submit,
                                                time,
                                                end -> put(new Message.Judge(end))));
            }
        }
    }

    private static Message answer(long ticket, List<Event> events, Journal.Result result) {
        return switch (result) {
            case Journal.Result.Durable _ -> new Message.Durable(ticket, events);
            case Journal.Result.Failed(String reason) ->
                    new Message.NotDurable(ticket, reason, events);
        };
    }

    private void submit(GatewayId gateway, Exchange exchange, Consumer<Answer> answered) {
        Optional.ofNullable(links.get(gateway))
                .ifPresentOrElse(
                        link -> link.submit(exchange, answered),
                        () ->
                                answered.accept(
                                        new Answer.NotSent(time.now(), "no link " + gateway)));
    }

    private void journalChanged(JournalWriter.Health health) {
        put(
                new Message.Judge(
                        new Input.JournalState(time.now(), health.isWritable(), health.reason())));
    }

    /**
     * Hands a message to the cycle's thread, which takes its own at once: it can't wait for itself.
     */
    private void put(Message message) {
        if (cycleThread.equals(Thread.currentThread())) {
            take(message);
            return;
        }
        try {
            messages.put(message);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where a link's findings go; on its thread, so nothing here waits. */
    private final class Findings implements LinkDriver.Findings {
        @Override
        public void sampled(Sample sample) {
            inbox.add(sample.observations());
            watch.sampled(sample);
            telemetry.ifPresent(to -> to.take(sample));
        }

        @Override
        public void silenced(List<Observation> observations) {
            inbox.add(observations);
            watch.silenced(observations);
        }

        @Override
        public void news(LinkNews news) {
            watch.told(news);
            switch (news) {
                case LinkNews.DeviceLost(var device, String reason) ->
                        LOG.warn("device {} is silent: {}", device, reason);
                case LinkNews.DeviceBack(var device, Duration outage) ->
                        LOG.info("device {} answers again, after {} s", device, outage.toSeconds());
                case LinkNews.DeviceStill(var device, Instant since) ->
                        LOG.warn(
                                "device {} answers, but nothing of it has changed since {}, not"
                                        + " even its heartbeat: its values are taken for silent",
                                device,
                                since);
                case LinkNews.DeviceMoves(var device, Duration still) ->
                        LOG.info(
                                "device {} changes its values again, after {} s",
                                device,
                                still.toSeconds());
                case LinkNews.DeviceUnproved(var device, String reason) ->
                        LOG.warn(
                                "device {} answers, but is not proved to be the one the site means:"
                                        + " {}; nothing of it counts",
                                device,
                                reason);
                case LinkNews.DeviceProved(var device, Duration unproved) ->
                        LOG.info(
                                "device {} is proved to be the one the site means, after {} s",
                                device,
                                unproved.toSeconds());
                case LinkNews.ValuesRefused(var device, var extent, var points, String reason) ->
                        LOG.warn(
                                "device {} refuses {} ({}): {}",
                                device,
                                extent,
                                String.join(", ", points),
                                reason);
                case LinkNews.ValuesBack(var device, var extent, var points) ->
                        LOG.info(
                                "device {} gives {} again ({})",
                                device,
                                extent,
                                String.join(", ", points));
                case LinkNews.ReadInParts(var device, var extent, int requests, String reason) ->
                        LOG.warn(
                                "device {} refuses {} in one request, and gives all of it in {}: {};"
                                        + " its profile should say so by unreadable or mostRegisters",
                                device,
                                extent,
                                requests,
                                reason);
                case LinkNews.LinkLost(var gateway, String reason) ->
                        LOG.warn(
                                "gateway {} ({}) is lost: {}",
                                gateway,
                                Site.known(facility.site().gateways(), gateway).link().place(),
                                reason);
                case LinkNews.LinkBack(var gateway, Duration outage) ->
                        LOG.info("gateway {} is back, after {} s", gateway, outage.toSeconds());
            }
        }
    }

    /** Each link ends when its request under way is answered; all have the same time for that. */
    private void finishPolling() throws InterruptedException {
        links.values().forEach(LinkDriver::finish);
        long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
        for (LinkDriver link : links.values()) {
            link.awaitEnd(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
    }

    /** What the journal has taken or refused since the cycle ended; nothing follows from it. */
    private void tellTheLast() {
        if (cycleThread.isAlive()) {
            return;
        }
        var last = new ArrayList<Message>();
        messages.drainTo(last);
        for (Message message : last) {
            switch (message) {
                case Message.Durable(long _, List<Event> events) -> tell(events);
                case Message.NotDurable(long _, String _, List<Event> events) -> tell(events);
                case Message.Order(var _, CompletableFuture<Reply> reply) ->
                        reply.complete(new Reply.Refused("the agent is stopping"));
                case Message.Judge _ -> {
                    // Nobody judges any more.
                }
            }
        }
    }

    @Override
    public void close() {
        stop(STOP_WITHIN);
    }

    /**
     * Stops in the reverse order of the flow: no new acts, no readings, the record; and telling
     * last, so that nothing waits for it.
     *
     * @param telling how long the broker may take to acknowledge what is left
     */
    public void stop(Duration telling) {
        try {
            cycleThread.interrupt();
            cycleThread.join(STOP_WITHIN);
            finishPolling();
            links.values().forEach(LinkDriver::close);
            writer.stop(STOP_WITHIN);
            tellTheLast();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            journal.close();
        }
        try {
            if (telemetry.isPresent()) {
                telemetry.get().finish(telling);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
