package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.condition.Expression.Measure;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Role;
import dev.cel.runtime.Program;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A condition bound to one subject as one device sees it.
 *
 * <p>It is bound to one signal of the first role of its own subject that {@code when} names; the
 * subject's other roles are taken from the same device, and only where a condition doesn't vote, or
 * in {@code while}, from another that has them. So what makes a vote comes from one device. A role
 * of something else (the room of a rack) stands for its first signal that is measured.
 *
 * @param signal what it is bound to
 * @param latest the signals of each role, in order of preference
 * @param any the signals of each role asked by {@code anySet} and {@code allClearSince}
 * @param peers what the same role is elsewhere in the room, device by device
 * @param ampereHours capacity of the subject's string, 0 where it has none
 */
record Instance(
        int index,
        Condition condition,
        Signal signal,
        Map<Role, List<Integer>> latest,
        Map<Role, List<Integer>> any,
        Map<Role, List<Peer>> peers,
        double ampereHours,
        Programs programs) {
    /** The condition's expressions, ready to run. */
    record Programs(
            Program when,
            Optional<Program> clear,
            Optional<Program> gate,
            List<ClauseProgram> clauses,
            List<MeasureProgram> measures) {}

    /** A part of the gate, ready to run. */
    record ClauseProgram(String text, Program program) {}

    /** A measured side of {@code when}, ready to run. */
    record MeasureProgram(Measure measure, Program program) {}

    /** The signals of a role that one device has in a room. */
    record Peer(DeviceId device, GatewayId gateway, List<Integer> signals) {}

    String name() {
        return condition.id() + "@" + signal.of() + "#" + signal.id();
    }

    List<Integer> signals(Role role) {
        return latest.getOrDefault(role, List.of());
    }

    /** Whether it must be looked at every cycle, since age grows without news. */
    boolean isAgeing() {
        return condition.when().uses().stream().anyMatch(Use.Age.class::isInstance)
                || condition.clear().stream().anyMatch(Instance::asksAge)
                || condition.gate().stream().anyMatch(Instance::asksAge);
    }

    private static boolean asksAge(Expression expression) {
        return expression.uses().stream().anyMatch(Use.Age.class::isInstance);
    }
}
