package dev.bulkhead.rules;

import java.util.ArrayList;
import java.util.List;

/** Collects what one step leads to; every event is applied to the state as it is added. */
final class Turn {
    private final State state;
    private final List<Event> events = new ArrayList<>();
    private final List<Intent> intents = new ArrayList<>();

    Turn(State state) {
        this.state = state;
    }

    void add(Event event) {
        state.apply(event);
        events.add(event);
    }

    void add(Intent intent) {
        intents.add(intent);
    }

    Outcome outcome() {
        return new Outcome(state, events, intents);
    }
}
