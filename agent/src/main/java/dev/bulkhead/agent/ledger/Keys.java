package dev.bulkhead.agent.ledger;

import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A set of samples: per series, which sequence numbers. One thread at a time. */
public final class Keys {
    private static final int MOST_READ = 5;

    private final NavigableMap<Series, RangeSet<Long>> series = new TreeMap<>();

    public Keys() {}

    /** The same samples, for another owner. */
    public Keys(Keys other) {
        other.series.forEach((each, numbers) -> series.put(each, TreeRangeSet.create(numbers)));
    }

    public void add(Series of, long sequence) {
        add(of, sequence, sequence);
    }

    /** Adds the numbers from {@code first} to {@code last}, both included. */
    public void add(Series of, long first, long last) {
        if (first <= last) {
            series.computeIfAbsent(of, _ -> TreeRangeSet.create())
                    .add(Range.closedOpen(first, last + 1));
        }
    }

    public void addAll(Keys other) {
        other.series.forEach(
                (of, numbers) ->
                        series.computeIfAbsent(of, _ -> TreeRangeSet.create()).addAll(numbers));
    }

    public void remove(Series of, long sequence) {
        Optional.ofNullable(series.get(of))
                .ifPresent(
                        numbers -> {
                            numbers.remove(Range.closedOpen(sequence, sequence + 1));
                            if (numbers.isEmpty()) {
                                series.remove(of);
                            }
                        });
    }

    public void removeAll(Keys other) {
        other.series.forEach(
                (of, numbers) ->
                        Optional.ofNullable(series.get(of))
                                .ifPresent(own -> own.removeAll(numbers)));
        series.values().removeIf(RangeSet::isEmpty);
    }

    /** The same numbers of the same devices, as samples of another run. */
    public Keys asOfRun(long run) {
        var same = new Keys();
        series.forEach(
                (of, numbers) ->
                        same.series
                                .computeIfAbsent(
                                        new Series(run, of.device()), _ -> TreeRangeSet.create())
                                .addAll(numbers));
        return same;
    }

    public void clear() {
        series.clear();
    }

    /** Forgets every series of this run. */
    public void forget(long run) {
        series.keySet().removeIf(of -> of.run() == run);
    }

    Keys ofRuns(Set<Long> runs) {
        var part = new Keys(this);
        part.series.keySet().removeIf(of -> !runs.contains(of.run()));
        return part;
    }

    public boolean contains(Series of, long sequence) {
        RangeSet<Long> numbers = series.get(of);
        return numbers != null && numbers.contains(sequence);
    }

    /** How many of {@code other}'s samples are here too. */
    long countShared(Keys other) {
        var shared = new Keys(other);
        var rest = new Keys(other);
        rest.removeAll(this);
        shared.removeAll(rest);
        return shared.count();
    }

    public long count() {
        return series.values().stream().mapToLong(Keys::count).sum();
    }

    private static long count(RangeSet<Long> numbers) {
        return numbers.asRanges().stream()
                .mapToLong(range -> range.upperEndpoint() - range.lowerEndpoint())
                .sum();
    }

    public SortedSet<Series> series() {
        return new TreeSet<>(series.keySet());
    }

    /** Whether any of a series is here. */
    public boolean has(Series one) {
        return series.containsKey(one);
    }

    /** The lowest number of a series that has any here. */
    public long first(Series one) {
        return of(one).span().lowerEndpoint();
    }

    /** The highest number of a series that has any here. */
    public long last(Series one) {
        return of(one).span().upperEndpoint() - 1;
    }

    /** A series' numbers as half-open ranges. */
    RangeSet<Long> of(Series one) {
        return series.getOrDefault(one, TreeRangeSet.create());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Keys that && series.equals(that.series);
    }

    @Override
    public int hashCode() {
        return series.hashCode();
    }

    /** As people read it, and no more of it than they do: of the first few series. */
    public String brief() {
        var few = new Keys(this);
        List<Series> rest = few.series.keySet().stream().skip(MOST_READ).toList();
        rest.forEach(few.series::remove);
        return few + (rest.isEmpty() ? "" : "; and of " + rest.size() + " more");
    }

    /** As people read it: {@code A1-S01-bms of run 1 [3..7, 9]; …}. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        series.forEach(
                (of, numbers) -> {
                    text.append(text.isEmpty() ? "" : "; ").append(of).append(" [");
                    String between = "";
                    for (Range<Long> range : numbers.asRanges()) {
                        long last = range.upperEndpoint() - 1;
                        text.append(between).append(range.lowerEndpoint());
                        text.append(last == range.lowerEndpoint() ? "" : ".." + last);
                        between = ", ";
                    }
                    text.append(']');
                });
        return text.toString();
    }
}
