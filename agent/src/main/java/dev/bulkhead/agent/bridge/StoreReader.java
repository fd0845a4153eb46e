package dev.bulkhead.agent.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.influxdb.client.domain.InfluxQLQuery;
import com.influxdb.exceptions.InfluxException;
import com.influxdb.query.InfluxQLQueryResult;
import dev.bulkhead.agent.ledger.Account.Stored;
import dev.bulkhead.agent.ledger.Keys;
import dev.bulkhead.agent.ledger.Series;
import dev.bulkhead.agent.peer.Reasons;
import dev.bulkhead.rules.site.DeviceId;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads back which samples a store has. What each sample says is not looked at. */
public final class StoreReader {
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Store store;

    public StoreReader(Store store) {
        this.store = store;
    }

    /**
     * The samples of some runs of a site's agent.
     *
     * @param since time stamps from here on; the epoch for all
     * @throws IOException if the store can't be asked, in words for people
     */
    public Stored samples(String site, Set<Long> runs, Instant since)
            throws IOException, InterruptedException {
        var keys = new Keys();
        long duplicated = 0;
        for (long run : runs) {
            Stored one =
                    ask(new Question(site, run, since, Optional.empty(), OptionalLong.empty()));
            keys.addAll(one.keys());
            duplicated += one.duplicated();
        }
        return new Stored(keys, duplicated);
    }

    /**
     * Whether the store has one sample, however old.
     *
     * @throws IOException as {@link #samples}
     */
    public boolean has(String site, Series series, long sequence)
            throws IOException, InterruptedException {
        var question =
                new Question(
                        site,
                        series.run(),
                        Instant.EPOCH,
                        Optional.of(series.device()),
                        OptionalLong.of(sequence));
        return ask(question).keys().contains(series, sequence);
    }

    /**
     * All samples of a series.
     *
     * @throws IOException as {@link #samples}
     */
    public Stored all(String site, Series series) throws IOException, InterruptedException {
        return ask(
                new Question(
                        site,
                        series.run(),
                        Instant.EPOCH,
                        Optional.of(series.device()),
                        OptionalLong.empty()));
    }

    /**
     * Which samples are asked for.
     *
     * @param device empty: of every device
     * @param sequence empty: every one; a store that can't be asked for one gives all
     */
    private record Question(
            String site,
            long run,
            Instant since,
            Optional<DeviceId> device,
            OptionalLong sequence) {}

    private Stored ask(Question of) throws IOException, InterruptedException {
        return switch (store.kind()) {
            case INFLUXDB1, INFLUXDB2, INFLUXDB3 -> influx(of);
            case QUESTDB -> quest(of);
            case VICTORIAMETRICS -> victoria(of);
        };
    }

    /** Counts each row once, and what is there again as a duplicate. */
    private static final class Counting {
        private final Keys keys = new Keys();
        private long duplicated;

        void add(Series series, long sequence, long times) {
            boolean isThere = keys.contains(series, sequence);
            duplicated += isThere ? times : times - 1;
            keys.add(series, sequence);
        }

        Stored stored() {
            return new Stored(keys, duplicated);
        }
    }

    private Stored influx(Question of) throws IOException {
        String query =
                "SELECT \"sequence\" FROM \"poll\" WHERE \"site\" = '%s' AND \"run\" = %d AND time >= '%s'%s GROUP BY \"device\""
                        .formatted(
                                quoted(of.site()),
                                of.run(),
                                of.since(),
                                of.device().map(one -> " AND \"device\" = '" + one + "'").orElse("")
                                        + (of.sequence().isPresent()
                                                ? " AND \"sequence\" = " + of.sequence().getAsLong()
                                                : ""));
        var counting = new Counting();
        try (var client = new StoreClient(store)) {
            InfluxQLQueryResult result =
                    client.client()
                            .getInfluxQLQueryApi()
                            .query(new InfluxQLQuery(query, store.bucket()));
            for (var one : result.getResults()) {
                for (var series : one.getSeries()) {
                    var which =
                            new Series(
                                    of.run(),
                                    new DeviceId(String.valueOf(series.getTags().get("device"))));
                    series.getValues()
                            .forEach(
                                    row ->
                                            counting.add(
                                                    which,
                                                    whole(
                                                            String.valueOf(
                                                                    row.getValueByKey("sequence"))),
                                                    1));
                }
            }
        } catch (InfluxException refused) {
            throw new IOException(store.name() + ": " + StoreClient.reason(refused));
        }
        return counting.stored();
    }

