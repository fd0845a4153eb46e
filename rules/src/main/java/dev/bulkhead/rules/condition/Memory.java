package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that conditions remember between cycles. Mutable, and owned by the one thread that judges;
 * {@link #image} gives others a value. Made by {@link Conditions#memory()}.
 */
public final class Memory {
    /** The version of {@link Image}. */
    public static final int VERSION = 1;

    /**
     * A memory as a value: same inputs, same image. Lists are in the order of the pack and the
     * table of signals; names, not indices, so that it outlives a change of configuration.
     */
    public record Image(
            int version,
            List<StandingImage> standings,
            List<SeriesImage> series,
            List<QuietImage> quiets,
            List<HeardImage> heard) {
        public Image {
            standings = List.copyOf(standings);
            series = List.copyOf(series);
            quiets = List.copyOf(quiets);
            heard = List.copyOf(heard);
        }
    }

    /** Of one instance; to where it counted is left out, as time away never counts. */
    public record StandingImage(
            String instance,
            Verdict verdict,
            boolean isBreached,
            int samples,
            Duration lasted,
            Optional<Instant> sampledTo) {}

    /** Of one history. */
    public record SeriesImage(
            String signal,
            int count,
            Duration span,
            List<Sample> samples,
            Optional<Instant> heard) {
        public SeriesImage {
            samples = List.copyOf(samples);
        }
    }

    /** One measurement kept. */
    public record Sample(Instant at, double value) {}

    /** Of one current that may be idle. */
    public record QuietImage(
            String signal,
            double limitAmperes,
            Optional<Instant> begun,
            Optional<Instant> lastOver,
            Optional<Instant> heard) {}

    /**
     * When a signal was last measured, and what it said if it is a flag.
     *
     * @param setFrom since when it has said yes, if that is its last word
     * @param setTo when it last said yes
     * @param clearTo when it last said no
     * @param gapTo when it was last measured again after a time without
     */
    public record HeardImage(
            String signal,
            Instant at,
            Optional<Instant> setFrom,
            Optional<Instant> setTo,
            Optional<Instant> clearTo,
            Optional<Instant> gapTo) {}

    private final SignalTable signals;
    private final List<String> instances;
    private final List<Standing> standings = new ArrayList<>();
    private final Map<Series.Key, Series> series = new LinkedHashMap<>();
    private final Map<Quiet.Key, Quiet> quiets = new LinkedHashMap<>();
    private final List<List<Series>> seriesOf = new ArrayList<>();
    private final List<List<Quiet.Key>> quietsOf = new ArrayList<>();
    private final List<Optional<Instant>> heard = new ArrayList<>();
    private final boolean[] isFresh;
    private final boolean[] isHeardNow;
    private final List<Optional<Instant>> setFrom = new ArrayList<>();
    private final List<Optional<Instant>> setTo = new ArrayList<>();
    private final List<Optional<Instant>> clearTo = new ArrayList<>();
    private final List<Optional<Instant>> gapTo = new ArrayList<>();
    private Optional<Instant> begun = Optional.empty();

    Memory(
            SignalTable signals,
            List<String> instances,
            List<Series.Key> seriesKeys,
            List<Quiet.Key> quietKeys) {
        this.signals = signals;
        isFresh = new boolean[signals.size()];
        isHeardNow = new boolean[signals.size()];
        this.instances = List.copyOf(instances);
        instances.forEach(_ -> standings.add(new Standing()));
        for (int signal = 0; signal < signals.size(); signal++) {
            seriesOf.add(new ArrayList<>());
            quietsOf.add(new ArrayList<>());
            heard.add(Optional.empty());
            setFrom.add(Optional.empty());
            setTo.add(Optional.empty());
            clearTo.add(Optional.empty());
            gapTo.add(Optional.empty());
        }
        for (Series.Key key : seriesKeys) {
            var added = new Series(key);
            series.put(key, added);
            seriesOf.get(key.signal()).add(added);
        }
        for (Quiet.Key key : quietKeys) {
            quiets.put(key, new Quiet());
            quietsOf.get(key.signal()).add(key);
        }
    }

    /** Whether this is the first cycle of this run; from then on it isn't. */
    boolean begin(Instant now) {
        boolean isFirst = begun.isEmpty();
        begun = Optional.of(begun.orElse(now));
        return isFirst;
    }

    /** When this run began. */
    Instant begun() {
        return begun.orElseThrow();
    }

    void measured(int signal, Instant at, Value value) {
        Instant before = heard.get(signal).or(() -> begun).orElse(at);
        if (isStale(before, at)) {
            gapTo.set(signal, Optional.of(at));
        }
        heard.set(signal, Optional.of(at));
        isFresh[signal] = true;
        isHeardNow[signal] = true;
        if (value instanceof Value.Flag(boolean isSet)) {
            said(signal, at, isSet);
        }
        if (value instanceof Value.Quantity(double number)) {
            seriesOf.get(signal).forEach(history -> history.add(at, number));
            for (Quiet.Key key : quietsOf.get(signal)) {
                quiet(key).add(at, number, key.limitAmperes());
            }
        }
    }

    private void said(int signal, Instant at, boolean isSet) {
        if (isSet) {
            setFrom.set(signal, setFrom.get(signal).or(() -> Optional.of(at)));
            setTo.set(signal, Optional.of(at));
        } else {
            setFrom.set(signal, Optional.empty());
            clearTo.set(signal, Optional.of(at));
        }
    }

    /** Whether a signal's last measurement has just become too old to be one. */
    boolean goesStale(int signal, Instant now) {
        if (!isFresh[signal] || !isStale(heard.get(signal).orElse(now), now)) {
            return false;
        }
        isFresh[signal] = false;
        return true;
    }

    private static boolean isStale(Instant measured, Instant now) {
        return Duration.between(measured, now).compareTo(Board.STALE_AFTER) > 0;
    }

    Optional<Instant> heard(int signal) {
        return heard.get(signal);
    }

    /** Whether a signal was measured in this run. */
    boolean isHeardNow(int signal) {
        return isHeardNow[signal];
    }

    /** Whether a flag was set when it was last measured, however long ago. */
    boolean wasSet(int signal) {
        return setFrom.get(signal).isPresent();
    }

    /** Since when a flag has said yes, if that was its last word, however long ago. */
    Optional<Instant> setFrom(int signal) {
        return setFrom.get(signal);
    }

    /** When a flag last said no. */
    Optional<Instant> clearTo(int signal) {
        return clearTo.get(signal);
    }

    /**
     * Whether a flag is known to have said no from one instant to another: it was measured all the
     * time, as far as this run goes back, never said yes, and was measured again since.
     */
    boolean wasClear(int signal, Instant from, Instant to) {
        return heard.get(signal).filter(at -> !at.isBefore(to)).isPresent()
                && Stream.of(setTo, gapTo)
                        .flatMap(ends -> ends.get(signal).stream())
                        .allMatch(end -> end.isBefore(from));
    }

    Standing standing(int instance) {
        return standings.get(instance);
    }

    Series series(Series.Key key) {
        return Optional.ofNullable(series.get(key)).orElseThrow();
    }

    Quiet quiet(Quiet.Key key) {
        return Optional.ofNullable(quiets.get(key)).orElseThrow();
    }

    /** This memory as a value. */
    public Image image() {
        List<StandingImage> standingImages = new ArrayList<>();
        for (int instance = 0; instance < instances.size(); instance++) {
            standingImages.add(standings.get(instance).image(instances.get(instance)));
        }
        List<SeriesImage> seriesImages = new ArrayList<>();
        series.forEach(
                (key, history) ->
                        seriesImages.add(
                                new SeriesImage(
                                        name(key.signal()),
                                        key.count(),
                                        key.span(),
                                        history.samples(),
                                        history.heard())));
        List<QuietImage> quietImages = new ArrayList<>();
        quiets.forEach(
                (key, quiet) ->
                        quietImages.add(quiet.image(name(key.signal()), key.limitAmperes())));
        List<HeardImage> heardImages = new ArrayList<>();
        for (int signal = 0; signal < heard.size(); signal++) {
            String name = name(signal);
            Optional<Instant> from = setFrom.get(signal);
            Optional<Instant> to = setTo.get(signal);
            Optional<Instant> clear = clearTo.get(signal);
            Optional<Instant> gap = gapTo.get(signal);
            heard.get(signal)
                    .ifPresent(
                            at -> heardImages.add(new HeardImage(name, at, from, to, clear, gap)));
        }
        return new Image(VERSION, standingImages, seriesImages, quietImages, heardImages);
    }

    /** Takes from an image what this configuration still knows; the rest begins anew. */
    void restore(Image image) {
        Map<String, Integer> indices = new HashMap<>();
        for (int instance = 0; instance < instances.size(); instance++) {
            indices.put(instances.get(instance), instance);
        }
        for (StandingImage standing : image.standings()) {
            Optional.ofNullable(indices.get(standing.instance()))
                    .ifPresent(index -> standings.get(index).restore(standing));
        }
        for (SeriesImage history : image.series()) {
            signal(history.signal())
                    .map(index -> new Series.Key(index, history.count(), history.span()))
                    .flatMap(key -> Optional.ofNullable(series.get(key)))
                    .ifPresent(found -> found.restore(history));
        }
        for (QuietImage quiet : image.quiets()) {
            signal(quiet.signal())
                    .map(index -> new Quiet.Key(index, quiet.limitAmperes()))
                    .flatMap(key -> Optional.ofNullable(quiets.get(key)))
                    .ifPresent(found -> found.restore(quiet));
        }
        for (HeardImage last : image.heard()) {
            signal(last.signal()).ifPresent(index -> restore(index, last));
        }
    }

    private void restore(int signal, HeardImage last) {
        heard.set(signal, Optional.of(last.at()));
        setFrom.set(signal, last.setFrom());
        setTo.set(signal, last.setTo());
        clearTo.set(signal, last.clearTo());
        gapTo.set(signal, last.gapTo());
    }

    private String name(int signal) {
        return signals.get(signal).id().value();
    }

    private Optional<Integer> signal(String name) {
        return signals.find(new SignalId(name)).map(Signal::index);
    }
}
