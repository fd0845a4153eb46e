package dev.bulkhead.agent;

import dev.bulkhead.agent.bridge.BridgeSettings;
import dev.bulkhead.agent.bridge.Store;
import dev.bulkhead.agent.telemetry.Topics;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.Document.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A bridge's file. Paths are relative to it; what stands in brackets may be left out.
 *
 * <pre>
 * broker: {url: "tcp://broker:1883"}                # [user, password, trust; clientId: bulkhead-bridge]
 * share: bulkhead                                   # [none: this bridge takes all messages]
 * topic: bulkhead/+/sample/+                        # []
 * store: {kind: influxdb2, url: …, bucket: …}       # [org, token, user, password, trust, answer: 10 s]
 * deadLetter: {file: dead-letter.jsonl, quota: 64 MiB}   # []
 * batch: {lines: 5000, linger: 250 ms}              # []
 * </pre>
 */
public final class BridgeFile {
    /** Keys by which this file is told from others. */
    private static final Set<String> KEYS = Set.of("store", "deadLetter", "share");

    /** What InfluxDB recommends for one write. */
    private static final int LINES = 5000;

    private static final int MOST_LINES = 100_000;
    private static final Duration LINGER = Duration.ofMillis(250);
    private static final Duration LONGEST_LINGER = Duration.ofSeconds(10);

    /** Some hundred thousand refused lines: enough to see what is wrong (proposal). */
    private static final long DEAD_LETTER_BYTES = 64L << 20;

    private static final long LEAST_BYTES = 1L << 20;

    private BridgeFile() {}

    /** Whether a file is a bridge's, by its keys. */
    static boolean isOne(Path file) {
        return Sources.keys(file).stream().anyMatch(KEYS::contains);
    }

    /** Reads the file, or all its problems. */
    public static Document.Parsed<BridgeSettings> load(Path file) {
        return parse(file, top -> read(top, new Servers(file)));
    }

    /** Reads where its store is, and looks at nothing else. */
    static Document.Parsed<Store> store(Path file) {
        return parse(
                file,
                top -> {
                    top.entries();
                    return new Servers(file).store(top);
                });
    }

    private static <T> Document.Parsed<T> parse(Path file, Function<Table, T> reader) {
        var sources = new Sources();
        return sources.result(
                sources.text(file)
                        .flatMap(
                                text ->
                                        sources.take(
                                                Document.parse(file.toString(), text, reader))));
    }

    private static BridgeSettings read(Table top, Servers servers) {
        Optional<Table> deadLetter = top.tableIfAny("deadLetter");
        Optional<Table> batch = top.tableIfAny("batch");
        return new BridgeSettings(
                servers.broker(top, "bulkhead-bridge"),
                top.text("topic", Topics.ALL_SAMPLES),
                top.find("share").map(BridgeFile::group),
                servers.store(top),
                deadLetter
                        .flatMap(table -> table.find("file"))
                        .map(servers::resolved)
                        .orElse(servers.file().resolveSibling("dead-letter.jsonl")),
                deadLetter
                        .map(table -> Servers.bytes(table, "quota", DEAD_LETTER_BYTES, LEAST_BYTES))
                        .orElse(DEAD_LETTER_BYTES),
                batch.map(table -> table.integer("lines", 1, MOST_LINES, LINES)).orElse(LINES),
                batch.flatMap(table -> table.find("linger"))
                        .map(BridgeFile::linger)
                        .orElse(LINGER));
    }

    private static String group(Entry entry) {
        String name = entry.asText();
        if (!name.matches("[A-Za-z0-9_-]+")) {
            entry.wrong("share is '" + name + "'; expected letters, digits, '-' and '_'");
        }
        return name;
    }

    private static Duration linger(Entry entry) {
        Duration linger = entry.asDuration();
        if (linger.compareTo(LONGEST_LINGER) > 0) {
            entry.wrong("linger is " + linger.toMillis() + " ms; expected at most 10 s");
        }
        return linger;
    }
}
