package dev.bulkhead.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A panel that asks for a name nobody publishes stays empty, and empty looks like all is well. */
final class DashboardsTest {
    private static final Path FOLDER = Path.of("../docs/how-to/grafana");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");

    /** What an InfluxQL query calls a column itself. */
    private static final Pattern ALIAS = Pattern.compile(" AS \"[^\"]+\"");

    private static final Pattern FROM = Pattern.compile("FROM \"([^\"]+)\"");
    private static final Pattern MEASUREMENT = Pattern.compile("_measurement == \"([^\"]+)\"");
    private static final Pattern FIELD = Pattern.compile("_field == \"([^\"]+)\"");
    private static final Pattern COLUMN = Pattern.compile("\\br\\.([a-z][A-Za-z]*)");
    private static final Pattern COLUMNS = Pattern.compile("columns: \\[([^]]*)]");

    private static JsonNode read(String file) throws IOException {
        return new JsonMapper().readTree(FOLDER.resolve(file).toFile());
    }

    private static List<String> queries(JsonNode dashboard) {
        var queries = new ArrayList<String>();
        for (JsonNode panel : dashboard.get("panels")) {
            assertFalse(panel.get("targets").isEmpty(), () -> panel.get("title").asText());
            panel.get("targets").forEach(target -> queries.add(target.get("query").asText()));
        }
        return queries;
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    @Test
    void everyInfluxQlPanelAsksForPublishedNamesOnly() throws IOException {
        Register register = Register.read();
        for (String query : queries(read("bulkhead-influxql.json"))) {
            String measurement = only(all(FROM, query), query);
            var names = new TreeSet<>(all(QUOTED, ALIAS.matcher(query).replaceAll("")));
            names.remove(measurement);
            expectKnown(register, measurement, names, query);
        }
    }

    @Test
    void everyFluxPanelAsksForPublishedNamesOnly() throws IOException {
        Register register = Register.read();
        for (String query : queries(read("bulkhead-flux.json"))) {
            String measurement = only(all(MEASUREMENT, query), query);
            var names = new TreeSet<>(all(FIELD, query));
            assertFalse(names.isEmpty(), query);
            names.addAll(all(COLUMN, query));
            all(COLUMNS, query).forEach(columns -> names.addAll(all(QUOTED, columns)));
            names.removeIf(name -> name.startsWith("_"));
            expectKnown(register, measurement, names, query);
        }
    }

    private static String only(List<String> measurements, String query) {
        assertEquals(1, new TreeSet<>(measurements).size(), query);
        return measurements.getFirst();
    }

    private static void expectKnown(
            Register register, String measurement, Set<String> names, String query) {
        Map<String, String> fields = register.fields().getOrDefault(measurement, Map.of());
        assertFalse(fields.isEmpty(), () -> measurement + " is not registered: " + query);
        assertTrue(
                names.stream().anyMatch(fields::containsKey),
                () -> "it asks for no field: " + query);
        var unknown = new TreeSet<>(names);
        unknown.removeAll(fields.keySet());
        unknown.removeAll(register.tags().getOrDefault(measurement, Set.of()));
        assertEquals(new TreeSet<>(), unknown, query);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bulkhead-influxql.json", "bulkhead-flux.json"})
    void siteAndRoomAreChosenFromWhatThereIs(String file) throws IOException {
        var tags = new TreeSet<String>();
        for (JsonNode variable : read(file).at("/templating/list")) {
            if (variable.get("type").asText().equals("query")) {
                tags.add(variable.get("name").asText());
                assertTrue(
                        variable.get("query")
                                .asText()
                                .contains("\"" + variable.get("name").asText() + "\""));
            }
        }
        assertEquals(new TreeSet<>(List.of("site", "room")), tags);
        assertTrue(Register.read().tagNames().containsAll(tags));
    }

    @Test
    void bothDashboardsShowTheSame() throws IOException {
        assertEquals(titles("bulkhead-influxql.json"), titles("bulkhead-flux.json"));
    }

    private static List<String> titles(String file) throws IOException {
        return read(file).get("panels").findValuesAsText("title");
    }
}