    private static long whole(String number) {
        return new BigDecimal(number).longValueExact();
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("'", "\\'");
    }

    private Stored quest(Question of) throws IOException, InterruptedException {
        String query =
                "SELECT device, sequence, count() FROM poll WHERE site = '%s' AND run = %d AND timestamp >= '%s'%s"
                        .formatted(
                                of.site().replace("'", "''"),
                                of.run(),
                                of.since(),
                                of.device().map(one -> " AND device = '" + one + "'").orElse("")
                                        + (of.sequence().isPresent()
                                                ? " AND sequence = " + of.sequence().getAsLong()
                                                : ""));
        var counting = new Counting();
        try (Stream<String> rows = get("/exp?query=" + encoded(query))) {
            rows.skip(1)
                    .map(row -> row.replace("\"", "").split(",", -1))
                    .forEach(
                            row ->
                                    counting.add(
                                            new Series(of.run(), new DeviceId(row[0])),
                                            whole(row[1]),
                                            whole(row[2])));
        }
        return counting.stored();
    }

    /**
     * Each field is a series of its own there; those of one line have the same time stamps in the
     * same order.
     */
    private Stored victoria(Question of) throws IOException, InterruptedException {
        Map<String, List<Long>> runs = new HashMap<>();
        try (Stream<String> series = export("poll_run", of)) {
            for (String line : series.toList()) {
                JsonNode one = MAPPER.readTree(line);
                runs.put(tags(one), values(one));
            }
        }
        var counting = new Counting();
        try (Stream<String> series = export("poll_sequence", of)) {
            for (String line : series.toList()) {
                JsonNode one = MAPPER.readTree(line);
                var which = new Series(of.run(), new DeviceId(one.at("/metric/device").asText()));
                List<Long> sequences = values(one);
                List<Long> inRuns = runs.getOrDefault(tags(one), List.of());
                for (int at = 0; at < Math.min(inRuns.size(), sequences.size()); at++) {
                    if (inRuns.get(at) == of.run()) {
                        counting.add(which, sequences.get(at), 1);
                    }
                }
            }
        }
        return counting.stored();
    }

    /** All of a series' name but the field's. */
    private static String tags(JsonNode series) {
        var tags = new TreeMap<String, String>();
        series.get("metric")
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
        tags.remove("__name__");
        return tags.toString();
    }

    private Stream<String> export(String name, Question of)
            throws IOException, InterruptedException {
        String match =
                "{__name__=\"%s\",site=\"%s\"%s}"
                        .formatted(
                                name,
                                of.site().replace("\\", "\\\\").replace("\"", "\\\""),
                                of.device().map(one -> ",device=\"" + one + "\"").orElse(""));
        return get(
                "/api/v1/export?match%5B%5D="
                        + encoded(match)
                        + "&start="
                        + of.since().getEpochSecond());
    }

    private static List<Long> values(JsonNode series) {
        var values = new ArrayList<Long>();
        series.get("values").forEach(value -> values.add(value.asLong()));
        return values;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Stream<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create(store.url() + path))
                                    .timeout(ANSWER_WITHIN)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(
                        store.name()
                                + ": "
                                + answer.statusCode()
                                + " "
                                + answer.body().replaceAll("\\s+", " "));
            }
            return answer.body().lines();
        } catch (IOException unreachable) {
            throw new IOException(store.name() + ": " + Reasons.of(unreachable), unreachable);
        }
    }
}
