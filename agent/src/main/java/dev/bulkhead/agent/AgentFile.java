package dev.bulkhead.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bulkhead.agent.AgentSettings.JournalSettings;
import dev.bulkhead.agent.AgentSettings.Polls;
import dev.bulkhead.agent.AgentSettings.TelemetrySettings;
import dev.bulkhead.rules.Judge;
import dev.bulkhead.rules.condition.Pack;
import dev.bulkhead.rules.guard.Arming;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.site.Breaker;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.Document.Table;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The agent's file. Paths are relative to it; what stands in brackets may be left out.
 *
 * <pre>
 * site: site.yaml
 * journal: {file: journal, reserve: 64 MiB}         # [reserve]
 * control: control.sock
 * armed: [QB-A1-1, {room: A1}]                      # [none: the agent advises]
 * endpoints: endpoints.yaml                         # [as the site says]; gateway: host:port, plain Modbus TCP
 * profiles: [profiles]                              # [] folders
 * packs: [packs]                                    # [] folders
 * poll: {fast: 2 s, slow: 5 s}                      # []
 * timeouts: {request: 2 s, connect: 3 s}            # []
 * cycle: 1 s                                        # []
 * telemetry:                                        # [nothing is published]
 *   broker: {url: "tcp://broker:1883"}              # [user, password, trust, clientId]
 *   spool: {folder: spool, quota: 1 GiB}            # []
 * </pre>
 */
public final class AgentFile {
    /** The settings and what they lead to. */
    public record Configuration(AgentSettings settings, Facility facility) {
        /** The judge of this facility, armed as the settings say. */
        public Judge judge() {
            return Judge.compile(
                    facility.site(),
                    facility.signals(),
                    facility.conditions(),
                    new Arming(settings.armed()));
        }
    }

    /**
     * What is known of an agent's samples without it.
     *
     * @param spool the folder; empty: it publishes nothing
     */
    record Samples(String site, Optional<Path> spool) {}

    /**
     * An event is about 300 bytes: a fifth of a million of them (proposal). A room's whole
     * isolation is under a hundred.
     */
    static final long RESERVE_BYTES = 64L << 20;

    /**
     * An hour and a half of a facility of 240 devices, or half a day of one of thirty, if their
     * samples have nowhere to go: 860 bytes each (proposal).
     */
    private static final long SPOOL_BYTES = 1L << 30;

    private static final long LEAST_BYTES = 1L << 20;

    /** Korean rules since 2023 want every battery measured within 10 s. */
    private static final Duration LONGEST_FAST = Duration.ofSeconds(10);

    /** A poll or a cycle as short as this says nothing that the one before didn't. */
    private static final Duration SHORTEST = Duration.ofMillis(50);

    private static final Duration FAST = Duration.ofSeconds(2);
    private static final Duration SLOW = Duration.ofSeconds(5);

    /** The time-out that ended the stale/not-stale flapping of networkupstools/nut#2609. */
    private static final Duration REQUEST = Duration.ofSeconds(2);

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration CYCLE = Duration.ofSeconds(1);

    /** How devices are polled where a file says nothing of it. */
    static final Polls POLLS = new Polls(FAST, SLOW, REQUEST, CONNECT);

    /** A kernel's limit for the path of a unix socket, less the zero at its end. */
    private static final int LONGEST_SOCKET_PATH_BYTES = 107;

    private static final Pattern ENDPOINT =
            Pattern.compile("(\\[[^\\]]+\\]|[^:\\s]+):([0-9]{1,5})");

    /** Keys that only this file has, to tell it from a site's. */
    private static final Set<String> KEYS =
            Set.of(
                    "journal",
                    "control",
                    "armed",
                    "endpoints",
                    "poll",
                    "timeouts",
                    "cycle",
                    "telemetry");

    /** What a document gives where a text was expected and isn't; it has said so itself. */
    private static final String UNREADABLE = "?";

    private final Path file;
    private final Servers servers;

