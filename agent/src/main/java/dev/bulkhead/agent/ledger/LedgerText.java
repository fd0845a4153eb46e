package dev.bulkhead.agent.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import dev.bulkhead.rules.site.DeviceId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A ledger as one JSON text and back.
 *
 * <pre>
 *   {"version":1,"asOf":"2025-11-25T22:00:07.123Z","runs":[{"run":1764108000000,
 *     "sampled":{"A1-S01-bms":1207, …},
 *     "waiting":{"A1-S01-bms":[[1201,1207]]},
 *     "dropped":{"quota":{"A1-S01-bms":[[1,40]]}, …}}, …]}
 * </pre>
 *
 * <p>{@code asOf}, by the wall clock, may be absent: then nobody knows how old it is.
 */
public final class LedgerText {
    /** A ledger, and when it was so. */
    public record Dated(Ledger ledger, Optional<Instant> asOf) {}

    /** A text that can't be read as a ledger. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        private Unreadable(String why) {
            super(why);
        }
    }

    private static final int VERSION = 1;
    private static final JsonMapper MAPPER = new JsonMapper();

    /** First and last number of each range, both included. */
    private record Run(
            long run,
            Map<String, Long> sampled,
            Map<String, List<List<Long>>> waiting,
            Map<String, Map<String, List<List<Long>>>> dropped) {}

    private record Whole(
            int version,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String asOf,
            List<Run> runs) {}

    private LedgerText() {}

    public static String write(Ledger ledger, Optional<Instant> asOf) {
        var runs = new TreeMap<Long, Run>();
        ledger.sampled()
                .forEach(
                        (series, last) ->
                                runs.computeIfAbsent(series.run(), LedgerText::empty)
                                        .sampled()
                                        .put(series.device().value(), last));
        put(ledger.waiting(), runs, "");
        for (Ledger.Reason reason : Ledger.Reason.values()) {
            put(ledger.dropped(reason), runs, reason.name().toLowerCase(Locale.ROOT));
        }
        try {
            return MAPPER.writeValueAsString(
                    new Whole(
                            VERSION,
                            asOf.map(Instant::toString).orElse(null),
                            List.copyOf(runs.values())));
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException(bug);
        }
    }

    private static Run empty(long run) {
        return new Run(run, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    private static void put(Keys keys, Map<Long, Run> runs, String reason) {
        for (Series series : keys.series()) {
            Run run = runs.computeIfAbsent(series.run(), LedgerText::empty);
            Map<String, List<List<Long>>> into =
                    reason.isEmpty()
                            ? run.waiting()
                            : run.dropped().computeIfAbsent(reason, _ -> new TreeMap<>());
            into.put(series.device().value(), ranges(keys.of(series)));
        }
    }

    private static List<List<Long>> ranges(RangeSet<Long> numbers) {
        var list = new ArrayList<List<Long>>();
        for (Range<Long> range : numbers.asRanges()) {
            list.add(List.of(range.lowerEndpoint(), range.upperEndpoint() - 1));
        }
        return list;
    }

    public static Ledger read(String text) throws Unreadable {
        return readDated(text).ledger();
    }

    public static Dated readDated(String text) throws Unreadable {
        Whole whole;
        try {
            whole = MAPPER.readValue(text, Whole.class);
        } catch (JsonProcessingException strange) {
            throw new Unreadable("no ledger: " + strange.getOriginalMessage());
        }
        if (whole == null || whole.version() != VERSION || whole.runs() == null) {
            throw new Unreadable("no ledger of version " + VERSION);
        }
        try {
            return new Dated(
                    read(whole.runs()), Optional.ofNullable(whole.asOf()).map(Instant::parse));
        } catch (IllegalArgumentException
                | NullPointerException
                | IndexOutOfBoundsException
                | DateTimeParseException odd) {
            throw new Unreadable("no ledger: " + odd.getMessage());
        }
    }

    private static Ledger read(List<Run> runs) {
        var sampled = new TreeMap<Series, Long>();
        var waiting = new Keys();
        Map<Ledger.Reason, Keys> dropped = new EnumMap<>(Ledger.Reason.class);
        for (Run run : runs) {
            run.sampled()
                    .forEach(
                            (device, last) ->
                                    sampled.put(
                                            new Series(run.run(), new DeviceId(device)),
                                            // Where JSON has a null, this is the place to find out.
                                            last.longValue()));
            waiting.addAll(read(run.run(), run.waiting()));
            run.dropped()
                    .forEach(
                            (reason, devices) ->
                                    dropped.computeIfAbsent(
                                                    Ledger.Reason.valueOf(
                                                            reason.toUpperCase(Locale.ROOT)),
                                                    _ -> new Keys())
                                            .addAll(read(run.run(), devices)));
        }
        return new Ledger(sampled, waiting, dropped);
    }

    private static Keys read(long run, Map<String, List<List<Long>>> devices) {
        var keys = new Keys();
        devices.forEach(
                (device, ranges) ->
                        ranges.forEach(
                                range ->
                                        keys.add(
                                                new Series(run, new DeviceId(device)),
                                                range.get(0),
                                                range.get(1))));
        return keys;
    }
}
