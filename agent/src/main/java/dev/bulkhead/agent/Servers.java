package dev.bulkhead.agent;

import dev.bulkhead.agent.bridge.Store;
import dev.bulkhead.agent.peer.Broker;
import dev.bulkhead.agent.peer.Secret;
import dev.bulkhead.agent.peer.Trust;
import dev.bulkhead.rules.site.Document.Entry;
import dev.bulkhead.rules.site.Document.Table;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads how a server that others run is reached, from any file that says so. Paths are relative to
 * that file.
 *
 * <pre>
 * broker: {url: "ssl://broker:8883", clientId: x, user: x, password: {file: x}, trust: ca.pem}
 * store: {kind: influxdb2, url: "http://store:8086", bucket: x, org: x, token: {file: x}, trust: ca.pem}
 * store: {kind: influxdb1, url: …, bucket: x, user: x, password: {file: x}}
 * </pre>
 */
record Servers(Path file) {
    private static final Pattern BROKER_URL = Pattern.compile("(tcp|ssl)://[^/\\s]+:[0-9]{1,5}");
    private static final Pattern STORE_URL = Pattern.compile("https?://[^\\s?#]+");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})\\s*(KiB|MiB|GiB)");

    /** A store that is slower than this is helped by waiting, not by more of the same. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    Broker broker(Table within, String clientId) {
        Table table = within.table("broker");
        String url = table.text("url");
        table.find("url")
                .filter(_ -> !BROKER_URL.matcher(url).matches() || !hasHost(url))
                .ifPresent(
                        entry ->
                                entry.wrong(
                                        "url is '"
                                                + url
                                                + "'; expected tcp://host:port, or ssl://host:port"
                                                + " for TLS; a host's name has letters, digits and"
                                                + " '-'"));
        return new Broker(
                url,
                table.text("clientId", clientId),
                table.find("user").map(Entry::asText),
                secret(table, "password"),
                trust(table, url.startsWith("ssl:"), "ssl://"));
    }

    private static boolean hasHost(String url) {
        try {
            return new URI(url).getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    Store store(Table within) {
        Table table = within.table("store");
        Optional<Store.Kind> kind = table.knownOneOf("kind", Store.Kind.class);
        String url = table.text("url");
        table.find("url")
                .filter(_ -> !STORE_URL.matcher(url).matches())
                .ifPresent(
                        entry ->
                                entry.wrong(
                                        "url is '"
                                                + url
                                                + "'; expected http://host:port or https://…"));
        Optional<String> org = table.find("org").map(Entry::asText);
        Optional<Secret> token = secret(table, "token");
        Optional<String> user = table.find("user").map(Entry::asText);
        Optional<Secret> password = secret(table, "password");
        kind.ifPresent(
                known -> {
                    if (known == Store.Kind.INFLUXDB2 && org.isEmpty()) {
                        table.wrong(
                                "org",
                                "'org' is missing: InfluxDB 2 wants to know whose bucket it is");
                    }
                    if (known == Store.Kind.INFLUXDB1 && token.isPresent()) {
                        table.wrong(
                                "token",
                                "InfluxDB 1 knows users, not tokens: see user and password");
                    }
                    if (known != Store.Kind.INFLUXDB1
                            && (user.isPresent() || password.isPresent())) {
                        table.wrong("user", "only InfluxDB 1 knows users here: see token");
                    }
                });
        return new Store(
                kind.orElse(Store.Kind.INFLUXDB1),
                url.replaceAll("/+$", ""),
                table.text("bucket"),
                org,
                token,
                user,
                password,
                trust(table, url.startsWith("https:"), "https://"),
                table.duration("answer", ANSWER));
    }

    private Optional<Secret> secret(Table table, String key) {
        return table.tableIfAny(key)
                .flatMap(
                        one -> {
                            one.text("file");
                            return one.find("file").flatMap(this::existing).map(Secret::new);
                        });
    }

    private Optional<Trust> trust(Table table, boolean isTls, String tls) {
        Optional<Entry> entry = table.find("trust");
        if (entry.isPresent() && !isTls) {
            entry.get().wrong("trust is for a url that begins with " + tls);
        }
        return entry.flatMap(this::existing).map(Trust::new);
    }

    Path resolved(Entry entry) {
        return file.resolveSibling(entry.asText());
    }

    /** A file that must be there. */
    Optional<Path> existing(Entry entry) {
        Path path = resolved(entry);
        if (Files.isRegularFile(path)) {
            return Optional.of(path);
        }
        entry.wrong("there is no file " + path);
        return Optional.empty();
    }

    /** A size with its unit, in bytes. */
    static long bytes(Table table, String key, long otherwise, long least) {
        return table.find(key).map(entry -> bytes(entry, key, least)).orElse(otherwise);
    }

    private static long bytes(Entry entry, String key, long least) {
        String text = entry.asText();
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            entry.wrong(
                    key + " is '" + text + "'; a size with its unit was expected, as in 64 MiB");
            return least;
        }
        int shift =
                switch (matcher.group(2)) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    default -> 30;
                };
        long bytes = Long.parseLong(matcher.group(1)) << shift;
        if (bytes < least) {
            entry.wrong(key + " is " + text + "; expected at least " + (least >> 20) + " MiB");
        }
        return bytes;
    }
}