    private AgentFile(Path file) {
        this.file = file;
        this.servers = new Servers(file);
    }

    /** Whether a file is an agent's, by its keys; a site's otherwise. */
    static boolean isOne(Path file) {
        Set<String> keys = Sources.keys(file);
        return !keys.contains("rooms")
                && !keys.contains("devices")
                && keys.stream().anyMatch(KEYS::contains);
    }

    /** Reads the agent's file and all it names, or all the problems of all of them. */
    public static Document.Parsed<Configuration> load(Path file) {
        return parse(file, (top, sources) -> new AgentFile(file).read(top, sources));
    }

    /** Reads where a running agent is reached, and looks at nothing else. */
    public static Document.Parsed<Path> control(Path file) {
        return parse(
                file,
                (top, _) -> {
                    top.entries();
                    return Optional.of(new AgentFile(file).control(top));
                });
    }

    /** Reads of which site an agent's samples are and where it keeps them, and nothing else. */
    static Document.Parsed<Samples> samples(Path file) {
        return parse(
                file,
                (top, sources) -> {
                    top.entries();
                    return new AgentFile(file).samples(top, sources);
                });
    }

    private static <T> Document.Parsed<T> parse(
            Path file, BiFunction<Table, Sources, Optional<T>> reader) {
        var sources = new Sources();
        Optional<Optional<T>> value =
                sources.text(file)
                        .flatMap(
                                text ->
                                        sources.take(
                                                Document.parse(
                                                        file.toString(),
                                                        text,
                                                        top -> reader.apply(top, sources))));
        return sources.result(value.flatMap(one -> one));
    }

    private Optional<Samples> samples(Table top, Sources sources) {
        SequencedMap<ProfileId, Profile> profiles = sources.profiles(folders(top, "profiles"));
        Optional<Path> spool =
                top.tableIfAny("telemetry")
                        .map(
                                telemetry -> {
                                    telemetry.entries();
                                    Optional<Table> table = telemetry.tableIfAny("spool");
                                    table.ifPresent(Table::entries);
                                    return spool(table);
                                });
        return path(top, "site")
                .flatMap(site -> sources.site(site, profiles))
                .map(site -> new Samples(site.name(), spool));
    }

    /** Empty where another file is wrong; what is wrong with this one, its document notes. */
    private Optional<Configuration> read(Table top, Sources sources) {
        Optional<Path> sitePath = path(top, "site");
        List<Path> profileFolders = folders(top, "profiles");
        List<Path> packFolders = folders(top, "packs");
        SequencedMap<ProfileId, Profile> profiles = sources.profiles(profileFolders);
        List<Pack> packs = sources.packs(packFolders);
        Optional<Site> asDocumented = sitePath.flatMap(path -> sources.site(path, profiles));
        Optional<Path> endpoints = top.find("endpoints").flatMap(servers::existing);
        Optional<Site> site =
                endpoints.isEmpty()
                        ? asDocumented
                        : asDocumented.flatMap(one -> moved(one, endpoints.get(), sources));
        var settings =
                new AgentSettings(
                        sitePath.orElse(file),
                        endpoints,
                        profileFolders,
                        packFolders,
                        journal(top),
                        control(top),
                        polls(top),
                        duration(top, "cycle", CYCLE, LONGEST_FAST),
                        armed(top, asDocumented),
                        top.tableIfAny("telemetry").map(table -> telemetry(table, asDocumented)));
        return site.map(one -> new Configuration(settings, Facility.of(one, profiles, packs)));
    }

    private Optional<Path> path(Table table, String key) {
        Optional<Entry> entry = table.find(key);
        if (entry.isEmpty()) {
            table.text(key);
        }
        return entry.flatMap(servers::existing);
    }

    private List<Path> folders(Table top, String key) {
        return top.listIfAny(key).stream()
                .filter(
                        entry -> {
                            Path path = servers.resolved(entry);
                            if (!Files.isDirectory(path)) {
                                entry.wrong("there is no folder " + path);
                                return false;
                            }
                            return true;
                        })
                .map(servers::resolved)
                .toList();
    }

