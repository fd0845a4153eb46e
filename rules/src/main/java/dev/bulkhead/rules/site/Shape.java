package dev.bulkhead.rules.site;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a value of a kind of file may be, learnt from the file's reader at work: each question the
 * reader asks of an example is a thing that may stand there. So a description of the file can't
 * differ from what is read. It knows as much as the examples show. One thread at a time.
 */
public final class Shape {
    /** What one value may be. */
    public sealed interface Kind {
        record Text() implements Kind {}

        record Quantity(double low, double high, boolean isWhole) implements Kind {
            private Quantity with(Quantity other) {
                return new Quantity(Math.min(low, other.low), Math.max(high, other.high), isWhole);
            }
        }

        record Flag() implements Kind {}

        /** A length of time with its unit. */
        record Span() implements Kind {}

        record Timestamp() implements Kind {}

        record OneOf(List<String> words) implements Kind {
            public OneOf {
                words = List.copyOf(words);
            }
        }

        record Items() implements Kind {}

        record Mapping() implements Kind {}
    }

    private record Lesson(Set<String> files, Shape learnt) {}

    private static final ScopedValue<Lesson> LESSON = ScopedValue.newInstance();

    private final SequencedSet<Kind> kinds = new LinkedHashSet<>();
    private final SortedMap<String, Shape> keys = new TreeMap<>();
    private final Map<String, Integer> needed = new HashMap<>();
    private Optional<Shape> items = Optional.empty();
    private Optional<Shape> named = Optional.empty();
    private int mappings;

    /**
     * What a kind of file is made of.
     *
     * @param files the names of examples
     * @param reading reads them, and finds nothing wrong with any; other files it reads count for
     *     nothing
     */
    public static Shape learn(Set<String> files, Runnable reading) {
        var learnt = new Shape();
        ScopedValue.where(LESSON, new Lesson(files, learnt)).run(reading);
        return learnt;
    }

    /** The shape of a file that is about to be read; nobody's if nothing is learnt from it. */
    static Shape of(String file) {
        return LESSON.isBound() && LESSON.get().files().contains(file)
                ? LESSON.get().learnt()
                : new Shape();
    }

    public List<Kind> kinds() {
        return List.copyOf(kinds);
    }

    /** The keys of a mapping. */
    public SortedMap<String, Shape> keys() {
        return Collections.unmodifiableSortedMap(keys);
    }

    /** Those keys that no mapping was without. */
    public List<String> neededKeys() {
        var all = new ArrayList<String>();
        keys.keySet().stream()
                .filter(key -> needed.getOrDefault(key, 0) == mappings)
                .forEach(all::add);
        return all;
    }

    /** Of a list. */
    public Optional<Shape> items() {
        return items;
    }

    /** Of a mapping whose keys are names a person chose. */
    public Optional<Shape> named() {
        return named;
    }

    /** Of numbers whose bounds depend on what else stands there, the widest bounds. */
    void is(Kind kind) {
        Kind widest = kind;
        for (Kind other : List.copyOf(kinds)) {
            if (widest instanceof Kind.Quantity quantity
                    && other instanceof Kind.Quantity before
                    && before.isWhole() == quantity.isWhole()) {
                kinds.remove(before);
                widest = quantity.with(before);
            }
        }
        kinds.add(widest);
    }

    void isMapping() {
        kinds.add(new Kind.Mapping());
        mappings++;
    }

    Shape item() {
        kinds.add(new Kind.Items());
        items = Optional.of(items.orElseGet(Shape::new));
        return items.get();
    }

    Shape key(String key) {
        return keys.computeIfAbsent(key, _ -> new Shape());
    }

    void needs(String key) {
        needed.merge(key, 1, Integer::sum);
    }

    Shape anyKey() {
        named = Optional.of(named.orElseGet(Shape::new));
        return named.get();
    }
}
