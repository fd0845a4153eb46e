package dev.bulkhead.rules.site;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A YAML file as a person wrote it, read so that every mistake is found in one go: a getter that
 * doesn't find what it needs notes a problem and returns a harmless stand-in, so reading goes on.
 * What was read counts only if no problem was noted; {@link #parse} sees to that.
 */
public final class Document {

    /** What a file means, or what is wrong with it; never both. */
    public record Parsed<T>(Optional<T> value, List<Problem> problems) {
        public Parsed {
            problems = problems.stream().sorted().distinct().toList();
            if (value.isPresent() != problems.isEmpty()) {
                throw new IllegalArgumentException("either a value or problems");
            }
        }

        /** The value, where the caller knows that the file is right. */
        public T orElseThrow() {
            return value.orElseThrow(
                    () -> new IllegalArgumentException(String.join("\n", lines())));
        }

        public List<String> lines() {
            return problems.stream().map(Problem::toString).toList();
        }
    }

    private static final Pattern DURATION =
            Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*(ms|s|min|h|d)");

    /** A hundred years: more than anybody means, and some of them add up without overflow. */
    private static final double MOST_MILLIS = 36_500 * 86_400e3;

    /** A number as YAML 1.2 has it: Java would take 10d for 10, which may be hexadecimal. */
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|0x[0-9a-fA-F]+");

    private final String file;
    private final String text;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>();

    private Document(String file, String text) {
        this.file = file;
        this.text = text;
    }

    /**
     * Reads a file whose top is a mapping.
     *
     * @param file its name, for messages only
     * @param text its content
     */
    public static <T> Parsed<T> parse(String file, String text, Function<Table, T> reader) {
        var document = new Document(file, text);
        Optional<Node> root;
        try {
            var settings =
                    LoadSettings.builder().setLabel(file).setAllowDuplicateKeys(false).build();
            root = new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException broken) {
            var mark = broken.getProblemMark();
            int line = mark.map(at -> at.getLine() + 1).orElse(1);
            int column = mark.map(at -> at.getColumn() + 1).orElse(1);
            return new Parsed<>(
                    Optional.empty(),
                    List.of(new Problem(file, line, column, "not YAML: " + broken.getProblem())));
        } catch (YamlEngineException broken) {
            return new Parsed<>(
                    Optional.empty(),
                    List.of(new Problem(file, 1, 1, "not YAML: " + broken.getMessage())));
        } catch (IllegalArgumentException broken) {
            // What the parser throws of a backslash-u without digits or past Unicode's end, with no
            // place.
            return new Parsed<>(
                    Optional.empty(),
                    List.of(
                            new Problem(
                                    file,
                                    1,
                                    1,
                                    "not YAML: a wrong escape in quotes: " + broken.getMessage())));
        } catch (StackOverflowError _) {
            // The parser goes down by recursion and has no limit of its own.
            return new Parsed<>(
                    Optional.empty(),
                    List.of(new Problem(file, 1, 1, "nested too deeply; write it flat")));
        }
        if (root.isEmpty()) {
            return new Parsed<>(
                    Optional.empty(),
                    List.of(new Problem(file, 1, 1, "empty; a mapping was expected")));
        }
        T value =
                reader.apply(document.new Entry("the file", root.get(), Shape.of(file)).asTable());
        document.tables.forEach(Table::noteUnknownKeys);
        return document.problems.isEmpty()
                ? new Parsed<>(Optional.of(value), List.of())
                : new Parsed<>(Optional.empty(), document.problems);
    }

    /** One value of the file, with its place. */
    public final class Entry {
        private final String name;
        private final Node node;
        private final Shape shape;

        private Entry(String name, Node node, Shape shape) {
            this.name = name;
            this.node = node;
            this.shape = shape;
        }

        /** Notes that something is wrong with this entry. */
        public void wrong(String what) {
            int line = node.getStartMark().map(at -> at.getLine() + 1).orElse(1);
            int column = node.getStartMark().map(at -> at.getColumn() + 1).orElse(1);
            problems.add(new Problem(file, line, column, what));
        }

        /**
         * Notes that something is wrong inside this text.
         *
         * @param offset of the character of {@link #asText} where it is, from 0; a folded or quoted
         *     text is followed to its place in the file
         */
        public void wrongAt(int offset, String what) {
            if (node instanceof ScalarNode scalar && node.getStartMark().isPresent()) {
                int start = node.getStartMark().get().getIndex();
                int place = place(scalar, text.offsetByCodePoints(0, start), offset);
                String before = text.substring(0, place);
                int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
                int column = place - before.lastIndexOf('\n');
                problems.add(new Problem(file, line, column, what));
            } else {
                wrong(what);
            }
        }

        /**
         * Where in the file a character of a scalar stands. Folding changes only blanks, so the
         * characters that aren't blank are counted.
         */
        private int place(ScalarNode scalar, int start, int offset) {
            String value = scalar.getValue();
            int ahead = (int) value.chars().limit(offset).filter(c -> c > ' ').count();
            int at =
                    switch (scalar.getScalarStyle()) {
                        case LITERAL, FOLDED -> text.indexOf('\n', start) + 1;
                        case SINGLE_QUOTED, DOUBLE_QUOTED -> start + 1;
                        case PLAIN, JSON_SCALAR_STYLE -> start;
                    };
            while (at < text.length() && (ahead > 0 || isBlankBefore(value, offset, at))) {
                boolean isEscape =
                        switch (scalar.getScalarStyle()) {
                            case SINGLE_QUOTED -> text.startsWith("''", at);
                            case DOUBLE_QUOTED -> text.charAt(at) == '\\';
                            case LITERAL, FOLDED, PLAIN, JSON_SCALAR_STYLE -> false;
                        };
                ahead -= text.charAt(at) > ' ' ? 1 : 0;
                at += isEscape ? 2 : 1;
            }
            return Math.min(at, text.length());
        }

        private boolean isBlankBefore(String value, int offset, int at) {
            return offset < value.length() && value.charAt(offset) > ' ' && text.charAt(at) <= ' ';
        }

        public boolean isTable() {
            return node instanceof MappingNode;
        }

        public boolean isList() {
            return node instanceof SequenceNode;
        }

        public Table asTable() {
            if (!(node instanceof MappingNode)) {
                wrong(name + " is " + kind() + "; a mapping was expected");
            }
            var table = new Table(this);
            tables.add(table);
            return table;
        }

        public List<Entry> asList() {
            if (node instanceof SequenceNode sequence) {
                Shape item = shape.item();
                return sequence.getValue().stream()
                        .map(each -> new Entry(name, each, item))
                        .toList();
            }
            wrong(name + " is " + kind() + "; a list was expected");
            return List.of();
        }

        public String asText() {
            shape.is(new Shape.Kind.Text());
            return text();
        }

        private String text() {
            if (node instanceof ScalarNode scalar && scalar.getValue().indexOf('\0') >= 0) {
                wrong(name + " has a NUL character, which no name and no path can have");
                return "?";
            }
            if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
                return scalar.getValue();
            }
            wrong(name + " is " + kind() + "; a text was expected");
            return "?";
        }

        public double asNumber(double low, double high) {
            shape.is(new Shape.Kind.Quantity(low, high, false));
            return number(low, high);
        }

        private double number(double low, double high) {
            if (node instanceof ScalarNode scalar) {
                try {
                    double number = parsed(scalar.getValue());
                    if (number >= low && number <= high) {
                        return number;
                    }
                    wrong(name + " is " + scalar.getValue() + "; expected " + range(low, high));
                    return low;
                } catch (NumberFormatException _) {
                    wrong(name + " is '" + scalar.getValue() + "'; a number was expected");
                    return low;
                }
            }
            wrong(name + " is " + kind() + "; a number was expected");
            return low;
        }

        public int asInteger(int low, int high) {
            shape.is(new Shape.Kind.Quantity(low, high, true));
            double number = number(low, high);
            if (number != Math.rint(number)) {
                wrong(name + " is " + number + "; a whole number was expected");
            }
            return (int) number;
        }

        /** Up to 64 bits, in decimal or in hexadecimal with 0x, with no digit lost. */
        public long asBits(int width) {
            String text = asText();
            long most = -1L >>> (Long.SIZE - width);
            try {
                checkNumber(text);
                long bits =
                        text.startsWith("0x")
                                ? Long.parseUnsignedLong(text.substring(2), 16)
                                : Long.parseUnsignedLong(text);
                if (Long.compareUnsigned(bits, most) <= 0) {
                    return bits;
                }
                wrong(name + " is " + text + "; expected 0 to " + Long.toUnsignedString(most));
            } catch (NumberFormatException _) {
                wrong(name + " is '" + text + "'; a whole number was expected");
            }
            return 0;
        }

        public boolean asFlag() {
            shape.is(new Shape.Kind.Flag());
            if (node instanceof ScalarNode scalar
                    && Set.of("true", "false").contains(scalar.getValue())) {
                return scalar.getValue().equals("true");
            }
            wrong(name + " is " + kind() + "; true or false was expected");
            return false;
        }

        /** A length of time with its unit, as in {@code 500 ms}, {@code 2 s}, {@code 90 min}. */
        public Duration asDuration() {
            shape.is(new Shape.Kind.Span());
            String text = text();
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                wrong(
                        name
                                + " is '"
                                + text
                                + "'; a time with its unit was expected, as in 500 ms, 2 s, 90 min");
                return Duration.ofSeconds(1);
            }
            double number = Double.parseDouble(matcher.group(1));
            double millis =
                    switch (matcher.group(2)) {
                        case "ms" -> number;
                        case "s" -> number * 1e3;
                        case "min" -> number * 60e3;
                        case "h" -> number * 3600e3;
                        default -> number * 86400e3;
                    };
            if (millis > MOST_MILLIS) {
                wrong(name + " is '" + text + "'; expected at most 36500 d");
                return Duration.ofSeconds(1);
            }
            return Duration.ofMillis(Math.round(millis));
        }

        /** An instant in ISO form, as in {@code 2026-01-15T06:00:00Z}. */
        public Instant asInstant() {
            shape.is(new Shape.Kind.Timestamp());
            String text = text();
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException _) {
                wrong(
                        name
                                + " is '"
                                + text
                                + "'; an instant was expected, as in 2026-01-15T06:00:00Z");
                return Instant.EPOCH;
            }
        }

        /** One of an enumeration's constants, written in lower case with hyphens. */
        public <E extends Enum<E>> E asOneOf(Class<E> type) {
            return constant(type).orElse(type.getEnumConstants()[0]);
        }

        private <E extends Enum<E>> Optional<E> constant(Class<E> type) {
            E[] constants = type.getEnumConstants();
            List<String> known = Arrays.stream(constants).map(Document::spelled).toList();
            return asWord(
                            known,
                            text ->
                                    "%s is '%s'; expected one of %s%s"
                                            .formatted(
                                                    name,
                                                    text,
                                                    String.join(", ", known),
                                                    nearest(text, known)))
                    .map(word -> constants[known.indexOf(word)]);
        }

        /**
         * One of some words; empty where it is none of them, which is noted.
         *
         * @param unknown says of another word what is wrong with it
         */
        public Optional<String> asWord(List<String> known, UnaryOperator<String> unknown) {
            shape.is(new Shape.Kind.OneOf(known));
            int before = problems.size();
            String text = text();
            if (known.contains(text)) {
                return Optional.of(text);
            }
            if (problems.size() == before) {
                wrong(unknown.apply(text));
            }
            return Optional.empty();
        }

        private String kind() {
            return switch (node) {
                case MappingNode _ -> "a mapping";
                case SequenceNode _ -> "a list";
                case ScalarNode scalar when scalar.getValue().isBlank() -> "empty";
                case ScalarNode scalar -> "'" + scalar.getValue() + "'";
                default -> "something else";
            };
        }
    }

    /** A mapping of the file. A key nobody asked for is a problem. */
    public final class Table {
        private final Entry entry;
        private final Map<String, Node> values = new LinkedHashMap<>();
        private final Map<String, Entry> keys = new LinkedHashMap<>();
        private final Set<String> asked = new LinkedHashSet<>();

        private final boolean isThere;
        private final Shape shape;

        private Table(Entry entry) {
            this.entry = entry;
            this.isThere = entry.isTable();
            this.shape = entry.shape;
            shape.isMapping();
            if (entry.node instanceof MappingNode mapping) {
                for (NodeTuple tuple : mapping.getValue()) {
                    var key = new Entry("a key", tuple.getKeyNode(), new Shape());
                    String name = key.asText();
                    if (keys.putIfAbsent(name, key) != null) {
                        key.wrong("'" + name + "' stands here a second time");
                    }
                    values.put(name, tuple.getValueNode());
                }
            }
        }

        /**
         * Stands in for a mapping that is missing, which was noted: nothing in it is missed again.
         */
        private Table(Table within) {
            this.entry = within.entry;
            this.isThere = false;
            this.shape = new Shape();
        }

        /** This mapping as a whole, for problems that concern no single key. */
        public Entry entry() {
            return entry;
        }

        /**
         * Notes that a key's value is wrong, or this mapping as a whole where it has no such key.
         */
        public void wrong(String key, String what) {
            find(key).orElse(entry).wrong(what);
        }

        /** The keys of a mapping whose keys are names a person chose; asks for all of them. */
        public Map<String, Entry> entries() {
            asked.addAll(values.keySet());
            Shape any = shape.anyKey();
            var entries = new LinkedHashMap<String, Entry>();
            values.forEach((name, value) -> entries.put(name, new Entry(name, value, any)));
            return Collections.unmodifiableMap(entries);
        }

        /** The keys that nobody has asked for so far. */
        public Set<String> unknown() {
            Set<String> unknown = new LinkedHashSet<>(values.keySet());
            unknown.removeAll(asked);
            return Collections.unmodifiableSet(unknown);
        }

        public boolean has(String key) {
            asked.add(key);
            shape.key(key);
            return values.containsKey(key);
        }

        public Optional<Entry> find(String key) {
            asked.add(key);
            Shape of = shape.key(key);
            return Optional.ofNullable(values.get(key)).map(value -> new Entry(key, value, of));
        }

        private Optional<Entry> need(String key) {
            Optional<Entry> value = find(key);
            shape.needs(key);
            if (value.isEmpty() && isThere) {
                entry.wrong("'" + key + "' is missing");
            }
            return value;
        }

        public String text(String key) {
            return need(key).map(Entry::asText).orElse("?");
        }

        public String text(String key, String otherwise) {
            return find(key).map(Entry::asText).orElse(otherwise);
        }

        public double number(String key, double low, double high) {
            return need(key).map(value -> value.asNumber(low, high)).orElse(low);
        }

        /** One that may be absent; {@code otherwise} stands in for a wrong one too. */
        public double number(String key, double low, double high, double otherwise) {
            int before = problems.size();
            double number = find(key).map(value -> value.asNumber(low, high)).orElse(otherwise);
            return problems.size() == before ? number : otherwise;
        }

        public int integer(String key, int low, int high) {
            return need(key).map(value -> value.asInteger(low, high)).orElse(low);
        }

        public int integer(String key, int low, int high, int otherwise) {
            return find(key).map(value -> value.asInteger(low, high)).orElse(otherwise);
        }

        /**
         * One that must be there; empty where it isn't or is out of these bounds, which is noted.
         */
        public OptionalInt wholeNumber(String key, int low, int high) {
            int before = problems.size();
            int number = integer(key, low, high);
            return problems.size() == before ? OptionalInt.of(number) : OptionalInt.empty();
        }

        public boolean flag(String key, boolean otherwise) {
            return find(key).map(Entry::asFlag).orElse(otherwise);
        }

        public Duration duration(String key) {
            return need(key).map(Entry::asDuration).orElse(Duration.ofSeconds(1));
        }

        public Duration duration(String key, Duration otherwise) {
            return find(key).map(Entry::asDuration).orElse(otherwise);
        }

        /** One that must be there; empty where it isn't or is no time, which is noted. */
        public Optional<Duration> knownDuration(String key) {
            int before = problems.size();
            Duration duration = duration(key);
            return problems.size() == before ? Optional.of(duration) : Optional.empty();
        }

        public <E extends Enum<E>> E oneOf(String key, Class<E> type) {
            return need(key)
                    .map(value -> value.asOneOf(type))
                    .orElseGet(() -> type.getEnumConstants()[0]);
        }

        public <E extends Enum<E>> E oneOf(String key, Class<E> type, E otherwise) {
            return find(key).map(value -> value.asOneOf(type)).orElse(otherwise);
        }

        /** One that must be there; empty where it isn't or is none of them, which is noted. */
        public <E extends Enum<E>> Optional<E> knownOneOf(String key, Class<E> type) {
            return need(key).flatMap(value -> value.constant(type));
        }

        /** A word that must be there; empty where it isn't or is none of these, which is noted. */
        public Optional<String> word(
                String key, List<String> known, UnaryOperator<String> unknown) {
            return need(key).flatMap(value -> value.asWord(known, unknown));
        }

        /** The items of a list that must be there. */
        public List<Entry> list(String key) {
            return need(key).map(Entry::asList).orElse(List.of());
        }

        /** The items of a list that may be absent. */
        public List<Entry> listIfAny(String key) {
            return find(key).map(Entry::asList).orElse(List.of());
        }

        /** The mappings of a list that must be there. */
        public List<Table> tables(String key) {
            return list(key).stream().map(Entry::asTable).toList();
        }

        /** The mappings of a list that may be absent. */
        public List<Table> tablesIfAny(String key) {
            return listIfAny(key).stream().map(Entry::asTable).toList();
        }

        /** A mapping that must be there; an empty one stands in for it. */
        public Table table(String key) {
            return need(key).map(Entry::asTable).orElseGet(() -> new Table(this));
        }

        public Optional<Table> tableIfAny(String key) {
            return find(key).map(Entry::asTable);
        }

        private void noteUnknownKeys() {
            for (String key : values.keySet()) {
                if (!asked.contains(key)) {
                    Entry place = keys.get(key);
                    if (place != null) {
                        place.wrong("unknown key '" + key + "'" + nearest(key, asked));
                    }
                }
            }
        }
    }

    /** A number in decimal, or a register's bits in hexadecimal with 0x. */
    private static double parsed(String text) {
        checkNumber(text);
        return text.startsWith("0x")
                ? Long.parseLong(text.substring(2), 16)
                : Double.parseDouble(text);
    }

    private static void checkNumber(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new NumberFormatException(text);
        }
    }

    /** An enumeration's constant as it is written in a file. */
    public static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String range(double low, double high) {
        String least = number(low);
        String most = number(high);
        return high == Double.MAX_VALUE ? "at least " + least : least + " to " + most;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /**
     * "; did you mean 'x'?" for the known name that differs least, or nothing where none is near.
     */
    public static String nearest(String name, Iterable<String> known) {
        String best = "";
        // A name of which nothing is left is no suggestion.
        int least = Math.min(Math.max(2, name.length() / 3) + 1, Math.max(2, name.length()));
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? "" : "; did you mean '" + best + "'?";
    }

    /** Levenshtein's distance. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int line = 1; line <= from.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column < row.length; column++) {
                int change = from.charAt(line - 1) == to.charAt(column - 1) ? 0 : 1;
                int cheapest =
                        Math.min(Math.min(row[column], row[column - 1]) + 1, diagonal + change);
                diagonal = row[column];
                row[column] = cheapest;
            }
        }
        return row[to.length()];
    }
}
