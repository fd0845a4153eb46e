package dev.bulkhead.agent.actuate;

import dev.bulkhead.agent.actuate.BreakerWiring.Terminals;
import dev.bulkhead.agent.modbus.Answer;
import dev.bulkhead.agent.modbus.Exchange;
import dev.bulkhead.rules.Input;
import dev.bulkhead.rules.Intent;
import dev.bulkhead.rules.guard.Permit;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.GatewayId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries out one intent: select, trip, read back. No I/O, no clock; one instance per act.
 *
 * <pre>
 *   Fresh ──Begin──► Selecting ──echo──► Tripping ──echo or lost──► Reading ──open──► Confirmed
 *     │ no permit       │ anything else     │ refused, never sent      │ not open after 5 s
 *     ▼                 ▼                   ▼                          ▼
 *   Failed            Failed              Failed                    Failed, may have moved
 * </pre>
 *
 * A write that never left the agent may be tried again while its time lasts. One that left is never
 * repeated: after a trip whose answer is lost, the position says what came of it.
 */
public final class Actuation {
    /** What an act hears. */
    public sealed interface Event {
        record Begin(Intent intent) implements Event {}

        /** The exchange submitted under this number ended so. */
        record Answered(long number, Answer answer) implements Event {}

        record Tick() implements Event {}
    }

    /** What an act wants done. */
    public sealed interface Effect {
        /** Have this exchange made, and tell its end under the same number. */
        record Submit(long number, GatewayId gateway, Exchange exchange) implements Effect {}

        /** The one end of the act: {@link Input.Confirmed} or {@link Input.Failed}. */
        record Done(Input end) implements Effect {}
    }

    /** A select holds for this long on the panel (profile breaker-panel, assumption). */
    static final Duration SELECT_LASTS = Duration.ofSeconds(10);

    /** A breaker that was tripped reads open within this time, or it didn't open (proposal). */
    static final Duration VERIFY_WITHIN = Duration.ofSeconds(5);

    /** Between two reads of the position: a breaker takes about 100 ms to open (proposal). */
    static final Duration READ_EVERY = Duration.ofMillis(300);

    /** What one act is about, from begin to end. */
    private record Act(Intent intent, Terminals terminals, Permit.Leave leave) {}

    /**
     * How far the act is. Each phase but the first and the last ends at {@code until} at the
     * latest, answer or not; {@code pending} says under which number an answer is awaited, or from
     * when the next try may be made.
     */
    private sealed interface Phase {
        record Fresh() implements Phase {}

        record Selecting(Act act, Pending pending, Instant until) implements Phase {}

        record Tripping(Act act, Pending pending, Instant until) implements Phase {}

        record Reading(Act act, Pending pending, Instant until, Instant writtenAt, String last)
                implements Phase {}

        record Ended() implements Phase {}
    }

    private sealed interface Pending {
        record Asked(long number) implements Pending {}

        record Pause(Instant until, String why) implements Pending {}
    }

    private final BreakerWiring wiring;
    private final List<Effect> effects = new ArrayList<>();
    private Phase phase = new Phase.Fresh();
    private long submitted;

    public Actuation(BreakerWiring wiring) {
        this.wiring = wiring;
    }

    /** What follows from an event. A second {@code Begin} is a bug. */
    public List<Effect> on(Event event, Instant now) {
        switch (event) {
            case Event.Begin(Intent intent) -> begin(intent, now);
            case Event.Answered(long number, Answer answer) -> {
                // An answer that nobody waits for any more says nothing about what is asked now.
                if (isAwaited(number)) {
                    answered(answer, now);
                }
            }
            case Event.Tick _ -> {}
        }
        proceed(now);
        List<Effect> result = List.copyOf(effects);
        effects.clear();
        return result;
    }

