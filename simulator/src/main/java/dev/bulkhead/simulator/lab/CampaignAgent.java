package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.agent.AgentSettings;
import dev.bulkhead.agent.Facility;
import dev.bulkhead.agent.actuate.Actuation;
import dev.bulkhead.agent.actuate.BreakerWiring;
import dev.bulkhead.agent.cycle.Cycle;
import dev.bulkhead.agent.cycle.Effect;
import dev.bulkhead.agent.cycle.Inbox;
import dev.bulkhead.agent.journal.Journal;
import dev.bulkhead.agent.journal.MemoryJournal;
import dev.bulkhead.agent.modbus.Bytes;
import dev.bulkhead.agent.modbus.Exchange;
import dev.bulkhead.agent.modbus.LinkEffect;
import dev.bulkhead.agent.modbus.LinkEvent;
import dev.bulkhead.agent.modbus.LinkNews;
import dev.bulkhead.agent.modbus.LinkSession;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.Input;
import dev.bulkhead.rules.Intent;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.device.Answer;
import dev.bulkhead.simulator.device.SimulatedGateway;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The agent's real code on one thread and virtual time: its link sessions exchange real frames with
 * the simulated gateways in memory, its cycle turns, its acts run, its journal is kept in memory.
 * What the daemon's drivers do with sockets and threads is done here with the queue of {@link
 * VirtualTime}.
 */
final class CampaignAgent {
    /** One way over a switched network and through a gateway's serial side (assumption). */
    private static final Duration QUICKEST = Duration.ofMillis(5);

    private static final int SLOWEST_MILLIS = 40;

    /** What an fsync takes (assumption). */
    private static final Duration TO_DISK = Duration.ofMillis(5);

    /** Sees what goes over the links, and changes nothing. */
    interface Onlooker {
        /** A request is at its gateway; the plant stands at this instant. */
        void asked(GatewayId gateway, Bytes request);

        void sampled(Sample sample);

        void silenced(List<Observation> observations);

        /** Looks away. */
        Onlooker NOBODY =
                new Onlooker() {
                    @Override
                    public void asked(GatewayId gateway, Bytes request) {
                        // Nobody looks.
                    }

                    @Override
                    public void sampled(Sample sample) {
                        // Nobody looks.
                    }

                    @Override
                    public void silenced(List<Observation> observations) {
                        // Nobody looks.
                    }
                };
    }

    private final Facility facility;
    private final AgentSettings settings;
    private final SequencedMap<GatewayId, SimulatedGateway> gateways;
    private final Onlooker onlooker;
    private final Consumer<Instant> plant;
    private final VirtualTime time;
    private final SplittableRandom random;
    private final MemoryJournal journal;
    private final Consumer<Event> told;
    private final Cycle cycle;
    private final BreakerWiring wiring;
    private final Inbox inbox = new Inbox();
    private final SequencedMap<GatewayId, Link> links = new LinkedHashMap<>();
    private long lastTicket;
    private long requests;
    private long asked;
    private long samples;
    private boolean isAlive = true;

    /**
     * Starts an agent on what its journal holds.
     *
     * @param plant brings the plant to an instant
     * @param told hears every event once it is durable
     */
    CampaignAgent(
            AgentFile.Configuration configuration,
            SequencedMap<GatewayId, SimulatedGateway> gateways,
            Onlooker onlooker,
            Consumer<Instant> plant,
            VirtualTime time,
            SplittableRandom random,
            MemoryJournal journal,
            Consumer<Event> told) {
        this.facility = configuration.facility();
        this.settings = configuration.settings();
        this.gateways = gateways;
        this.onlooker = onlooker;
        this.plant = plant;
        this.time = time;
        this.random = random;
        this.journal = journal;
        this.told = told;
        this.cycle = new Cycle(configuration.judge(), time.now(), journal.past());
        this.wiring = BreakerWiring.of(facility.site(), facility.profiles());
        for (GatewayId gateway : facility.site().gateways().keySet()) {
            var link = new Link(gateway);
            links.put(gateway, link);
            link.on(new LinkEvent.Tick());
        }
        turnAt(time.now().plus(settings.cycle()));
    }

    /** The process is gone, at once: connections drop, nothing more is sent. */
    void kill() {
        isAlive = false;
    }

    boolean isAlive() {
        return isAlive;
    }

    long skippedPolls() {
        return links.values().stream().mapToLong(link -> link.session.overruns()).sum();
    }

    /** Polls that were asked or left out; requests of acts are none. */
    long duePolls() {
        return requests - asked + skippedPolls();
    }

    long answeredPolls() {
        return samples;
    }

    private void at(Instant when, Runnable act) {
        time.at(
                when,
                () -> {
                    if (isAlive) {
                        act.run();
                    }
                });
    }

    private void turnAt(Instant when) {
        at(
                when,
                () -> {
                    carryOut(cycle.turn(inbox.take(time.now())));
                    turnAt(when.plus(settings.cycle()));
                });
    }

