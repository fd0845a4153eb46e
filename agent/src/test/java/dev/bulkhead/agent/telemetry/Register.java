package dev.bulkhead.agent.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The published names as {@code rules/NAMES.md} registers them. */
record Register(
        Set<String> topics,
        Map<String, Set<String>> keys,
        Map<String, Set<String>> tags,
        Set<String> tagNames,
        Map<String, Map<String, String>> fields) {
    private static final Path FILE = Path.of("../rules/NAMES.md");
    private static final String TABLE = "\n\n";
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    static Register read() throws IOException {
        String text = Files.readString(FILE);
        List<List<String>> measurements =
                rows(section(text, "Measurements and tags"), "measurement");
        var tags = new TreeMap<String, Set<String>>();
        measurements.forEach(
                row ->
                        tags.put(
                                row.getFirst(),
                                new TreeSet<>(List.of(row.get(2).split(", ", -1)))));
        var keys = new TreeMap<String, Set<String>>();
        rows(section(text, "Keys of JSON messages"), "key")
                .forEach(
                        row ->
                                keys.computeIfAbsent(row.get(1), _ -> new TreeSet<>())
                                        .add(row.getFirst()));
        return new Register(
                names(rows(section(text, "Topics"), "topic")),
                keys,
                tags,
                names(rows(section(text, "Measurements and tags"), "tag")),
                fields(text, tags.keySet()));
    }

    private static Map<String, Map<String, String>> fields(String text, Set<String> measurements) {
        var fields = new TreeMap<String, Map<String, String>>();
        for (List<String> row : rows(section(text, "Roles"), "role")) {
            String[] role = row.getFirst().split("\\.", -1);
            String type =
                    switch (row.get(2)) {
                        case "number" -> "float";
                        case "flag" -> "boolean";
                        default -> "text";
                    };
            fields.computeIfAbsent(role[0], _ -> new TreeMap<>()).put(role[1], type);
        }
        for (List<String> row : rows(section(text, "Fields"), "field")) {
            for (String measurement : measurements) {
                if (isOf(row.get(1), measurement)) {
                    fields.computeIfAbsent(measurement, _ -> new TreeMap<>())
                            .put(row.getFirst(), row.get(2));
                }
            }
        }
        return fields;
    }

    private static boolean isOf(String words, String measurement) {
        return words.startsWith("all but ")
                ? !words.contains(measurement)
                : words.equals(measurement);
    }

    private static String section(String text, String title) {
        String head = "\n## " + title + "\n";
        int from = text.indexOf(head);
        if (from < 0) {
            throw new IllegalStateException("no section " + title);
        }
        int to = text.indexOf("\n## ", from + head.length());
        return text.substring(from, to < 0 ? text.length() : to);
    }

    /** The rows of the table whose first column has this head; the first cell as a bare name. */
    private static List<List<String>> rows(String section, String head) {
        return Arrays.stream(section.split(TABLE, -1))
                .filter(part -> part.strip().startsWith("| " + head + " |"))
                .flatMap(table -> table.strip().lines().skip(2))
                .map(Register::cells)
                .toList();
    }

    private static List<String> cells(String row) {
        var cells =
                Arrays.stream(row.substring(1).split("\\|", -1))
                        .map(String::strip)
                        .collect(Collectors.toList());
        var name = NAME.matcher(cells.getFirst());
        cells.set(0, name.find() ? name.group(1) : cells.getFirst());
        return cells;
    }

    private static Set<String> names(List<List<String>> rows) {
        return rows.stream().map(List::getFirst).collect(Collectors.toCollection(TreeSet::new));
    }
}
