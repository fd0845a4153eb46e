package dev.bulkhead.rules.condition;

import java.util.List;

/** Conditions that belong together, in the order of their file. */
public record Pack(String name, List<Condition> conditions) {
    public Pack {
        conditions = List.copyOf(conditions);
    }
}