    private JournalSettings journal(Table top) {
        Optional<Table> table = top.tableIfAny("journal");
        if (table.isEmpty()) {
            top.text("journal");
        }
        return new JournalSettings(
                file.resolveSibling(table.map(one -> one.text("file")).orElse("")),
                table.map(one -> Servers.bytes(one, "reserve", RESERVE_BYTES, LEAST_BYTES))
                        .orElse(RESERVE_BYTES));
    }

    private TelemetrySettings telemetry(Table table, Optional<Site> site) {
        Optional<Table> spool = table.tableIfAny("spool");
        return new TelemetrySettings(
                servers.broker(table, "bulkhead-" + site.map(Site::name).orElse("agent")),
                spool(spool),
                spool.map(one -> Servers.bytes(one, "quota", SPOOL_BYTES, LEAST_BYTES))
                        .orElse(SPOOL_BYTES));
    }

    private Path spool(Optional<Table> spool) {
        return spool.flatMap(one -> one.find("folder"))
                .map(servers::resolved)
                .orElse(file.resolveSibling("spool"));
    }

    private Path control(Table top) {
        Path control = file.resolveSibling(top.text("control"));
        int length = control.toAbsolutePath().toString().getBytes(UTF_8).length;
        if (length > LONGEST_SOCKET_PATH_BYTES) {
            top.find("control")
                    .ifPresent(
                            entry ->
                                    entry.wrong(
                                            control.toAbsolutePath()
                                                    + " is "
                                                    + length
                                                    + " bytes long; a unix socket's path has "
                                                    + LONGEST_SOCKET_PATH_BYTES
                                                    + " at most"));
        }
        return control;
    }

    private static Polls polls(Table top) {
        Optional<Table> poll = top.tableIfAny("poll");
        Optional<Table> timeouts = top.tableIfAny("timeouts");
        // A reading older than this is silence, so what is polled more slowly would never be heard.
        Duration longestSlow = Board.STALE_AFTER.dividedBy(2);
        var polls =
                new Polls(
                        duration(poll, "fast", FAST, LONGEST_FAST),
                        duration(poll, "slow", SLOW, longestSlow),
                        duration(timeouts, "request", REQUEST, LONGEST_FAST),
                        duration(timeouts, "connect", CONNECT, LONGEST_FAST));
        if (polls.slow().compareTo(polls.fast()) < 0) {
            poll.ifPresent(
                    table ->
                            table.entry()
                                    .wrong(
                                            "slow is "
                                                    + words(polls.slow())
                                                    + "; expected at least fast, "
                                                    + words(polls.fast())));
        }
        return polls;
    }

    private static Duration duration(
            Optional<Table> table, String key, Duration otherwise, Duration longest) {
        return table.map(one -> duration(one, key, otherwise, longest)).orElse(otherwise);
    }

