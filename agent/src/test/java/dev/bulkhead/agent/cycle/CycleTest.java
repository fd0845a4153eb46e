package dev.bulkhead.agent.cycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.rules.Command;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.Input;
import dev.bulkhead.rules.IntentId;
import dev.bulkhead.rules.Isolation;
import dev.bulkhead.rules.Judge;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Snapshot;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.RoomId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CycleTest {
    private static final IntentId SECOND_ATTEMPT = new IntentId("A1#2.1.2");
    private static final RoomId A1 = new RoomId("A1");
    private static final Set<String> BURNING = Set.of("A1-offgas.di2", "A1-smoke1.fire1");
    private static final AgentFile.Configuration CONFIGURATION =
            AgentFile.load(Path.of("../simulator/src/main/sites/two-rooms/agent.yaml"))
                    .orElseThrow();
    private static final SignalTable SIGNALS = CONFIGURATION.facility().signals();

    /** Of the first step of the second plan: the first waited until the UPS had run for 60 s. */
    private final Judge judge = CONFIGURATION.judge();

    private final List<Event> journal = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-15T06:00:00Z");
    private long sequence;
    private Cycle cycle = new Cycle(judge, now, List.of());

    /** All that isolation looks at is as on a quiet day, and the second rack vents into smoke. */
    private List<Effect> burn() {
        sequence++;
        var news = new ArrayList<Observation>();
        for (Signal signal : SIGNALS.all()) {
            value(signal, sequence > 1)
                    .ifPresent(
                            value ->
                                    news.add(
                                            new Observation(
                                                    signal.index(),
                                                    new Reading.Measured(now, sequence, value))));
        }
        List<Effect> effects = cycle.turn(new Snapshot(now, news));
        now = now.plusSeconds(1);
        return effects;
    }

    /** The first look is at a quiet room: what reports at once may have done so for long. */
    private static Optional<Value> value(Signal signal, boolean isBurning) {
        return Optional.ofNullable(
                switch (signal.role()) {
                    case BREAKER_POSITION -> new Value.At(Position.CLOSED);
                    case BREAKER_RACKED_IN,
                            BREAKER_TRIP_CIRCUIT_HEALTHY,
                            BREAKER_CONTROL_SUPPLY_HEALTHY,
                            UPS_RECTIFIER_INPUT,
                            UPS_INVERTER_ON,
                            UPS_LOAD_ON_INVERTER ->
                            new Value.Flag(true);
                    case BREAKER_LOCAL,
                            BREAKER_TRIPPED,
                            UPS_ON_BYPASS,
                            UPS_ON_BATTERY,
                            UPS_BATTERY_CIRCUIT_OPEN ->
                            new Value.Flag(false);
                    case ROOM_OFF_GAS_REFERENCE -> new Value.Flag(false);
                    case BUSBAR_VOLTAGE -> new Value.Quantity(558);
                    case RACK_OFF_GAS, ROOM_SMOKE_FIRE ->
                            new Value.Flag(isBurning && BURNING.contains(signal.id().value()));
                    default -> null;
                });
    }

    /** Keeps every append, until one has an intent; that one is handed back, not yet kept. */
    private Effect.Append untilIntended() {
        for (int second = 0; second < 300; second++) {
            List<Effect> effects = burn();
            assertEquals(List.of(), acts(effects), "nothing of it is durable yet");
            for (Effect.Append append : appends(effects)) {
                if (intended(append).isPresent()) {
                    return append;
                }
                journal.addAll(append.events());
                assertEquals(List.of(), cycle.durable(append.ticket()));
            }
        }
        throw new AssertionError("no act was wanted: " + journal);
    }

    private static Optional<IntentId> intended(Effect.Append append) {
        return events(List.of(append), Event.Intended.class).stream()
                .map(Event.Intended::intent)
                .findFirst();
    }

    private static List<Effect.Append> appends(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Append.class::isInstance)
                .map(Effect.Append.class::cast)
                .toList();
    }

    private static <E extends Event> List<E> events(List<Effect> effects, Class<E> kind) {
        return appends(effects).stream()
                .flatMap(append -> append.events().stream())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static List<Effect> acts(List<Effect> effects) {
        return effects.stream().filter(Effect.Act.class::isInstance).toList();
    }

    @Test
    void nothingIsActedOnBeforeItIsDurable() {
        Effect.Append append = untilIntended();
        for (int second = 0; second < 5; second++) {
            assertEquals(List.of(), acts(burn()), "the disk takes its time");
        }

        List<Effect> effects = cycle.durable(append.ticket());

        assertEquals(
                intended(append).stream().toList(),
                effects.stream().map(effect -> ((Effect.Act) effect).intent().id()).toList());
        assertEquals(List.of(), cycle.durable(append.ticket()), "once");
    }

    @Test
    void anotherTicketsEntryLetsNothingGo() {
        Effect.Append append = untilIntended();

        for (long ticket = 0; ticket < append.ticket() + 3; ticket++) {
            if (ticket != append.ticket()) {
                assertEquals(List.of(), cycle.durable(ticket));
            }
        }
    }

    @Test
    void whatCouldNotBeKeptIsNeverSentAndTheJudgeIsTold() {
        Effect.Append append = untilIntended();

        List<Effect> effects = cycle.notDurable(append.ticket(), "no space left on device", now);

        assertEquals(List.of(), acts(effects));
        assertTrue(events(effects, Event.Suspended.class).getFirst().isSuspended());
        Event.StepFailed failed = events(effects, Event.StepFailed.class).getFirst();
        assertEquals(intended(append), Optional.of(failed.intent()));
        assertFalse(failed.mayHaveMoved(), "it was never sent");
        assertEquals("not journalled: no space left on device", failed.reason());
        assertEquals(List.of(), cycle.durable(append.ticket()), "not later either");
        assertTrue(cycle.state().suspension().isPresent());
    }

    @Test
    void afterAJournalFailedNothingBeginsUntilAPersonSaysSo() {
        Effect.Append append = untilIntended();
        cycle.notDurable(append.ticket(), "no space left on device", now);

        for (int second = 0; second < 60; second++) {
            assertEquals(List.of(), events(burn(), Event.Intended.class));
        }

        cycle.step(new Input.Person(now, "kim", "disk replaced", new Command.Resume()));
        Effect.Append again = untilIntended();
        assertNotEquals(intended(append), intended(again), "an act of its own");
        assertEquals(1, acts(cycle.durable(again.ticket())).size());
    }

    @Test
    void aJournalThatStaysFullIsToldOnce() {
        List<Effect> first = cycle.notDurable(1, "no space left on device", now);
        assertEquals(1, events(first, Event.Suspended.class).size());

        long ticket = ((Effect.Append) first.getFirst()).ticket();
        assertEquals(List.of(), cycle.notDurable(ticket, "no space left on device", now));
    }

    @Test
    void aTurnThatFindsNothingAppendsNothing() {
        assertEquals(List.of(), cycle.turn(new Snapshot(now, List.of())));
    }

    @Test
    void anActFoundInTheJournalIsNotSentAgainByItself() {
        Effect.Append append = untilIntended();
        journal.addAll(append.events());
        List<Event> past = List.copyOf(journal);

        now = now.plusSeconds(3);
        cycle = new Cycle(judge, now, past);

        assertEquals(
                Optional.of(Isolation.Phase.RUNNING),
                cycle.state().isolation(A1).map(Isolation::phase));
        List<Effect> nothingHeard = cycle.turn(new Snapshot(now, List.of()));
        assertEquals(List.of(), events(nothingHeard, Event.Intended.class));
        // Read, and found closed: a second attempt, by a name of its own.
        now = now.plusSeconds(1);
        assertEquals(Optional.of(SECOND_ATTEMPT), intended(untilIntended()));
        assertEquals(
                Position.CLOSED,
                ((Event.StepFound)
                                journal.stream()
                                        .filter(Event.StepFound.class::isInstance)
                                        .findFirst()
                                        .orElseThrow())
                        .position());
    }
}
