package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.bulkhead.rules.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of plant.yaml in the docs has every key, as its reader reads it. */
class PlantKeysTest {
    private static final Path SCHEMA =
            Path.of("src/main/resources/dev/bulkhead/simulator/schemas/plant.schema.json");

    /** For which the table has a default each, in this order; the first says what is usual. */
    private static final List<String> KINDS = List.of("", "chemistry: lfp\n", "chemistry: vrla\n");

    private static final List<String> CELLS = List.of("", "like: lfp-280", "like: vrla-200");

    /** Whose strings are of such cells. */
    private static final List<Site> SITES =
            Stream.of("two-rooms", "two-rooms", "two-rooms-vrla").map(ShippedPlants::site).toList();

    static List<PlantKeys.Row> rows() {
        return PlantKeys.rows();
    }

    @Test
    void everyKeyThatIsReadStandsThereWithWhatItMayBe() throws IOException {
        var read = new TreeMap<String, String>();
        collect(JsonMapper.builder().build().readTree(Files.readString(SCHEMA)), "", read);

        assertEquals(
                read,
                rows().stream()
                        .collect(
                                Collectors.toMap(
                                        PlantKeys.Row::key,
                                        PlantKeys.Row::values,
                                        (first, _) -> first,
                                        TreeMap::new)));
    }

    private static void collect(JsonNode schema, String at, SortedMap<String, String> into) {
        schema.path("properties")
                .properties()
                .forEach(
                        key -> {
                            if (key.getValue().has("properties")) {
                                collect(key.getValue(), at + key.getKey() + ".", into);
                            } else {
                                into.put(at + key.getKey(), values(key.getValue()));
                            }
                        });
    }

    private static String values(JsonNode schema) {
        if (schema.has("enum")) {
            return StreamSupport.stream(schema.get("enum").spliterator(), false)
                    .map(JsonNode::textValue)
                    .collect(Collectors.joining(", "));
        }
        return schema.has("minimum")
                ? schema.get("minimum").asText() + " to " + schema.get("maximum").asText()
                : "";
    }

    /** Whoever writes the default of a key has the plant that leaves it out. */
    @ParameterizedTest
    @MethodSource("rows")
    void theDefaultIsWhatAFileHasThatLeavesTheKeyOut(PlantKeys.Row row) {
        if (row.usual().equals(PlantKeys.NONE)) {
            return;
        }
        List<String> usual = List.of(row.usual().split(" / "));
        boolean isKind = row.key().equals("chemistry") || row.key().equals("cells.like");
        int kinds = isKind ? 1 : KINDS.size();
        for (int kind = 0; kind < kinds; kind++) {
            String said = usual.get(Math.min(kind, usual.size() - 1));
            assertEquals(
                    plant(kind, "", ""),
                    plant(kind, row.key(), said),
                    row + " of " + KINDS.get(kind));
        }
    }

    private PlantSettings plant(int kind, String key, String value) {
        Site site = SITES.get(kind);
        var text = new StringBuilder("plant: " + site.name() + "\n").append(KINDS.get(kind));
        String cells = CELLS.get(kind);
        int point = key.indexOf('.');
        if (point < 0) {
            text.append(key.isEmpty() ? "" : key + ": " + value + "\n");
        } else if (key.startsWith("cells.")) {
            cells += (cells.isEmpty() ? "" : ", ") + key.substring(point + 1) + ": " + value;
        } else {
            text.append(key, 0, point)
                    .append(": {")
                    .append(key.substring(point + 1))
                    .append(": ")
                    .append(value)
                    .append("}\n");
        }
        text.append("cells: {").append(cells).append("}\n");
        return PlantFile.parse("plant.yaml", text.toString(), site).orElseThrow();
    }
}
