package dev.bulkhead.agent.cycle;

import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.Input;
import dev.bulkhead.rules.Intent;
import dev.bulkhead.rules.Judge;
import dev.bulkhead.rules.Outcome;
import dev.bulkhead.rules.State;
import dev.bulkhead.rules.condition.HeldBack;
import dev.bulkhead.rules.signal.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The judge with its state, between the readings and the acts.
 *
 * <pre>
 *  snapshot ──►┌──────┐ events ─► Append ─► (journal) ─► durable ─► Act ─► (actuation)
 *  person   ──►│ step │                                                        │
 *  end of act►─└──────┘◄──────────────────── Confirmed / Failed ───────────────┘
 * </pre>
 *
 * An intent waits here until its event is durable. If the journal fails, the intent is never sent
 * and the judge is told so.
 */
public final class Cycle {
    private final Judge judge;
    private State state;
    private long lastTicket;
    private final SortedMap<Long, List<Intent>> waiting = new TreeMap<>();

    /**
     * Begins with what the journal gave back.
     *
     * @param past empty for a first start
     */
    public Cycle(Judge judge, Instant now, List<Event> past) {
        this.judge = judge;
        this.state = judge.start(now);
        if (!past.isEmpty()) {
            state = judge.step(state, new Input.Recovered(now, past)).state();
        }
    }

    /** The judge's state, for views; only this object's owner may read it. */
    public State state() {
        return state;
    }

    /** As {@link Judge#heldBack}; only this object's owner may ask. */
    public List<HeldBack> heldBack() {
        return judge.heldBack(state);
    }

    public List<Effect> turn(Snapshot snapshot) {
        return step(new Input.Cycle(snapshot));
    }

    public List<Effect> step(Input input) {
        Outcome outcome = judge.step(state, input);
        state = outcome.state();
        if (outcome.events().isEmpty()) {
            return List.of();
        }
        long ticket = ++lastTicket;
        if (!outcome.intents().isEmpty()) {
            waiting.put(ticket, outcome.intents());
        }
        return List.of(new Effect.Append(ticket, outcome.events()));
    }

    /** The journal holds what was appended under this ticket: its intents may go. */
    public List<Effect> durable(long ticket) {
        List<Intent> intents = waiting.remove(ticket);
        return intents == null ? List.of() : intents.stream().<Effect>map(Effect.Act::new).toList();
    }

    /** The journal could not keep what was appended under this ticket: its intents must not go. */
    public List<Effect> notDurable(long ticket, String reason, Instant now) {
        var effects = new ArrayList<Effect>(step(new Input.JournalState(now, false, reason)));
        List<Intent> intents = waiting.remove(ticket);
        if (intents != null) {
            for (Intent intent : intents) {
                effects.addAll(
                        step(
                                new Input.Failed(
                                        now, intent.id(), "not journalled: " + reason, false)));
            }
        }
        return effects;
    }
}
