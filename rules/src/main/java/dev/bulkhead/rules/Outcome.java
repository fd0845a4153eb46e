package dev.bulkhead.rules;

import java.util.List;

/** What one step led to. Events come in order, intents after them. */
public record Outcome(State state, List<Event> events, List<Intent> intents) {
    public Outcome {
        events = List.copyOf(events);
        intents = List.copyOf(intents);
    }
}