    private void carryOut(List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Append(long ticket, List<Event> events) -> append(ticket, events);
                case Effect.Act(Intent intent) -> new Act().begin(intent);
            }
        }
    }

    private void append(long ticket, List<Event> events) {
        switch (journal.append(events)) {
            case Journal.Result.Durable _ ->
                    at(
                            time.now().plus(TO_DISK),
                            () -> {
                                events.forEach(told);
                                carryOut(cycle.durable(ticket));
                            });
            case Journal.Result.Failed(String reason) ->
                    at(
                            time.now().plus(TO_DISK),
                            () -> carryOut(cycle.notDurable(ticket, reason, time.now())));
        }
    }

    void submit(Input input) {
        carryOut(cycle.step(input));
    }

    private Duration way() {
        return QUICKEST.plusMillis(random.nextInt(SLOWEST_MILLIS));
    }

    /** One act in hand. */
    private final class Act {
        private final Actuation actuation = new Actuation(wiring);

        void begin(Intent intent) {
            on(new Actuation.Event.Begin(intent));
        }

        private void on(Actuation.Event event) {
            for (Actuation.Effect effect : actuation.on(event, time.now())) {
                switch (effect) {
                    case Actuation.Effect.Submit(
                                    long number,
                                    GatewayId gateway,
                                    Exchange exchange) ->
                            Site.known(links, gateway)
                                    .submit(
                                            exchange,
                                            answer ->
                                                    on(
                                                            new Actuation.Event.Answered(
                                                                    number, answer)));
                    case Actuation.Effect.Done(Input end) -> CampaignAgent.this.submit(end);
                }
            }
            actuation.wakeAt().ifPresent(when -> at(when, () -> tick(when)));
        }

        private void tick(Instant when) {
            if (actuation.wakeAt().equals(Optional.of(when))) {
                on(new Actuation.Event.Tick());
            }
        }
    }

    /** One link: its session, and the one connection it may have. */
    private final class Link {
        private final GatewayId gateway;
        private final LinkSession session;
        private final SequencedMap<Long, Consumer<dev.bulkhead.agent.modbus.Answer>> waiting =
                new LinkedHashMap<>();
        private long connection;
        private Optional<Instant> wakeAt = Optional.empty();

        Link(GatewayId gateway) {
            this.gateway = gateway;
            this.session =
                    LinkSession.of(
                            facility.site(),
                            // Whatever its link is: simulated ones speak Modbus TCP.
                            Gateway.tcp(gateway, "simulated", 502),
                            facility.profiles(),
                            facility.signals(),
                            settings.timings(),
                            time.now());
        }

        void submit(Exchange exchange, Consumer<dev.bulkhead.agent.modbus.Answer> answered) {
            long ticket = ++lastTicket;
            asked++;
            waiting.put(ticket, answered);
            on(new LinkEvent.Submit(ticket, exchange));
        }

        void on(LinkEvent event) {
            for (LinkEffect effect : session.on(event, time.now())) {
                switch (effect) {
                    case LinkEffect.Connect _ -> {
                        long own = ++connection;
                        arrive(own, way(), new LinkEvent.Connected());
                    }
                    case LinkEffect.Disconnect _ -> connection++;
                    case LinkEffect.Send(Bytes request) -> {
                        requests++;
                        send(connection, request);
                    }
                    case LinkEffect.Sampled(var sample) -> {
                        samples++;
                        onlooker.sampled(sample);
                        inbox.add(sample.observations());
                    }
                    case LinkEffect.Silenced(var observations) -> {
                        onlooker.silenced(observations);
                        inbox.add(observations);
                    }
                    case LinkEffect.Answered(long ticket, var answer) ->
                            Optional.ofNullable(waiting.remove(ticket))
                                    .ifPresent(answered -> answered.accept(answer));
                    case LinkNews _ -> {}
                }
            }
            session.wakeAt()
                    .filter(when -> wakeAt.isEmpty() || when.isBefore(wakeAt.get()))
                    .ifPresent(this::wake);
        }

        private void wake(Instant when) {
            wakeAt = Optional.of(when);
            at(
                    when,
                    () -> {
                        if (wakeAt.equals(Optional.of(when))) {
                            wakeAt = Optional.empty();
                            on(new LinkEvent.Tick());
                        }
                    });
        }

        /** Something arrives over a connection, unless that connection is gone by then. */
        private void arrive(long own, Duration after, LinkEvent event) {
            at(
                    time.now().plus(after),
                    () -> {
                        if (own == connection) {
                            on(event);
                        }
                    });
        }

        /** What was sent arrives, even if the agent dies meanwhile. */
        private void send(long own, Bytes request) {
            time.at(time.now().plus(way()), () -> reach(own, request));
        }

        /** The request is at the gateway; it is answered whether or not somebody still listens. */
        private void reach(long own, Bytes request) {
            plant.accept(time.now());
            onlooker.asked(gateway, request);
            Answer answer =
                    Site.known(gateways, gateway)
                            .answer(ByteBuffer.wrap(request.toArray()), time.now());
            switch (answer) {
                case Answer.Frame frame -> {
                    byte[] bytes = new byte[frame.bytes().remaining()];
                    frame.bytes().get(bytes);
                    arrive(own, way().plus(frame.after()), new LinkEvent.Received(Bytes.of(bytes)));
                }
                case Answer.Silence _ -> {}
                case Answer.HangUp _ ->
                        arrive(own, way(), new LinkEvent.Closed("the gateway hung up"));
            }
        }
    }
}
