package dev.bulkhead.rules.site;

import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.Document.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Every name that a site's file gives to something; notes the doubled and the unknown ones. */
final class Names {
    /** Names become parts of signal names, topics and file names; so no dots, slashes, blanks. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

    /** What stands for a name that couldn't be read, which {@link Document} has noted. */
    private static final String UNREAD = "?";

    /** A site.yaml alone doesn't say where maps of one's own are. */
    private static final String MAPS =
            ": of the program's own, in docs/reference/profiles.md, or of a folder that the"
                    + " agent.yaml names as 'profiles'";

    /** What a name can be of. Nodes of the power network share one name space. */
    enum Kind {
        HALL("a hall", false),
        ROOM("a room", false),
        ZONE("a fire zone", false),
        SUPPLY("a supply", true),
        BUS("a bus", true),
        UPS("a UPS", true),
        BUSBAR("a busbar", true),
        STRING("a battery string", true),
        LOAD("a load", true),
        BREAKER("a breaker", false),
        FEEDER("a feeder", false),
        GATEWAY("a gateway", false),
        DEVICE("a device", false),
        PROFILE("a profile", false);

        private final String words;
        private final boolean isNode;

        Kind(String words, boolean isNode) {
            this.words = words;
            this.isNode = isNode;
        }

        String words() {
            return words;
        }

        private boolean sharesNamesWith(Kind other) {
            return this == other || (isNode && other.isNode);
        }
    }

    private final Map<Kind, Set<String>> known = new EnumMap<>(Kind.class);

    Names() {
        for (Kind kind : Kind.values()) {
            known.put(kind, new LinkedHashSet<>());
        }
    }

    /** A thing's own name. */
    String declare(Table row, Kind kind) {
        String name = row.text("id");
        row.find("id").ifPresent(place -> declare(place, name, kind));
        return name;
    }

    void declare(Entry place, String name, Kind kind) {
        if (name.equals(UNREAD)) {
            return;
        }
        if (!NAME.matcher(name).matches()) {
            place.wrong("'%s' is no name; expected letters, digits, '-' and '_'".formatted(name));
        }
        for (Kind other : Kind.values()) {
            if (kind.sharesNamesWith(other) && isKnown(name, other)) {
                place.wrong("'%s' is already %s".formatted(name, other.words()));
            }
        }
        declare(name, kind);
    }

    /** A name that this file doesn't give and may use. */
    void declare(String name, Kind kind) {
        of(kind).add(name);
    }

    boolean isKnown(String name, Kind kind) {
        return of(kind).contains(name);
    }

    /** The name of something else, under a key that must be there. */
    String refer(Table row, String key, Kind... kinds) {
        String name = row.text(key);
        row.find(key).ifPresent(place -> check(place, name, kinds));
        return name;
    }

    /** The name of something else; empty if there is no such thing. */
    Optional<String> refer(Entry place, Kind... kinds) {
        String name = place.asText();
        return check(place, name, kinds) ? Optional.of(name) : Optional.empty();
    }

    private boolean check(Entry place, String name, Kind... kinds) {
        if (name.equals(UNREAD)) {
            return false;
        }
        if (Arrays.stream(kinds).anyMatch(kind -> isKnown(name, kind))) {
            return true;
        }
        String expected = String.join(" or ", Arrays.stream(kinds).map(Kind::words).toList());
        List<String> others =
                Arrays.stream(Kind.values())
                        .filter(kind -> isKnown(name, kind))
                        .map(Kind::words)
                        .toList();
        if (others.isEmpty()) {
            List<String> near = new ArrayList<>();
            Arrays.stream(kinds).forEach(kind -> near.addAll(of(kind)));
            String nearest = Document.nearest(name, near);
            boolean isStrangeMap = nearest.isEmpty() && expected.equals(Kind.PROFILE.words());
            place.wrong(
                    "'%s' is unknown; expected %s%s"
                            .formatted(name, expected, isStrangeMap ? MAPS : nearest));
        } else {
            place.wrong("'%s' is %s; expected %s".formatted(name, others.getFirst(), expected));
        }
        return false;
    }

    private Set<String> of(Kind kind) {
        return known.computeIfAbsent(kind, _ -> new LinkedHashSet<>());
    }
}
