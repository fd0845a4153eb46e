package dev.bulkhead.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bulkhead.agent.ledger.Ledger;
import dev.bulkhead.agent.ledger.LedgerText;
import dev.bulkhead.agent.ledger.Series;
import dev.bulkhead.rules.site.DeviceId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LedgerCommandTest {
    private static final String DEVICE = "A1-S01-bms";

    /** A store asked in SQL, as the reader asks QuestDB. */
    private static final Pattern QUESTION =
            Pattern.compile(
                    "SELECT device, sequence, count\\(\\) FROM poll WHERE site = 'two-rooms'"
                            + " AND run = (\\d+) AND timestamp >= '([^']+)'"
                            + "(?: AND device = '([^']+)')?(?: AND sequence = (\\d+))?");

    private record Row(Series series, long sequence, Instant at) {}

    @TempDir private Path folder;
    private final Instant now = Instant.now();
    private final List<Row> rows = new CopyOnWriteArrayList<>();
    private final Ledger ledger = new Ledger();
    private final HttpServer store =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    LedgerCommandTest() throws IOException {}

    @BeforeEach
    void writeFiles() throws IOException {
        store.createContext("/exp", this::answer);
        store.start();
        Files.writeString(
                folder.resolve("agent.yaml"),
                """
                site: %s
                telemetry:
                  broker: {url: "ssl://broker:8883", user: x, password: {file: not-here}, trust: nor-here.pem}
                """
                        .formatted(Sites.TWO_ROOMS.toAbsolutePath()));
        Files.writeString(
                folder.resolve("bridge.yaml"),
                """
                broker: {url: "ssl://broker:8883", user: x, password: {file: not-here}, trust: nor-here.pem}
                store: {kind: questdb, url: "http://127.0.0.1:%d", bucket: any}
                """
                        .formatted(store.getAddress().getPort()));
        Files.createDirectories(folder.resolve("spool"));
    }

    @AfterEach
    void stopStore() {
        store.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query =
                URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
        Matcher matcher = QUESTION.matcher(query.substring("query=".length()));
        var said = new StringBuilder("\"device\",\"sequence\",\"count()\"\r\n");
        if (matcher.matches()) {
            MatchResult asked = matcher.toMatchResult();
            rows.stream()
                    .filter(row -> isAsked(row, asked))
                    .forEach(
                            row ->
                                    said.append(
                                            "\"%s\",%d,1\r\n"
                                                    .formatted(
                                                            row.series().device(),
                                                            row.sequence())));
        }
        byte[] bytes = said.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(matcher.matches() ? 200 : 400, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static boolean isAsked(Row row, MatchResult asked) {
        return row.series().run() == Long.parseLong(asked.group(1))
                && !row.at().isBefore(Instant.parse(asked.group(2)))
                && Optional.ofNullable(asked.group(3))
                        .map(device -> device.equals(row.series().device().value()))
                        .orElse(true)
                && Optional.ofNullable(asked.group(4))
                        .map(sequence -> Long.parseLong(sequence) == row.sequence())
                        .orElse(true);
    }

    private Instant minutesAgo(int minutes) {
        return now.minus(Duration.ofMinutes(minutes));
    }

    private Series begun(int minutesAgo) {
        return new Series(minutesAgo(minutesAgo).toEpochMilli(), new DeviceId(DEVICE));
    }

    /** The agent took these, and the broker has them. */
    private void sampled(Series series, int last) {
        for (int sequence = 1; sequence <= last; sequence++) {
            ledger.spooled(series, sequence);
            ledger.acknowledged(series, sequence);
        }
    }

    private void stored(Series series, int first, int last, int minutesAgo) {
        for (int sequence = first; sequence <= last; sequence++) {
            rows.add(new Row(series, sequence, minutesAgo(minutesAgo)));
        }
    }

    private record Ran(int code, String out, String err) {
        /** A number of the answer. */
        long of(String what) {
            Matcher matcher = Pattern.compile("\"" + what + "\":(\\d+)").matcher(out);
            assertTrue(matcher.find(), out + err);
            return Long.parseLong(matcher.group(1));
        }
    }

    private Ran ledger(Optional<Instant> asOf, String... more) throws IOException {
        Files.writeString(
                folder.resolve("spool").resolve("ledger.json"), LedgerText.write(ledger, asOf));
        var arguments =
                new ArrayList<>(
                        List.of("ledger", "--config", folder.resolve("agent.yaml").toString()));
        arguments.addAll(List.of(more));
        var out = new StringWriter();
        var err = new StringWriter();
        int code =
                Main.run(
                        arguments.toArray(String[]::new),
                        new PrintWriter(out),
                        new PrintWriter(err));
        return new Ran(code, out.toString(), err.toString());
    }

    private Ran compared() throws IOException {
        return ledger(
                Optional.of(now),
                "--bridge",
                folder.resolve("bridge.yaml").toString(),
                "--within",
                "0",
                "--json");
    }

    /** The broker's password and certificates, which it needn't have, are not there. */
    @Test
    void itComparesFromTheLastSampleBeforeTheTenMinutes() throws IOException {
        Series series = begun(120);
        sampled(series, 20);
        stored(series, 1, 8, 60);
        stored(series, 9, 20, 1);
        Ran ran = compared();
        assertEquals(0, ran.code(), ran.err());
        assertEquals(13, ran.of("sampled"));
        assertEquals(13, ran.of("stored"));
    }

    /** A bridge that was away for an hour until just now must not look whole. */
    @Test
    void aGapThatBeganBeforeTheTenMinutesIsSeenWhole() throws IOException {
        Series series = begun(120);
        sampled(series, 20);
        stored(series, 1, 4, 60);
        stored(series, 9, 20, 1);
        Ran ran = compared();
        assertEquals(1, ran.code(), ran.err());
        assertEquals(4, ran.of("missing"));
        assertTrue(ran.out().contains("[5..8]"), ran.out());
    }

    @Test
    void aDeviceThatIsSilentIsWholeAndOneOfWhichTheLastIsMissingIsNot() throws IOException {
        Series series = begun(120);
        sampled(series, 7);
        stored(series, 1, 6, 60);
        Ran lost = compared();
        assertEquals(1, lost.code(), lost.err());
        assertTrue(lost.out().contains("[7]"), lost.out());
        stored(series, 7, 7, 60);
        assertEquals(0, compared().code());
    }

    /** Else what a restart lost would be in no comparison, whenever one looks. */
    @Test
    void theTenMinutesReachOverARestart() throws IOException {
        Series before = begun(120);
        Series after = begun(4);
        sampled(before, 30);
        stored(before, 1, 20, 60);
        stored(before, 21, 28, 5);
        sampled(after, 10);
        stored(after, 1, 10, 2);
        Ran ran = compared();
        assertEquals(1, ran.code(), ran.err());
        assertEquals(2, ran.of("missing"));
        assertTrue(ran.out().contains("[29..30]"), ran.out());
    }

    @Test
    void aRunThatEndedBeforeTheTenMinutesIsNotLookedAt() throws IOException {
        sampled(begun(240), 30);
        Series series = begun(120);
        sampled(series, 10);
        stored(series, 1, 10, 1);
        Ran ran = compared();
        assertEquals(0, ran.code(), ran.out());
        assertEquals(10, ran.of("sampled"));
        Ran all =
                ledger(
                        Optional.of(now),
                        "--all",
                        "--bridge",
                        folder.resolve("bridge.yaml").toString(),
                        "--within",
                        "0",
                        "--json");
        assertEquals(30, all.of("missing"));
    }

    @Test
    void itSaysHowOldItsKnowledgeIs() throws IOException {
        sampled(begun(10), 3);
        Instant asOf = Instant.parse("2025-11-25T22:00:07.123Z");
        Ran ran = ledger(Optional.of(asOf));
        assertEquals(0, ran.code(), ran.err());
        assertTrue(ran.out().matches("(?s)as of +[0-9,]+  s ago, " + asOf + "\n.*"), ran.out());
        assertTrue(ledger(Optional.of(asOf), "--json").out().contains("\"asOf\":\"" + asOf + "\""));
        Ran unknown = ledger(Optional.empty());
        assertEquals(0, unknown.code());
        assertTrue(unknown.out().startsWith("The ledger doesn't say how old it is.\n"));
    }

    /** The numbers of an hour ago must not pass for those of now. */
    @Test
    void anAgentThatRunsAndCannotWriteItsLedgerIsBad() throws IOException {
        sampled(begun(10), 3);
        Path lock = folder.resolve("spool").resolve("lock");
        try (FileChannel channel =
                        FileChannel.open(
                                lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertTrue(held.isValid());
            Ran stale = ledger(Optional.of(minutesAgo(1)));
            assertEquals(1, stale.code());
            assertEquals("", stale.out());
            assertTrue(stale.err().startsWith("the agent can't write its ledger"), stale.err());
            assertEquals(0, ledger(Optional.of(Instant.now())).code());
        }
        Ran stopped = ledger(Optional.of(minutesAgo(1)));
        assertEquals(0, stopped.code(), stopped.err());
    }
}
