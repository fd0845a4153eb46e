package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** A plant whose every value a test sets; breakers are closed, and open at once when tripped. */
final class HandSetPlant implements Truth {
    private record Place(Role role, Subject of) {}

    private final Map<Place, Value> values = new HashMap<>();
    private final Set<BreakerId> selected = new HashSet<>();
    final Set<DeviceId> dead = new HashSet<>();
    final List<String> acts = new ArrayList<>();
    private long changes;

    void set(Role role, Subject of, double number) {
        changes++;
        values.put(new Place(role, of), new Value.Quantity(number));
    }

    void set(Role role, Subject of, boolean isSet) {
        changes++;
        values.put(new Place(role, of), new Value.Flag(isSet));
    }

    void set(Subject of, Position position) {
        changes++;
        values.put(new Place(Role.BREAKER_POSITION, of), new Value.At(position));
    }

    static Subject node(String id) {
        return new Subject.OfNode(new NodeId(id));
    }

    static Subject module(String string, int number) {
        return new Subject.OfModule(new NodeId(string), number);
    }

    static Subject room(String id) {
        return new Subject.OfRoom(new RoomId(id));
    }

    static Subject breaker(String id) {
        return new Subject.OfBreaker(new BreakerId(id));
    }

    @Override
    public Value sense(Role role, Subject of) {
        return values.getOrDefault(
                new Place(role, of),
                switch (role.type()) {
                    case NUMBER -> new Value.Quantity(0);
                    case FLAG -> new Value.Flag(false);
                    case POSITION -> new Value.At(Position.CLOSED);
                });
    }

    @Override
    public boolean select(BreakerId breaker) {
        changes++;
        acts.add("select " + breaker);
        return selected.add(breaker);
    }

    @Override
    public boolean trip(BreakerId breaker) {
        changes++;
        acts.add("trip " + breaker);
        if (!selected.remove(breaker)) {
            return false;
        }
        set(new Subject.OfBreaker(breaker), Position.OPEN);
        set(Role.BREAKER_TRIPPED, new Subject.OfBreaker(breaker), true);
        return true;
    }

    @Override
    public OptionalLong acts() {
        return OptionalLong.of(changes);
    }

    @Override
    public boolean answers(DeviceId device) {
        return !dead.contains(device);
    }
}