    private static Duration duration(
            Table table, String key, Duration otherwise, Duration longest) {
        Optional<Entry> entry = table.find(key);
        Duration duration = entry.map(Entry::asDuration).orElse(otherwise);
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(longest) > 0) {
            entry.ifPresent(
                    one ->
                            one.wrong(
                                    key
                                            + " is "
                                            + words(duration)
                                            + "; expected "
                                            + words(SHORTEST)
                                            + " to "
                                            + words(longest)));
        }
        return duration;
    }

    private static String words(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + " s"
                : duration.toMillis() + " ms";
    }

    private static SequencedSet<BreakerId> armed(Table top, Optional<Site> site) {
        SequencedSet<BreakerId> armed = new LinkedHashSet<>();
        for (Entry entry : top.listIfAny("armed")) {
            if (entry.isTable()) {
                String room = entry.asTable().text("room");
                site.ifPresent(one -> armed.addAll(ofRoom(entry, room, one)));
            } else {
                String breaker = entry.asText();
                site.flatMap(one -> ofBattery(entry, breaker, one)).ifPresent(armed::add);
            }
        }
        return armed;
    }

    private static List<BreakerId> ofRoom(Entry entry, String name, Site site) {
        if (name.equals(UNREADABLE)) {
            return List.of();
        }
        if (!site.batteryRooms().contains(new RoomId(name))) {
            List<String> rooms = site.batteryRooms().stream().map(RoomId::value).toList();
            entry.wrong(
                    "armed: there is no battery room '"
                            + name
                            + "'"
                            + Document.nearest(name, rooms));
            return List.of();
        }
        List<BreakerId> breakers = site.boundaryOf(new RoomId(name));
        breakers.forEach(breaker -> needsRemote(entry, breaker, site));
        return breakers;
    }

    private static Optional<BreakerId> ofBattery(Entry entry, String name, Site site) {
        if (name.equals(UNREADABLE)) {
            return Optional.empty();
        }
        Breaker breaker = site.breakers().get(new BreakerId(name));
        if (breaker == null) {
            List<String> known = site.breakers().keySet().stream().map(BreakerId::value).toList();
            entry.wrong(
                    "armed: there is no breaker '" + name + "'" + Document.nearest(name, known));
            return Optional.empty();
        }
        return switch (breaker.duty()) {
            case OUTER, STRING -> {
                needsRemote(entry, breaker.id(), site);
                yield Optional.of(breaker.id());
            }
            case FEEDER, MAIN -> {
                entry.wrong(
                        "armed: "
                                + name
                                + " is no battery DC breaker; anything wider is opened by people only");
                yield Optional.empty();
            }
        };
    }

    private static void needsRemote(Entry entry, BreakerId breaker, Site site) {
        if (Site.known(site.breakers(), breaker).operation() == Breaker.Operation.BY_HAND) {
            entry.wrong("armed: " + breaker + " is moved by hand only");
        }
    }

    /** The site with its gateways where the endpoints' file says. */
    private static Optional<Site> moved(Site site, Path endpoints, Sources sources) {
        return sources.text(endpoints)
                .flatMap(
                        text ->
                                sources.take(
                                        Document.parse(
                                                endpoints.toString(),
                                                text,
                                                top -> moved(site, top))));
    }

    private static Site moved(Site site, Table endpoints) {
        SequencedMap<GatewayId, Gateway> gateways = new LinkedHashMap<>(site.gateways());
        List<String> known = site.gateways().keySet().stream().map(GatewayId::value).toList();
        for (Map.Entry<String, Entry> endpoint : endpoints.entries().entrySet()) {
            Entry place = endpoint.getValue();
            String name = endpoint.getKey();
            if (!known.contains(name)) {
                place.wrong(
                        "the site has no gateway '" + name + "'" + Document.nearest(name, known));
                continue;
            }
            var id = new GatewayId(name);
            String text = place.asText();
            Matcher matcher = ENDPOINT.matcher(text);
            int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
            if (port < 1 || port > 65535) {
                place.wrong(name + " is '" + text + "'; expected host:port, as in 10.1.2.3:502");
                continue;
            }
            String host = matcher.group(1).replaceAll("^\\[|]$", "");
            // What is served on loopback is plain Modbus TCP, whatever the real link will be.
            var there = new Link.Tcp(host, port);
            gateways.put(id, new Gateway(id, there, Site.known(gateways, id).courtesy()));
            gateways.values().stream()
                    .filter(other -> !other.id().equals(id))
                    .filter(other -> other.link().place().equalsIgnoreCase(there.place()))
                    .findFirst()
                    .ifPresent(
                            other ->
                                    place.wrong(
                                            name
                                                    + " and "
                                                    + other.id()
                                                    + " are both at "
                                                    + text
                                                    + ": one box would count as two causes"));
        }
        return new Site(
                site.name(),
                site.rooms(),
                site.zones(),
                site.supplies(),
                site.buses(),
                site.ups(),
                site.busbars(),
                site.strings(),
                site.breakers(),
                site.feeders(),
                site.loads(),
                gateways,
                site.devices());
    }
}
