package dev.bulkhead.agent;

import dev.bulkhead.rules.condition.Pack;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Problem;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A facility with all that is needed to watch it: the site, the register maps of its devices, their
 * signals and the conditions on them.
 */
public record Facility(
        Site site,
        SequencedMap<ProfileId, Profile> profiles,
        SignalTable signals,
        List<Pack> packs) {
    private static final List<String> KEYS = List.of("site", "rooms", "gateways", "devices");

    public Facility {
        profiles = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(profiles));
        packs = List.copyOf(packs);
    }

    /** Reads a site's file with the register maps and the pack that come with the program. */
    public static Document.Parsed<Facility> load(Path site) {
        Set<String> keys = Sources.keys(site);
        if (!keys.isEmpty() && Collections.disjoint(keys, KEYS)) {
            String what =
                    "this is no site.yaml and no agent.yaml: it has none of "
                            + String.join(", ", KEYS);
            return new Document.Parsed<>(
                    Optional.empty(), List.of(new Problem(site.toString(), 1, 1, what)));
        }
        var sources = new Sources();
        SequencedMap<ProfileId, Profile> profiles = sources.profiles(List.of());
        List<Pack> packs = sources.packs(List.of());
        Optional<Site> parsed = sources.site(site, profiles);
        return sources.result(parsed.map(one -> of(one, profiles, packs)));
    }

    static Facility of(Site site, SequencedMap<ProfileId, Profile> profiles, List<Pack> packs) {
        return new Facility(site, profiles, SignalTable.of(site, Map.copyOf(profiles)), packs);
    }

    /** The conditions of all packs, in their order. */
    Pack conditions() {
        return new Pack(
                String.join(", ", packs.stream().map(Pack::name).toList()),
                packs.stream().flatMap(pack -> pack.conditions().stream()).toList());
    }
}
