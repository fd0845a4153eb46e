package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role.Of;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.util.List;
import java.util.Optional;

/** What stands behind a subject: the rack of a module, the busbar of a rack, the room of all. */
final class Reach {
    private Reach() {}

    /** The kinds of things whose roles a condition of {@code of} may ask for. */
    static List<Of> kinds(Of of) {
        return switch (of) {
            case ROOM -> List.of(Of.ROOM);
            case RACK -> List.of(Of.RACK, Of.BUSBAR, Of.UPS, Of.BREAKER, Of.ROOM);
            case MODULE -> List.of(Of.MODULE, Of.RACK, Of.BUSBAR, Of.UPS, Of.BREAKER, Of.ROOM);
            case BUSBAR -> List.of(Of.BUSBAR, Of.UPS, Of.BREAKER, Of.ROOM);
            case UPS -> List.of(Of.UPS, Of.BUSBAR, Of.ROOM);
            case BREAKER -> List.of(Of.BREAKER, Of.ROOM);
        };
    }

    /** The thing of a kind that belongs to a subject; a rack's breaker is its string's. */
    static Optional<Subject> from(Site site, Subject subject, Of kind) {
        return switch (kind) {
            case ROOM -> Optional.of(new Subject.OfRoom(site.roomOf(subject)));
            case MODULE -> Optional.of(subject).filter(Subject.OfModule.class::isInstance);
            case RACK -> string(site, subject).map(string -> new Subject.OfNode(string.id()));
            case BUSBAR -> busbar(site, subject).map(busbar -> new Subject.OfNode(busbar.id()));
            case UPS -> busbar(site, subject).map(busbar -> new Subject.OfNode(busbar.ups()));
            case BREAKER -> breaker(site, subject);
        };
    }

    /** The battery string whose rack or module a subject is. */
    static Optional<BatteryString> string(Site site, Subject subject) {
        return switch (subject) {
            case Subject.OfModule(NodeId string, int _) ->
                    Optional.ofNullable(site.strings().get(string));
            case Subject.OfNode(NodeId node) -> Optional.ofNullable(site.strings().get(node));
            case Subject.OfRoom _, Subject.OfBreaker _ -> Optional.empty();
        };
    }

    private static Optional<Busbar> busbar(Site site, Subject subject) {
        Optional<BatteryString> string = string(site, subject);
        if (string.isPresent()) {
            return string.map(found -> Site.known(site.busbars(), found.busbar()));
        }
        if (!(subject instanceof Subject.OfNode(NodeId node))) {
            return Optional.empty();
        }
        return site.busbars().values().stream()
                .filter(busbar -> busbar.id().equals(node) || busbar.ups().equals(node))
                .findFirst();
    }

    private static Optional<Subject> breaker(Site site, Subject subject) {
        if (subject instanceof Subject.OfBreaker) {
            return Optional.of(subject);
        }
        return string(site, subject)
                .map(BatteryString::breaker)
                .or(() -> busbar(site, subject).map(Busbar::outer))
                .map(Subject.OfBreaker::new);
    }
}
