package dev.bulkhead.rules.hazard;

import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Counts the votes of a room: no single cause, whatever it says, makes it FAILING (promise 2). */
final class Count {
    /** Evidence of a rack, where it is of one; the rest fills the room. */
    private static final Set<Kind> LOCAL = Set.of(Kind.GAS, Kind.VOLTAGE, Kind.TEMPERATURE);

    /** What makes a leak more than a leak (proposal, after the fire at Clichy, 26 April 2023). */
    private static final Set<Kind> WITH_LIQUID = Set.of(Kind.SMOKE, Kind.ELECTRICAL);

    private Count() {}

    /** The first two votes that together make a room FAILING. */
    static Optional<List<Vote>> pair(Site site, List<Vote> votes) {
        for (Vote first : votes) {
            for (Vote second : votes) {
                if (areTwoCauses(first, second)
                        && isEvidence(first, second)
                        && areNear(site, first, second)) {
                    return Optional.of(List.of(first, second));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether any vote counts alone; a leak doesn't. */
    static boolean isSuspect(List<Vote> votes) {
        return votes.stream().anyMatch(vote -> vote.kind() != Kind.LIQUID);
    }

    /**
     * Two kinds of evidence that no one thing gave: one BMS that is wrong shows a cell's voltage
     * and its temperature wrong alike, and one gateway can garble all that is behind it.
     */
    private static boolean areTwoCauses(Vote first, Vote second) {
        return first.kind() != second.kind()
                && !first.device().equals(second.device())
                && !first.gateway().equals(second.gateway());
    }

    private static boolean isEvidence(Vote first, Vote second) {
        return (first.kind() != Kind.LIQUID || WITH_LIQUID.contains(second.kind()))
                && (second.kind() != Kind.LIQUID || WITH_LIQUID.contains(first.kind()));
    }

    private static boolean areNear(Site site, Vote first, Vote second) {
        if (!LOCAL.contains(first.kind()) || !LOCAL.contains(second.kind())) {
            return true;
        }
        Optional<BatteryString> one = string(site, first.of());
        Optional<BatteryString> other = string(site, second.of());
        return one.isEmpty() || other.isEmpty() || one.get().isNear(other.get());
    }

    private static Optional<BatteryString> string(Site site, Subject subject) {
        return switch (subject) {
            case Subject.OfModule(var string, int _) ->
                    Optional.ofNullable(site.strings().get(string));
            case Subject.OfNode(var node) -> Optional.ofNullable(site.strings().get(node));
            case Subject.OfRoom _, Subject.OfBreaker _ -> Optional.empty();
        };
    }
}
