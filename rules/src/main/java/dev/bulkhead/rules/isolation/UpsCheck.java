package dev.bulkhead.rules.isolation;

import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a UPS carries its load from its rectifier, and so does without its battery. Looked at
 * before an outer breaker is opened, and again after each.
 */
public sealed interface UpsCheck {

    /** It does. */
    record Runs(NodeId ups) implements UpsCheck {}

    /** It doesn't, or nobody can tell: open nothing more. */
    record Hold(NodeId ups, List<String> reasons) implements UpsCheck {
        public Hold {
            reasons = List.copyOf(reasons);
        }
    }

    /** By readings requested after {@code after}, as an outer breaker's write. */
    static UpsCheck look(NodeId ups, Board board, Instant after, Instant now) {
        return look(ups, new Sight(board, after, now));
    }

    /** By any reading that isn't stale. */
    static UpsCheck look(NodeId ups, Board board, Instant now) {
        return look(ups, Sight.of(board, now));
    }

    private static UpsCheck look(NodeId ups, Sight sight) {
        List<String> reasons = reasons(ups, sight);
        return reasons.isEmpty() ? new Runs(ups) : new Hold(ups, reasons);
    }

    static List<String> reasons(NodeId ups, Sight sight) {
        var reasons = new ArrayList<String>();
        wanted(ups, sight, Role.UPS_RECTIFIER_INPUT, true, "no rectifier input")
                .ifPresent(reasons::add);
        wanted(ups, sight, Role.UPS_LOAD_ON_INVERTER, true, "load not on inverter")
                .ifPresent(reasons::add);
        wanted(ups, sight, Role.UPS_ON_BYPASS, false, "on bypass").ifPresent(reasons::add);
        wanted(ups, sight, Role.UPS_ON_BATTERY, false, "on battery").ifPresent(reasons::add);
        return reasons;
    }

    /** Why a flag of a UPS is not as wanted; empty if it is. */
    static Optional<String> wanted(
            NodeId ups, Sight sight, Role role, boolean wanted, String otherwise) {
        return sight.flag(ups, role)
                .map(
                        isSet ->
                                isSet == wanted
                                        ? Optional.<String>empty()
                                        : Optional.of("UPS " + ups + ": " + otherwise))
                .orElseGet(() -> Optional.of("UPS " + ups + ": " + role + " is unknown"));
    }
}