    /** When it wants a {@code Tick} at the latest; empty before it begins and after its end. */
    public Optional<Instant> wakeAt() {
        return switch (phase) {
            case Phase.Fresh _, Phase.Ended _ -> Optional.empty();
            case Phase.Selecting(var _, Pending pending, Instant until) -> soonest(pending, until);
            case Phase.Tripping(var _, Pending pending, Instant until) -> soonest(pending, until);
            case Phase.Reading(var _, Pending pending, Instant until, var _, var _) ->
                    soonest(pending, until);
        };
    }

    private static Optional<Instant> soonest(Pending pending, Instant until) {
        return Optional.of(
                pending instanceof Pending.Pause(Instant next, String _) && next.isBefore(until)
                        ? next
                        : until);
    }

    public boolean hasEnded() {
        return phase instanceof Phase.Ended;
    }

    private void begin(Intent intent, Instant now) {
        if (!(phase instanceof Phase.Fresh)) {
            throw new IllegalStateException("begun twice: " + intent.id());
        }
        Optional<Terminals> terminals = wiring.terminals(intent.breaker());
        if (terminals.isEmpty()) {
            fail(intent, "nothing is wired to trip " + intent.breaker(), false, now);
            return;
        }
        Optional<Permit.Leave> leave = intent.permit().redeem(intent.breaker(), now);
        if (leave.isEmpty()) {
            fail(intent, "used, expired or another breaker's: " + intent.permit(), false, now);
            return;
        }
        var act = new Act(intent, terminals.get(), leave.get());
        // Selecting may be retried while no link stands, for as long as reading back may take.
        phase = new Phase.Selecting(act, select(act), now.plus(VERIFY_WITHIN));
    }

    private boolean isAwaited(long number) {
        Pending awaited = new Pending.Asked(number);
        return switch (phase) {
            case Phase.Fresh _, Phase.Ended _ -> false;
            case Phase.Selecting(var _, Pending pending, var _) -> pending.equals(awaited);
            case Phase.Tripping(var _, Pending pending, var _) -> pending.equals(awaited);
            case Phase.Reading(var _, Pending pending, var _, var _, var _) ->
                    pending.equals(awaited);
        };
    }

    private void answered(Answer answer, Instant now) {
        switch (phase) {
            case Phase.Fresh _, Phase.Ended _ -> {}
            case Phase.Selecting selecting -> selected(selecting, answer, now);
            case Phase.Tripping tripping -> tripped(tripping, answer, now);
            case Phase.Reading reading -> read(reading, answer, now);
        }
    }

    private void selected(Phase.Selecting selecting, Answer answer, Instant now) {
        Act act = selecting.act();
        switch (answer) {
            case Answer.Written(Instant requestedAt, Instant _) ->
                    // The panel may have begun to count when the select was sent.
                    phase = new Phase.Tripping(act, trip(act), requestedAt.plus(SELECT_LASTS));
            case Answer.NotSent(Instant _, String why) ->
                    phase = new Phase.Selecting(act, pause(now, why), selecting.until());
            // Whatever became of a select, it moves nothing.
            case Answer.Refused(Instant _, int _, String why) ->
                    fail(act.intent(), "select refused: " + why, false, now);
            case Answer.Lost(Instant _, String why) ->
                    fail(act.intent(), "select not answered: " + why, false, now);
            case Answer.Values _ -> throw new IllegalStateException("a select reads nothing");
        }
    }

    private void tripped(Phase.Tripping tripping, Answer answer, Instant now) {
        Act act = tripping.act();
        switch (answer) {
            case Answer.Written(Instant _, Instant at) -> verify(act, at, "nothing read yet", now);
            case Answer.Lost(Instant at, String why) ->
                    verify(act, at, "trip not answered: " + why, now);
            case Answer.NotSent(Instant _, String why) ->
                    phase = new Phase.Tripping(act, pause(now, why), tripping.until());
            case Answer.Refused(Instant _, int _, String why) ->
                    fail(act.intent(), "trip refused: " + why, false, now);
            case Answer.Values _ -> throw new IllegalStateException("a trip reads nothing");
        }
    }

    private void verify(Act act, Instant writtenAt, String last, Instant now) {
        // No breaker is open yet, and a read sent now could be taken for one before the trip.
        phase = new Phase.Reading(act, pause(now, last), now.plus(VERIFY_WITHIN), writtenAt, last);
    }

    private void read(Phase.Reading reading, Answer answer, Instant now) {
        Act act = reading.act();
        switch (answer) {
            case Answer.Values(Instant requestedAt, Instant _, var image) -> {
                Position position = image.position(0, act.terminals().contacts());
                if (position == Position.OPEN) {
                    end(
                            new Input.Confirmed(
                                    now,
                                    act.intent().id(),
                                    reading.writtenAt(),
                                    requestedAt,
                                    position));
                } else {
                    again(reading, "it reads " + position, now);
                }
            }
            case Answer.Refused(Instant _, int _, String why) -> again(reading, why, now);
            case Answer.Lost(Instant _, String why) -> again(reading, why, now);
            case Answer.NotSent(Instant _, String why) -> again(reading, why, now);
            case Answer.Written _ -> throw new IllegalStateException("a read writes nothing");
        }
    }

    private void again(Phase.Reading reading, String last, Instant now) {
        phase =
                new Phase.Reading(
                        reading.act(),
                        pause(now, last),
                        reading.until(),
                        reading.writtenAt(),
                        last);
    }

    private void proceed(Instant now) {
        switch (phase) {
            case Phase.Fresh _, Phase.Ended _ -> {}
            case Phase.Selecting(Act act, Pending pending, Instant until) -> {
                if (!now.isBefore(until)) {
                    fail(act.intent(), "could not select: " + why(pending), false, now);
                } else if (isOver(pending, now)) {
                    phase = new Phase.Selecting(act, select(act), until);
                }
            }
            case Phase.Tripping(Act act, Pending pending, Instant until) -> {
                if (now.isBefore(until)) {
                    if (isOver(pending, now)) {
                        phase = new Phase.Tripping(act, trip(act), until);
                    }
                } else if (pending instanceof Pending.Asked) {
                    verify(act, now, "trip not answered", now);
                } else {
                    fail(act.intent(), "select lapsed, never tripped: " + why(pending), false, now);
                }
            }
            case Phase.Reading(
                            Act act,
                            Pending pending,
                            Instant until,
                            Instant writtenAt,
                            String last) -> {
                if (!now.isBefore(until)) {
                    fail(
                            act.intent(),
                            "not open %s after the trip: %s".formatted(VERIFY_WITHIN, last),
                            true,
                            now);
                } else if (isOver(pending, now)) {
                    phase = new Phase.Reading(act, look(act), until, writtenAt, last);
                }
            }
        }
    }

    private static boolean isOver(Pending pending, Instant now) {
        return pending instanceof Pending.Pause(Instant until, String _) && !now.isBefore(until);
    }

    private static String why(Pending pending) {
        return pending instanceof Pending.Pause(Instant _, String why) ? why : "no answer";
    }

    private static Pending pause(Instant now, String why) {
        return new Pending.Pause(now.plus(READ_EVERY), why);
    }

    private Pending select(Act act) {
        return write(act, act.terminals().select());
    }

    private Pending trip(Act act) {
        return write(act, act.terminals().trip());
    }

    private Pending write(Act act, int coil) {
        return submit(
                act,
                new Exchange.WriteCoil(
                        act.terminals().unit(), coil, act.intent().breaker(), act.leave()));
    }

    private Pending look(Act act) {
        Terminals at = act.terminals();
        return submit(act, new Exchange.ReadRegisters(at.unit(), at.table(), at.status(), 1));
    }

    private Pending submit(Act act, Exchange exchange) {
        submitted++;
        effects.add(new Effect.Submit(submitted, act.terminals().gateway(), exchange));
        return new Pending.Asked(submitted);
    }

    private void fail(Intent intent, String reason, boolean mayHaveMoved, Instant now) {
        end(new Input.Failed(now, intent.id(), reason, mayHaveMoved));
    }

    private void end(Input end) {
        effects.add(new Effect.Done(end));
        phase = new Phase.Ended();
    }
}
